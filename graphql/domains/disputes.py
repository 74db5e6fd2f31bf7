"""Disputes of domains, as the provider's operators see and decide them, and what organisations say in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field, object_payload
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.domains.model import Domain
from wardship.graphql.engine import Connection, field, root_field
from wardship.tenants.access import Access
from wardship.tenants.domains.disputes import (
    DisputeRecord,
    ExaminedDispute,
    decide_dispute,
    examine_dispute,
    list_disputes,
)
from wardship.tenants.domains.disputes import DisputeSide as Side
from wardship.tenants.domains.evidence import EvidenceRecord, add_evidence
from wardship.tenants.domains.records import ClaimRecord, Finding


@object_type(DisputeRecord)
class DomainDispute:
    """A domain that two organisations have proven; who they are is shown while it is examined."""

    id: strawberry.ID = global_id_field("DomainDispute", "Opaque identifier, with which it is examined and decided.")
    created_at: datetime = field("When the claim was made that is disputed.")
    name: str = field("The domain in the letters of the DNS.")
    display_name: str = field("The domain as people of its script read it.", source="shown_name")
    state_since: datetime = field("Since when it is disputed.")
    state_until: datetime | None = field("When the clock ends it, and the holder stays.")
    examined_until: datetime | None = field("Until when both sides are looked at; null where nobody has asked to.")


@object_type(EvidenceRecord)
class DomainEvidence:
    """What an organisation says in a dispute."""

    created_at: datetime = field("When.")
    text: str = field("As it was written.")


@object_type(Side)
class DomainDisputeSide:
    """One of both organisations in a dispute, while it is examined."""

    organisation: str = field("Its short name.")
    organisation_name: str = field("Its name.")
    is_holder: bool = field("Whether it holds the domain.")
    held_name: str = field("The domain that it has claimed: the one in dispute, or one above.")
    proven_at: datetime | None = field("When its record was found last.")
    finding: Finding | None = field("What the last look into the DNS has found.")
    checked_at: datetime | None = field("When that was.")
    evidence: list[DomainEvidence] = field("What it says, the oldest first.", cost=1, size=20)


@object_type()
class ExaminedDisputePayload(Payload):
    """A dispute and both sides, or why the call was refused."""

    dispute: DisputeRecord | None = object_field(DomainDispute, "The dispute as it is now.")
    sides: Sequence[Side] = field(
        "Both sides.", cost=1, size=2, default_factory=list, graphql_type=list[DomainDisputeSide]
    )


@input_type
class AddDomainEvidenceInput:
    """What your organisation says in a dispute of a domain."""

    domain_id: UUID = id_argument("Domain", "Your own claim of the domain.")
    text: str = field("Why the domain is yours; read by the provider alone.")


@input_type
class ExamineDomainDisputeInput:
    """A dispute to be looked at."""

    dispute_id: UUID = id_argument("DomainDispute", "The dispute's id.")
    reason: str = field("Why; both organisations read it.")


@input_type
class DecideDomainDisputeInput:
    """Whose the domain is."""

    dispute_id: UUID = id_argument("DomainDispute", "The dispute's id.")
    is_claimants: bool = field("Whether it passes to who has claimed it; else it stays with its holder.")
    reason: str = field("Why; both organisations read it.")


EvidencePayload = object_payload("DomainEvidencePayload", "domain", Domain)
DisputePayload = object_payload("DomainDisputePayload", "dispute", DomainDispute)


@strawberry.type
class DisputeQueries:
    """Disputes in lists."""

    @root_field(cost=3)
    async def domain_disputes(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[DomainDispute]:
        """Domains that two organisations have proven, by the time of the claim; for operators."""
        request = page_request(first, after)
        return connection(await list_disputes(info.context.access, request), request)


@strawberry.type
class DisputeMutations:
    """Looked at and decided by the provider; organisations say why a domain is theirs."""

    @command(EvidencePayload)
    async def add_domain_evidence(self, access: Access, input: AddDomainEvidenceInput) -> ClaimRecord:
        """Say why a domain in dispute is your organisation's."""
        return await add_evidence(access, input.domain_id, input.text)

    @command()
    async def examine_domain_dispute(self, access: Access, input: ExamineDomainDisputeInput) -> ExaminedDisputePayload:
        """See both sides for 72 hours, of which both are told; for operators, with step-up."""
        found: ExaminedDispute = await examine_dispute(access, input.dispute_id, input.reason)
        return ExaminedDisputePayload(dispute=found.dispute, sides=found.sides)

    @command(DisputePayload)
    async def decide_domain_dispute(self, access: Access, input: DecideDomainDisputeInput) -> DisputeRecord:
        """Decide whose a domain is that both have proven since it is examined; for operators, with step-up."""
        return await decide_dispute(access, input.dispute_id, input.reason, is_claimants=input.is_claimants)
