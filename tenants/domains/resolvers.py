"""Ask DNS resolvers, each by itself: what each says of one name, within a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver

from wardship.core.dns_server import DnsServer, is_address, parse_dns_server

ANSWERS_WITHIN_S: Final = 4.0
"""How long one resolver has for one question, however often it is asked again."""
_ONE_TRY_S: Final = 1.5
_UDP_SIZE: Final = 1232  # fits any path (DNS flag day 2020); what is longer comes by TCP
_MOST_RECORDS: Final = 500
_LONGEST_RECORD: Final = 4096
_FARTHEST: Final = 4


class Reply(StrEnum):
    """What kind of answer a resolver gave."""

    RECORDS = "records"
    ABSENT = "absent"
    """There is no such name, or no record of this type there."""
    FAILED = "failed"
    """It could not say: an error of its own or of the domain's servers, a refusal, or silence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one resolver says.

    Attributes:
        resolver: who says it.
        reply: of what kind it is.
        records: the texts of all records, each with its strings joined.
        is_signed: whether a validating resolver vouches for it.
        target: where an alias (CNAME) has led; empty where there was none.
        reason: in words, why there is none.
    """

    resolver: DnsServer
    reply: Reply
    records: tuple[str, ...] = ()
    is_signed: bool = False
    target: str = ""
    reason: str = ""


def configured_resolvers(servers: Sequence[str]) -> tuple[DnsServer, ...]:
    """Return the resolvers that the settings name, or else the system's."""
    named = [parse_dns_server(each) for each in servers] if servers else _of_the_system()
    return tuple({(each.address, each.port): each for each in named}.values())


def _of_the_system() -> list[DnsServer]:
    try:
        found = dns.resolver.Resolver(configure=True).nameservers
    except dns.exception.DNSException:
        return []
    return [DnsServer(each) for each in found if isinstance(each, str) and is_address(each)]


async def ask_all(resolvers: Sequence[DnsServer], name: str, kind: str = "TXT") -> list[Answer]:
    """Ask all resolvers at the same time for the records of one name; none can make it take longer than its time."""
    return list(await asyncio.gather(*(ask(each, name, kind) for each in resolvers)))


async def ask(resolver: DnsServer, name: str, kind: str = "TXT") -> Answer:
    """Ask one resolver for the records of one name; what goes wrong is an answer too.

    Aliases are followed, by the resolver or, where it leaves that to us, a few steps here.
    """
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S + 1):
            return await _follow(resolver, dns.name.from_text(name), kind)
    except (dns.exception.DNSException, OSError, TimeoutError, ValueError) as error:
        return Answer(resolver, Reply.FAILED, reason=_why(error))


async def _follow(resolver: DnsServer, name: dns.name.Name, kind: str) -> Answer:
    target, is_signed = name, True
    for _ in range(_FARTHEST):
        try:
            found = await _client(resolver).resolve(target, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN as absent:
            response: dns.message.Message = absent.kwargs["responses"][target]
            is_signed = is_signed and _is_signed(resolver, response)
            return Answer(resolver, Reply.ABSENT, (), is_signed, _shown(name, absent.canonical_name), "no such name")
        is_signed = is_signed and _is_signed(resolver, found.response)
        if found.rrset is not None:
            records = tuple(_text(each) for each in list(found.rrset)[:_MOST_RECORDS])
            return Answer(resolver, Reply.RECORDS, records, is_signed, _shown(name, found.canonical_name))
        if found.canonical_name == target:
            return Answer(resolver, Reply.ABSENT, (), is_signed, _shown(name, target), f"no {kind} record")
        target = found.canonical_name
    return Answer(resolver, Reply.FAILED, reason="aliases without an end")


def _client(resolver: DnsServer) -> dns.asyncresolver.Resolver:
    client = dns.asyncresolver.Resolver(configure=False)
    client.nameservers = [resolver.address]
    client.port = resolver.port
    client.timeout = _ONE_TRY_S
    client.lifetime = ANSWERS_WITHIN_S
    client.use_edns(0, 0, _UDP_SIZE)
    client.set_flags(dns.flags.RD | dns.flags.AD)
    return client


def _is_signed(resolver: DnsServer, response: dns.message.Message) -> bool:
    return resolver.is_validating and bool(response.flags & dns.flags.AD)


def _shown(name: dns.name.Name, target: dns.name.Name) -> str:
    return "" if target == name else target.to_text(omit_final_dot=True).lower()


def _text(record: object) -> str:
    """Return the text of a record: that of TXT with its strings joined (RFC 7208, section 3.3)."""
    strings: Sequence[bytes] | None = getattr(record, "strings", None)
    if strings is None:
        return str(record)
    return b"".join(strings)[:_LONGEST_RECORD].decode("utf-8", "replace")


def _why(error: Exception) -> str:
    match error:
        case dns.resolver.LifetimeTimeout() | TimeoutError():
            return "no answer in time"
        case dns.resolver.NoNameservers():
            codes = {str(each[3]) for each in error.kwargs.get("errors", ())}
            return f"it answered {' and '.join(sorted(codes))}" if codes else "it could not say"
        case _:
            return type(error).__name__
