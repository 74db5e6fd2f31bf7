"""A port on which anybody else listens is refused."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from bench.ports import WrongListenerError, free_port, listeners, require_only_listener

SECOND = """
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen()
print("listening", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def port():
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_only_listener_is_accepted(port):
    assert listeners(port) == {os.getpid()}
    require_only_listener(port, os.getpid())


def test_another_process_on_the_port_is_refused(port):
    with pytest.raises(WrongListenerError, match=str(os.getpid())):
        require_only_listener(port, 1)


def test_second_process_on_the_same_port_is_refused(port):
    command = [sys.executable, "-c", SECOND, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as second:  # noqa: S603 - our own lines
        assert second.stdout.readline() == b"listening\n"
        try:
            assert listeners(port) == {os.getpid(), second.pid}
            with pytest.raises(WrongListenerError, match=str(second.pid)):
                require_only_listener(port, os.getpid())
        finally:
            second.stdin.close()
            second.wait(10)


def test_nobody_listens_on_a_free_port():
    port = free_port()
    assert listeners(port) == set()
    with pytest.raises(WrongListenerError):
        require_only_listener(port, os.getpid())
