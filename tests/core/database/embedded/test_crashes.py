"""What is killed leaves no server behind, loses nothing committed, and stands in nobody's way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.core.database.embedded.conftest import processes_in
from wardship.core.database.embedded import (
    EmbeddedPostgres,
    FolderInUseError,
    StartTimeoutError,
    binaries,
    control,
    server,
)
from wardship.core.database.embedded import supervisor as supervisor_program
from wardship.core.database.embedded.account import server_account
from wardship.core.database.embedded.cluster import ENVIRONMENT, data_argument, identity

DURABLE = {"shared_buffers": "16MB"}
FAST = DURABLE | {"fsync": "off"}


def test_sole_user_killed_leaves_no_server(made, holder, running, eventually):
    sole = holder(made)
    runtime = sole.socket_dir.parent
    assert running(made) != []
    sole.kill()
    eventually(lambda: not running(made) and not runtime.exists())


def test_starter_killed_leaves_the_server_to_the_others(made, holder, started, running, eventually, psql):
    first = holder(made)
    assert first.socket_dir.is_dir()
    other = started(made)
    first.kill()
    before = running(made)
    assert psql(other, "select 1") == "1"
    other.stop()
    eventually(lambda: not running(made))
    assert before != []


def test_user_killed_leaves_the_server_to_its_starter(made, holder, started, postmaster, psql):
    starter, other = started(made), holder(made)
    assert other.socket_dir == starter.socket_dir
    first = postmaster(made)
    other.kill()
    assert psql(starter, "select 1") == "1"
    assert postmaster(made) == first


def test_server_killed_comes_back_for_its_users(made, started, postmaster, eventually, psql):
    user = started(made, DURABLE)
    psql(user, "create table kept as select 7 as value")
    killed = postmaster(made)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: psql(user, "select value from kept") == "7")
    assert postmaster(made) != killed


def test_server_killed_again_and_again_comes_back(made, started, postmaster, eventually, psql):
    user = started(made)
    for _ in range(3):
        os.kill(postmaster(made), signal.SIGKILL)
        eventually(lambda: psql(user, "select 1") == "1")


def test_start_while_the_server_recovers_waits_for_it(made, started, postmaster, running, eventually, psql):
    started(made)
    killed = postmaster(made)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: killed not in running(made))
    assert psql(started(made), "select 1") == "1"


def test_supervisor_killed_takes_the_server_along(made, started, supervisor, running, eventually, psql):
    user = started(made, DURABLE)
    psql(user, "create table kept as select 7 as value")
    os.kill(supervisor(made), signal.SIGKILL)
    eventually(lambda: not running(made))
    assert psql(started(made, DURABLE), "select value from kept") == "7"


def test_start_never_comes_beside_a_server_that_is_still_ending(made, started, postmaster, supervisor, psql):
    started(made)
    ending, keeper = postmaster(made), supervisor(made)
    os.kill(ending, signal.SIGSTOP)
    os.kill(keeper, signal.SIGKILL)
    with pytest.raises(StartTimeoutError):
        EmbeddedPostgres.start(made, settings=FAST, timeout_seconds=0.3)
    assert postmaster(made) == ending
    os.kill(ending, signal.SIGCONT)
    assert psql(started(made), "select 1") == "1"
    assert postmaster(made) != ending


def test_without_a_death_signal_a_shell_takes_the_server_along(
    made, started, supervisor, running, eventually, psql, monkeypatch
):
    monkeypatch.setattr(server, "_HAS_DEATH_SIGNAL", False)
    started(made)
    os.kill(supervisor(made), signal.SIGKILL)
    eventually(lambda: not running(made))
    assert psql(started(made), "select 1") == "1"


def test_without_a_death_signal_the_last_user_ends_all(made, started, running, monkeypatch):
    monkeypatch.setattr(server, "_HAS_DEATH_SIGNAL", False)
    started(made).stop()
    assert running(made) == []


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_supervisor_outlives_the_signals_of_a_terminal(made, started, supervisor, psql, order):
    user = started(made)
    os.kill(supervisor(made), order)
    assert psql(user, "select 1") == "1"


def test_server_that_has_hardly_begun_is_ended_at_once(short_folder, eventually):
    """It has no signal handlers yet: a program without any stands for it."""
    cluster, place = short_folder / "cluster", short_folder / "runtime"
    cluster.mkdir()
    place.mkdir()
    with (short_folder / "lock").open("w") as lock, control.listen(place / "control") as listener:
        user = control.connect(place / "control")
        plan = {
            "command": ["/bin/sleep", "600"], "cluster": str(cluster), "environment": {}, "identity": {},
            "lock": lock.fileno(), "listener": listener.fileno(), "runtime": str(place),
            "record": str(short_folder / "record"), "has_death_signal": True,
        }  # fmt: skip
        command = [sys.executable, "-I", "-S", supervisor_program.__file__, json.dumps(plan)]
        subprocess.run(command, pass_fds=(lock.fileno(), listener.fileno()), check=True)  # noqa: S603 - our own program
    eventually(lambda: processes_in(short_folder))
    user.abandon()
    eventually(lambda: not processes_in(short_folder) and not place.exists())


def test_server_that_was_told_to_end_stays_ended(made, started, postmaster, running, eventually, psql):
    user = started(made)
    os.kill(postmaster(made), signal.SIGTERM)
    eventually(lambda: not running(made))
    eventually(lambda: not user.socket_dir.exists())
    assert psql(started(made), "select 1") == "1"


def test_all_killed_at_once_loses_nothing_committed(made, holder, started, crash, psql):
    first = holder(made, DURABLE)
    user = started(made, DURABLE)
    psql(user, "create table kept as select n from generate_series(1, 1000) n")
    first.process.send_signal(signal.SIGSTOP)
    crash(made)
    first.kill()
    again = started(made, DURABLE)
    assert psql(again, "select count(*), sum(n) from kept") == "1000|500500"
    assert again.socket_dir != user.socket_dir
    assert not user.socket_dir.exists()


def test_starter_killed_at_initdb_leaves_nothing_and_the_next_start_makes_it(
    tmp_path, holder, started, running, eventually, psql
):
    hasty = holder(tmp_path)
    eventually((tmp_path / "cluster.new").exists)
    hasty.kill()
    assert psql(started(tmp_path), "select 1") == "1"
    assert not (tmp_path / "cluster.new").exists()
    assert (tmp_path / "provisioned").exists()
    assert len(running(tmp_path)) > 1


def test_roles_missing_after_a_kill_are_made_by_the_next_start(made, started, psql):
    first = started(made)
    psql(first, "drop database wardship", database="postgres")
    psql(first, "drop role wardship_serve", database="postgres")
    first.stop()
    (made / "provisioned").unlink()
    assert psql(started(made), "select current_user", role="wardship_serve") == "wardship_serve"


def test_mark_of_a_dead_server_with_a_reused_number_is_cleared(made, started, psql):
    started(made).stop()
    mark = made / "cluster" / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{made}\n1700000000\n5432\n/nowhere\n\n\nready\n")
    mark.chmod(0o644)
    assert psql(started(made), "select 1") == "1"


def test_server_started_by_hand_is_left_alone(made, short_folder, started, running, eventually):
    started(made).stop()
    cluster = made / "cluster"
    account = server_account(cluster)
    os.chown(short_folder, account.uid, account.gid)
    by_hand = subprocess.Popen(  # noqa: S603 - the test's own command
        [binaries.bin_folder() / "postgres", "-D", data_argument(cluster, account), "-c", "listen_addresses=",
         "-c", f"unix_socket_directories={short_folder}"],
        cwd=cluster, env=ENVIRONMENT, stderr=subprocess.DEVNULL, **identity(account),
    )  # fmt: skip
    try:
        eventually((cluster / "postmaster.pid").exists)
        with pytest.raises(FolderInUseError, match=str(by_hand.pid)):
            EmbeddedPostgres.start(made)
        assert by_hand.poll() is None
        assert (cluster / "postmaster.pid").exists()
    finally:
        by_hand.send_signal(signal.SIGINT)
        by_hand.wait(30)
    assert running(made) == []
