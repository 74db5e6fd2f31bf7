"""A DNS resolver on loopback, made with dnspython, that answers as a test says: over UDP, and over TCP what is long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

_LONGEST_UDP = 1232
_TTL = 60
_MOST_TRIES = 20


@dataclass
class DnsFake:
    """A running resolver.

    Attributes:
        texts: the TXT records by name, each as one string or as its strings.
        aliases: CNAME records by name; ``*.name`` is one for every name below.
        mail: the MX records by name.
        addresses: A and AAAA records by name: what is answered first, then next, the last for all further questions of
            that type. Nothing of it may be kept (TTL 0).
        rcode: what every question is answered with, in place of being looked up.
        is_silent: nothing is answered.
        is_signed: answers carry AD.
        leaves_aliases: an alias is answered alone, and not followed.
        asked: names and types that were asked for, in order.
        over_tcp: how many questions came by TCP.
    """

    port: int = 0
    texts: dict[str, list[str | tuple[str, ...]]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    mail: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    is_silent: bool = False
    is_signed: bool = False
    leaves_aliases: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    over_tcp: int = 0

    @property
    def server(self) -> str:
        """How the settings name it."""
        return f"127.0.0.1:{self.port}"

    def place(self, name: str, *values: str | tuple[str, ...]) -> None:
        """Let a name have these TXT records, besides those that it has."""
        self.texts.setdefault(name, []).extend(values)

    def remove(self, name: str) -> None:
        """Take a name's TXT records away."""
        self.texts.pop(name, None)

    def respond(self, wire: bytes) -> dns.message.Message | None:
        """Return the answer to a question; None for silence."""
        query = dns.message.from_wire(wire)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype)))
        if self.is_silent:
            return None
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(self.rcode)
        if self.is_signed:
            response.flags |= dns.flags.AD
        if self.rcode == dns.rcode.NOERROR:
            self._look_up(response, name, question.rdtype)
        return response

    def _look_up(self, response: dns.message.Message, name: str, kind: dns.rdatatype.RdataType) -> None:
        while (target := self._alias(name)) is not None:
            response.answer.append(dns.rrset.from_text(f"{name}.", _TTL, "IN", "CNAME", f"{target}."))
            name = target
            if self.leaves_aliases:
                return
        if name in self.addresses:
            self._place_addresses(response, name, kind)
            return
        records: Mapping[str, list[str]] = {
            key: [" ".join(f'"{one}"' for one in ([value] if isinstance(value, str) else value)) for value in values]
            for key, values in self.texts.items()
        }
        found = (records if kind == dns.rdatatype.TXT else self.mail).get(name, [])
        if found:
            response.answer.append(dns.rrset.from_text(f"{name}.", _TTL, "IN", kind, *found))
        elif name not in self.texts and name not in self.mail:
            response.set_rcode(dns.rcode.NXDOMAIN)

    def _place_addresses(self, response: dns.message.Message, name: str, kind: dns.rdatatype.RdataType) -> None:
        times = sum(1 for asked in self.asked if asked == (name, dns.rdatatype.to_text(kind)))
        answers = self.addresses[name]
        found = answers[min(times, len(answers)) - 1]
        fit = [text for text in found if (":" in text) is (kind == dns.rdatatype.AAAA)]
        if fit and kind in {dns.rdatatype.A, dns.rdatatype.AAAA}:
            response.answer.append(dns.rrset.from_text(f"{name}.", 0, "IN", kind, *fit))

    def _alias(self, name: str) -> str | None:
        _, _, below = name.partition(".")
        return self.aliases.get(name, self.aliases.get(f"*.{below}") if name not in self.texts else None)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, fake: DnsFake) -> None:
        self._fake = fake

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        response = self._fake.respond(data)
        if response is None:
            return
        wire = response.to_wire(max_size=65535)
        if len(wire) > _LONGEST_UDP:
            response.answer.clear()
            response.flags |= dns.flags.TC
            wire = response.to_wire()
        self._transport.sendto(wire, addr)


@asynccontextmanager
async def serving_dns() -> AsyncIterator[DnsFake]:
    """Serve a resolver for as long as the context lasts."""
    fake = DnsFake()

    async def over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2))
        response = fake.respond(await reader.readexactly(size))
        fake.over_tcp += 1
        if response is not None:
            wire = response.to_wire(max_size=65535)
            writer.write(len(wire).to_bytes(2) + wire)
            await writer.drain()
        writer.close()

    server, transport = await _listen(fake, over_tcp)
    try:
        yield fake
    finally:
        transport.close()
        server.close()


async def _listen(
    fake: DnsFake, over_tcp: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> tuple[asyncio.Server, asyncio.DatagramTransport]:
    """Listen at one port over TCP and UDP: the system gives one that is free for TCP, and perhaps not for UDP."""
    loop = asyncio.get_running_loop()
    for _ in range(_MOST_TRIES):
        server = await asyncio.start_server(over_tcp, "127.0.0.1", 0)
        fake.port = server.sockets[0].getsockname()[1]
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(fake), local_addr=("127.0.0.1", fake.port)
            )
        except OSError:
            server.close()
            await server.wait_closed()
        else:
            return server, transport
    raise AssertionError("no port is free for both")
