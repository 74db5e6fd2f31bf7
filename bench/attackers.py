"""Attackers, in a process of their own: `python -m bench.attackers flood|crowd|heads PORT …`, till their input ends."""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from bench.load import post
from bench.place import ROOT, clean_environment

ADDRESSES: Final = 300
CONNECTIONS: Final = 2_000
HEAD_MIB: Final = 64
_SENDERS: Final = 60
_PAUSE_S: Final = 0.2
_AGAIN_S: Final = 1.0
_READY: Final = "attacking"
_OK: Final = b"HTTP/1.1 200"


@contextmanager
def attacking(kind: str, port: int, *more: int) -> Iterator[list[int]]:
    """Attack while the context lasts; the list holds afterwards how many times it was tried in vain."""
    command = [sys.executable, "-m", "bench.attackers", kind, str(port), *map(str, more)]
    found: list[int] = []
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin  # noqa: S101 - both are pipes
        assert process.stdout  # noqa: S101 - as above
        process.stdout.readline()
        yield found
        process.stdin.close()
        found.append(int(process.stdout.readline() or 0))


def flood(port: int, over: threading.Event, networks: int = 1) -> int:
    """Send new documents from 300 addresses, each with a credential that was made up; return how many were refused."""
    return asyncio.run(_flooded(port, networks, over))


async def _flooded(port: int, networks: int, over: threading.Event) -> int:
    return sum(await asyncio.gather(*(_flood(port, networks, number, over) for number in range(_SENDERS))))


async def _flood(port: int, networks: int, first: int, over: threading.Event) -> int:
    refused = 0
    for number in itertools.count(first, _SENDERS):
        if over.is_set():
            break
        address = f"2001:db8:0:{number % networks:x}::{number % ADDRESSES:x}"
        headers = {"X-Forwarded-For": address, "Authorization": f"Bearer wsp_{number}"}
        with suppress(OSError, asyncio.IncompleteReadError):
            refused += not (await ask(port, document(port, headers, f"flood{number}"))).startswith(_OK)
    return refused


def crowd(port: int, over: threading.Event) -> int:
    """Keep 2,000 connections open that say nothing, each opened again when it was closed; return how many were."""
    again, (soft, hard) = 0, resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2 * CONNECTIONS)), hard))
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(CONNECTIONS)]
        while not over.wait(_AGAIN_S):
            for number, one in enumerate(held):
                one.setblocking(False)
                with suppress(BlockingIOError):
                    with suppress(ConnectionError):
                        one.recv(100)
                    one.close()
                    held[number] = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                    again += 1
    return again


def heads(port: int, over: threading.Event) -> int:
    """Send headers of 64 MiB; return how many were cut off."""
    part, cut = b"x" * 1024 * 1024, 0
    while not over.wait(_PAUSE_S):
        try:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
                for _ in range(HEAD_MIB):
                    client.sendall(part)
        except OSError:
            cut += 1
    return cut


def document(port: int, headers: dict[str, str], name: str) -> bytes:
    """Return a request with a document of its own."""
    fields = " ".join(f"{name}x{place}: __typename" for place in range(5))
    return post(port, "/graphql", json.dumps({"query": f"{{ {fields} }}"}).encode(), headers)


async def ask(port: int, message: bytes) -> bytes:
    """Send a request on a connection of its own, and return the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(message)
        return await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


_KINDS: Final[dict[str, Callable[..., int]]] = {"flood": flood, "crowd": crowd, "heads": heads}


def main(kind: str, port: int, *more: int) -> None:
    """Attack until the input ends; print that it began, and the count."""
    over = threading.Event()
    threading.Thread(target=_end_with_input, args=[over], daemon=True).start()
    print(_READY, flush=True)
    print(_KINDS[kind](port, over, *more), flush=True)


def _end_with_input(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
