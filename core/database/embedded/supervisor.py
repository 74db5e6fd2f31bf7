"""The program that stands between PostgreSQL and the processes that use it; it runs alone, by its path.

Each user of the server holds a connection to the control socket. The kernel closes it when the process ends, however it
ends, and when the last is closed the server is shut down. Should the supervisor itself be killed, the kernel (elsewhere
than on Linux: a waiting shell) asks the server to shut down. A server that crashes is started again. It uses the
standard library only, so that it starts in a few hundredths of a second and stays small.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, TypedDict

READY: Final = b"ready\n"
_PR_SET_PDEATHSIG: Final = 1
_OURS_TO_IGNORE: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS: Final = 0.01
_FIRST_PAUSE_SECONDS: Final = 0.25
_LONGEST_PAUSE_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 600
_PATIENCE_CRASHES: Final = 20
_FAST_SHUTDOWN_SECONDS: Final = 60
_IMMEDIATE_SHUTDOWN_SECONDS: Final = 10


class Identity(TypedDict, total=False):
    """The `subprocess` arguments that make a child run as an account, with none of root's groups."""

    user: int
    group: int
    extra_groups: list[int]


class Plan(TypedDict):
    """What the starter hands over: command, surroundings, open descriptors, and what to remove at the end."""

    command: list[str]
    cluster: str
    environment: dict[str, str]
    identity: Identity
    lock: int
    listener: int
    runtime: str
    record: str
    has_death_signal: bool


class Supervisor:
    """One server, its users, and what binds them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._runtime = Path(plan["runtime"])
        self._listener = socket.socket(fileno=plan["listener"])
        self._children, child_signal = socket.socketpair()
        self._users: set[socket.socket] = set()
        self._parting: list[socket.socket] = []
        self._crashes: list[float] = []
        self._restart_at: float | None = None
        self._is_ready = False
        self._watchdog: subprocess.Popen[bytes] | None = None
        child_signal.setblocking(False)
        signal.set_wakeup_fd(child_signal.fileno(), warn_on_full_buffer=False)
        self._child_signal = child_signal
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._children, selectors.EVENT_READ)
        self._libc = ctypes.CDLL(None) if plan["has_death_signal"] else None

    def run(self) -> int:
        """Serve until the last user has gone or the server can't go on; return the exit status."""
        self._admit()
        self._server = self._launch()
        while self._users and self._is_worth_waiting():
            self._handle_events()
        return self._shut_down()

    def _is_worth_waiting(self) -> bool:
        """Look after the server: greet its users once it is ready, start it again when it has crashed."""
        if self._server.poll() is None:
            if not self._is_ready:
                self._announce()
            return True
        if self._restart_at is None:
            return self._plan_restart()
        if time.monotonic() >= self._restart_at:
            self._restart_at = None
            try:
                self._server = self._launch()
            except OSError:
                return False
        return True

    def _handle_events(self) -> None:
        for key, _ in self._selector.select(None if self._is_ready else _POLL_SECONDS):
            if key.fileobj is self._listener:
                self._admit()
            elif key.fileobj is self._children:
                self._children.recv(4096)
            elif isinstance(key.fileobj, socket.socket):
                self._release(key.fileobj)

    def _admit(self) -> None:
        user, _ = self._listener.accept()
        self._users.add(user)
        self._selector.register(user, selectors.EVENT_READ)
        if self._is_ready and self._server.poll() is None:
            self._greet(user)

    def _release(self, user: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if user.recv(4096):
                return
        self._selector.unregister(user)
        self._users.remove(user)
        if self._users:
            user.close()
        else:
            # Who leaves last waits on this connection until the server is gone; it closes when we end.
            self._parting.append(user)

    def _greet(self, user: socket.socket) -> None:
        with contextlib.suppress(OSError):
            user.sendall(READY)

    def _announce(self) -> None:
        if not self._accepts_connections():
            return
        self._is_ready = True
        for user in self._users:
            self._greet(user)

    def _accepts_connections(self) -> bool:
        try:
            descriptor = os.open(Path(self._plan["cluster"], "postmaster.pid"), os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return False
        with os.fdopen(descriptor, "rb") as file:
            lines = [line.strip() for line in file.read(4096).splitlines()]
        return lines[:1] == [b"%d" % self._server.pid] and lines[7:8] == [b"ready"]

    def _plan_restart(self) -> bool:
        """Set the moment of the next start; false when the server ended in order, never ran, or crashes too often.

        The pauses grow: what a killed server left behind may take a while to end, and until then it can't start.
        """
        has_run = self._is_ready or bool(self._crashes)
        now = time.monotonic()
        self._is_ready = False
        self._crashes = [*(at for at in self._crashes if now - at < _PATIENCE_SECONDS), now]
        self._restart_at = now + min(_FIRST_PAUSE_SECONDS * 2.0 ** (len(self._crashes) - 1), _LONGEST_PAUSE_SECONDS)
        return self._server.returncode != 0 and has_run and len(self._crashes) <= _PATIENCE_CRASHES

    def _launch(self) -> subprocess.Popen[bytes]:
        plan, parent = self._plan, os.getpid()

        def die_with_parent() -> None:
            # What we ignore a program would ignore too until it has handlers of its own, and an early order be lost.
            for number in _OURS_TO_IGNORE:
                signal.signal(number, signal.SIG_DFL)
            if self._libc is not None:
                self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
                if os.getppid() != parent:
                    os._exit(1)

        server = subprocess.Popen(  # noqa: S603 the command is our starter's
            plan["command"],
            cwd=plan["cluster"],
            env=plan["environment"],
            stdin=subprocess.DEVNULL,
            pass_fds=(plan["lock"],),
            preexec_fn=die_with_parent,  # noqa: PLW1509 this program has one thread
            **plan["identity"],
        )
        if self._libc is None:
            self._watch(server.pid)
        return server

    def _watch(self, server: int) -> None:
        """Start a shell that asks the server to shut down when our end of its input closes, which our death does."""
        self._end_watch()
        script = 'read -r _ || kill -INT "$0"'
        self._watchdog = subprocess.Popen(  # noqa: S603 constant script
            ["/bin/sh", "-c", script, str(server)],
            env=self._plan["environment"],
            stdin=subprocess.PIPE,
            **self._plan["identity"],
        )

    def _end_watch(self) -> None:
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.communicate()
            self._watchdog = None

    def _shut_down(self) -> int:
        self._listener.close()
        (self._runtime / "control").unlink(missing_ok=True)
        self._end_watch()
        waits = (_FAST_SHUTDOWN_SECONDS, _IMMEDIATE_SHUTDOWN_SECONDS, None)
        for order, seconds in zip((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), waits, strict=True):
            if self._server.poll() is None:
                self._server.send_signal(order)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._server.wait(seconds)
        shutil.rmtree(self._runtime, ignore_errors=True)
        Path(self._plan["record"]).unlink(missing_ok=True)
        return self._server.returncode


def main() -> int:
    """Read the plan from the command line and carry it out as a process of its own."""
    plan: Plan = json.loads(sys.argv[1])
    if os.fork() != 0:
        # The starter waits for this process only; the supervisor proper belongs to nobody's child list.
        return 0
    for number in _OURS_TO_IGNORE:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    os.chdir("/")
    # Cleaners of temporary folders (systemd-tmpfiles) leave alone what is locked.
    runtime = os.open(plan["runtime"], os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(runtime, fcntl.LOCK_SH)
    return Supervisor(plan).run()


if __name__ == "__main__":
    raise SystemExit(main())
