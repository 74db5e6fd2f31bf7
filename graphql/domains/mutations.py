"""What may be done with domains."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.domains.model import Domain, DomainRecord
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.domains.challenge import Challenge
from wardship.tenants.domains.claiming import IssuedChallenge, claim_domain, release_domain, renew_claim, verify_domain
from wardship.tenants.domains.records import ClaimRecord, ClaimScope


@input_type
class ClaimDomainInput:
    """What to claim."""

    name: str = field("The domain, such as example.org.")
    scope: ClaimScope = field("How much is claimed.", default=ClaimScope.NAME)


@input_type
class DomainInput:
    """A domain that the organisation claims."""

    domain_id: UUID = id_argument("Domain", "The domain's id.")


@object_type()
class IssuedDomainPayload(Payload):
    """A domain and the record that proves it, or why the call was refused."""

    domain: ClaimRecord | None = object_field(Domain, "The domain as it is now.")
    record: Challenge | None = object_field(
        DomainRecord, "The record to place: its value is shown here and nowhere else."
    )


DomainPayload = object_payload("DomainPayload", "domain", Domain)


@strawberry.type
class DomainMutations:
    """Claimed, proven, and let go of."""

    @command()
    async def claim_domain(self, access: Access, input: ClaimDomainInput) -> IssuedDomainPayload:
        """Claim a domain, and get the record that proves it; it waits for that for a week. Needs step-up."""
        return _issued(await claim_domain(access, input.name, input.scope))

    @command()
    async def renew_domain_claim(self, access: Access, input: DomainInput) -> IssuedDomainPayload:
        """Get a new record for a domain: for a claim that waits, or to answer for one that is held. Needs step-up."""
        return _issued(await renew_claim(access, input.domain_id))

    @command(DomainPayload)
    async def verify_domain(self, access: Access, input: DomainInput) -> ClaimRecord:
        """Have the record looked for now; within moments `finding` says what was found. Needs step-up."""
        return await verify_domain(access, input.domain_id)

    @command(DomainPayload)
    async def release_domain(self, access: Access, input: DomainInput) -> ClaimRecord:
        """Let go of a domain: the next to prove it holds it. Nothing is deleted. Needs step-up."""
        return await release_domain(access, input.domain_id)


def _issued(issued: IssuedChallenge) -> IssuedDomainPayload:
    return IssuedDomainPayload(domain=issued.claim, record=issued.challenge)
