"""Which processes listen on a port: a forgotten server there would be measured in place of the right one."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

_LISTENS = "0A"
_STATE, _ADDRESS, _INODE = 3, 1, 9


class WrongListenerError(RuntimeError):
    """Another number of processes than one, or another process than the right one, listens on the port."""


def free_port() -> int:
    """Return a port of the loopback on which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listeners(port: int) -> set[int]:
    """Return the pids of the processes that listen on a TCP port, on any address."""
    wanted = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _inodes(table, port)}
    return {pid for pid in _pids() if wanted & _open_sockets(pid)} if wanted else set()


def require_only_listener(port: int, pid: int) -> None:
    """Refuse to measure unless this process listens on the port, and no other.

    Raises:
        WrongListenerError: naming those who do.
    """
    found = listeners(port)
    if found != {pid}:
        raise WrongListenerError(f"Process {pid} alone should listen on port {port}; there listen: {sorted(found)}.")


def _inodes(table: str, port: int) -> set[str]:
    path = Path("/proc/net") / table
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    rows = [line.split() for line in lines]
    ending = f":{port:04X}"
    return {row[_INODE] for row in rows if row[_STATE] == _LISTENS and row[_ADDRESS].endswith(ending)}


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _open_sockets(pid: int) -> set[str]:
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return set()
    return {target for link in links if (target := _target(link)).startswith("socket:")}


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
