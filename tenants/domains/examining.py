"""What the DNS says of a domain, for an operator who wonders why a proof is not found: no claim is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardship.core.dns_server import DnsServer
from wardship.core.settings import Settings
from wardship.tenants.domains.challenge import PREFIX, plain_value, record_digest
from wardship.tenants.domains.names import DomainRefusedError, canonical_domain, claimable_domain
from wardship.tenants.domains.proof import judge
from wardship.tenants.domains.records import ClaimScope, Finding, record_name
from wardship.tenants.domains.resolvers import Answer, ask_all, configured_resolvers


@dataclass(frozen=True, slots=True)
class ExaminedRecord:
    """What is found where the record of one kind of claim stands.

    Attributes:
        scope: of such a claim.
        name: where its record stands.
        answers: what each resolver says.
        finding: what follows for a claim with one of the records that are there.
    """

    scope: ClaimScope
    name: str
    answers: tuple[Answer, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class ExaminedDomain:
    """A domain as the resolvers see it.

    Attributes:
        name: in canonical form.
        refusal: why no organisation may claim it; empty where one may.
        resolvers: who was asked.
        records: for each kind of claim.
    """

    name: str
    refusal: str
    resolvers: tuple[DnsServer, ...]
    records: tuple[ExaminedRecord, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the resolvers can tell what is there and what is not."""
        return all(each.finding not in {Finding.OUTAGE, Finding.UNCLEAR} for each in self.records)


async def examine_domain(settings: Settings, text: str) -> ExaminedDomain:
    """Ask every resolver that proofs are asked of for the records of a domain.

    Raises:
        InvalidDomainError: no such domain can be registered.
    """
    name = canonical_domain(text)
    resolvers = configured_resolvers(settings.dns_servers)
    records = [await _examine(resolvers, name, scope) for scope in ClaimScope]
    return ExaminedDomain(name, _refusal(name, settings), resolvers, tuple(records))


async def _examine(resolvers: Sequence[DnsServer], name: str, scope: ClaimScope) -> ExaminedRecord:
    place = record_name(name, scope)
    answers = await ask_all(resolvers, place)
    ours = {text for each in answers for text in each.records if plain_value(text).startswith(PREFIX)}
    look = await judge(resolvers, name, answers, [record_digest(text) for text in sorted(ours)])
    return ExaminedRecord(scope, place, look.answers, look.finding)


def _refusal(name: str, settings: Settings) -> str:
    try:
        claimable_domain(name, settings)
    except DomainRefusedError as error:
        return error.message
    return ""
