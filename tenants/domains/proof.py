"""What the answers of several resolvers prove together: that a record is there, that it is not, or neither."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from wardship.core.dns_server import DnsServer
from wardship.tenants.domains.challenge import record_digest, sibling_name
from wardship.tenants.domains.names import is_below_shared_host
from wardship.tenants.domains.records import ClaimScope, Finding, record_name
from wardship.tenants.domains.resolvers import Answer, Reply, ask_all

AGREEING: Final = 2
"""How many resolvers have to say the same, where none vouches for a signature."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look into the DNS for the record of a claim.

    Attributes:
        finding: what it has found.
        found: which of the wanted digests is there, for what is proven.
        answers: what each resolver said of the record.
    """

    finding: Finding
    found: bytes | None
    answers: tuple[Answer, ...]


def can_agree(resolvers: Sequence[DnsServer]) -> bool:
    """Return whether these resolvers can prove anything: two of them, or one that vouches for signatures."""
    return len(resolvers) >= AGREEING or any(each.is_validating for each in resolvers)


async def look_up_proof(resolvers: Sequence[DnsServer], name: str, scope: ClaimScope, wanted: Sequence[bytes]) -> Look:
    """Look for the record of a claim.

    Args:
        resolvers: who is asked, each by itself.
        name: the domain in canonical form.
        scope: how much is claimed.
        wanted: digests of values that prove it, the best first.
    """
    return await judge(resolvers, name, await ask_all(resolvers, record_name(name, scope)), wanted)


async def judge(resolvers: Sequence[DnsServer], name: str, answers: Sequence[Answer], wanted: Sequence[bytes]) -> Look:
    """Return what the answers to the question for a claim's record prove; see ``look_up_proof``."""
    for digest in wanted:
        if _is_agreed(answers, [_holds(each, digest) for each in answers]):
            finding = await _reservation(resolvers, name, answers)
            return Look(finding or Finding.PROVEN, None if finding else digest, tuple(answers))
    return Look(_without(answers, wanted), None, tuple(answers))


async def _reservation(resolvers: Sequence[DnsServer], name: str, answers: Sequence[Answer]) -> Finding | None:
    """Return why a record that is there proves nothing; None where it does.

    An alias for every name, such as those of shared hosts, is none of this name's. Where names below the domain's own
    parent are given to everybody, one that takes no mail has no addresses.
    """
    targets = {each.target for each in answers if each.target}
    if targets:
        beside = await ask_all(resolvers, sibling_name(name))
        if any(each.target in targets or each.reply is Reply.RECORDS for each in beside):
            return Finding.WILDCARD
    if is_below_shared_host(name):
        mail = await ask_all(resolvers, name, "MX")
        if not _is_agreed(mail, [each.reply is Reply.RECORDS and each.records != ("0 .",) for each in mail]):
            return Finding.NO_MAIL
    return None


def _without(answers: Sequence[Answer], wanted: Collection[bytes]) -> Finding:
    """Return what it means that no value was agreed upon."""
    if all(each.reply is Reply.FAILED for each in answers):
        return Finding.OUTAGE
    is_missing = [each.reply is not Reply.FAILED and not any(_holds(each, one) for one in wanted) for each in answers]
    return Finding.ABSENT if _is_agreed(answers, is_missing) else Finding.UNCLEAR


def _is_agreed(answers: Sequence[Answer], says: Sequence[bool]) -> bool:
    """Return whether enough resolvers say it, and none that could tell says otherwise."""
    told = [(answer, said) for answer, said in zip(answers, says, strict=True) if answer.reply is not Reply.FAILED]
    if not all(said for _, said in told):
        return False
    return len(told) >= AGREEING or any(answer.is_signed for answer, _ in told)


def _holds(answer: Answer, digest: bytes) -> bool:
    return any(record_digest(each) == digest for each in answer.records)
