"""Members who write without pause, and remember what the server acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx2

from tests.app.programs import CREATE_POST, until


class Writers:
    """Posts from several threads; ``acknowledged`` holds the bodies whose creation was answered with success."""

    def __init__(self, port: int, headers: Mapping[str, str], group: str, label: str) -> None:
        self.acknowledged: list[str] = []
        self._stopping = threading.Event()
        self._target = (f"http://127.0.0.1:{port}", dict(headers), group, label)
        self._threads = [threading.Thread(target=self._write, args=(number,), daemon=True) for number in range(3)]

    def _write(self, number: int) -> None:
        url, headers, group, label = self._target
        with httpx2.Client(base_url=url, headers=headers, timeout=10) as client:
            written = 0
            while not self._stopping.is_set():
                written += 1
                body = f"{label}, writer {number}, {written}"
                asked = {"query": CREATE_POST, "variables": {"input": {"groupId": group, "source": body}}}
                try:
                    answer = client.post("/graphql", json=asked)
                except httpx2.TransportError:
                    self._stopping.wait(0.05)
                    continue
                if answer.status_code == 200 and "errors" not in (told := answer.json()):
                    assert told["data"]["createPost"]["errors"] == []
                    self.acknowledged.append(body)

    def wait_for(self, count: int) -> None:
        """Wait until so many more writes were acknowledged."""
        wanted = len(self.acknowledged) + count
        until(lambda: len(self.acknowledged) >= wanted)

    @contextmanager
    def writing(self) -> Iterator[Writers]:
        """Write for as long as the context lasts."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stopping.set()
            for thread in self._threads:
                thread.join(20)
