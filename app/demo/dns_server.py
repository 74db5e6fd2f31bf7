"""Resolvers on loopback, for the demonstration: they know the TXT records that were placed, and nothing else."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_TTL_S = 60


@dataclass(slots=True)
class Resolvers:
    """Two resolvers that agree.

    Attributes:
        servers: how the settings name them.
        records: by name, the text that its record holds.
    """

    servers: list[str] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)

    def respond(self, question: bytes) -> bytes:
        """Return the answer to a question, both as they are sent."""
        query = dns.message.from_wire(question)
        response = dns.message.make_response(query, recursion_available=True)
        asked = query.question[0]
        text = self.records.get(asked.name.to_text(omit_final_dot=True).lower())
        if text is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.TXT:
            response.answer.append(dns.rrset.from_text(asked.name, _TTL_S, "IN", "TXT", f'"{text}"'))
        return response.to_wire()


@contextmanager
def serving_resolvers() -> Iterator[Resolvers]:
    """Serve two resolvers for as long as the context lasts."""
    resolvers = Resolvers()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            datagram, socket = self.request
            socket.sendto(resolvers.respond(datagram), self.client_address)

    servers: list[Any] = [socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        resolvers.servers.append(f"127.0.0.1:{server.server_address[1]}")
    try:
        yield resolvers
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
