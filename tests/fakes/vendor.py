"""Starts the strict vendor as a process of its own and speaks to its controls."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.vendor_server import TOKEN


@dataclass(frozen=True)
class Vendor:
    """A running vendor, with the settings by which ``vendor_plugin`` reaches it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_settings(self) -> dict[str, object]:
        return {"server_url": self.url}

    @property
    def secrets(self) -> dict[str, str]:
        return {"token": TOKEN}

    def counts(self) -> dict[str, Any]:
        return json.loads(self._control("GET", "counts"))

    def behave(self, *told: dict[str, Any]) -> None:
        """Tell it what to do to the next calls, one entry for each."""
        self._control("POST", "behaviour", json.dumps(told).encode())

    def reset(self) -> None:
        self._control("POST", "reset")

    def _control(self, method: str, what: str, body: bytes = b"") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, f"/control/{what}", body)
            return connection.getresponse().read()
        finally:
            connection.close()


@contextmanager
def running_vendor() -> Iterator[Vendor]:
    """Run the vendor until the context ends; it also ends when this process dies, since its standard input closes."""
    command = [sys.executable, str(Path(__file__).with_name("vendor_server.py"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own script
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Vendor(int(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
