"""Domains that an organisation claims, as the API shows them, and what may be asked about them."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import strawberry

from wardship.core.errors import NotFoundError
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import Connection, field, root_field
from wardship.tenants.domains.challenge import Challenge
from wardship.tenants.domains.read import claim_by_id, list_claims
from wardship.tenants.domains.records import ClaimRecord, ClaimScope, ClaimState, Finding

strawberry.enum(ClaimState, name="DomainState", description="Where the claim of a domain stands.")
strawberry.enum(ClaimScope, name="DomainScope", description="How much is claimed.")
strawberry.enum(Finding, name="DomainFinding", description="What the last look into the DNS has found.")


@object_type(ClaimRecord)
class Domain(Node):
    """A domain that the organisation claims, or has claimed: proven by a record in its DNS, again and again."""

    id: strawberry.ID = global_id_field("Domain")
    created_at: datetime = field("When it was claimed.")
    name: str = field("The domain in the letters of the DNS: by them, and not by how it looks, it is known.")
    display_name: str = field("The domain as people of its script read it.", source="shown_name")
    scope: ClaimScope = field("How much is claimed.")
    state: ClaimState = field("Where the claim stands.")
    state_since: datetime = field("Since when.")
    state_until: datetime | None = field("When the clock ends this state, if it does.")
    record_name: str = field("Name of the TXT record that is looked for; its value was shown when it was issued.")
    is_check_asked: bool = field("Whether somebody waits for the record to be looked for.", source="is_asked")
    check_at: datetime | None = field("When the record is looked for next, unless somebody asks for it.")
    checked_at: datetime | None = field("When it was looked for last.")
    finding: Finding | None = field("What was found then.")
    proven_at: datetime | None = field("When it was found last.")
    contested_until: datetime | None = field(
        "Until when, at the earliest, the holder's answer, a new record, is awaited, because another organisation has"
        " proven the domain. Null of a contested claim whose time stands still."
    )
    quarantined_until: datetime | None = field(
        "Until when the domain is in quarantine, because somebody else held it before."
    )


@object_type(Challenge)
class DomainRecord:
    """The TXT record to place in the DNS of the domain. Its value is shown once, when it is issued."""

    name: str = field("The record's name in full; many forms want it without the domain at its end.")
    value: str = field("The record's value.")


@strawberry.type
class DomainQueries:
    """Domains in lists, and one by one."""

    @root_field(cost=3)
    async def domains(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[Domain]:
        """The domains that the organisation claims or has claimed, by the time of the claim."""
        request = page_request(first, after)
        return connection(await list_claims(info.context.access, request), request)

    @root_field(cost=2)
    async def domain(self, info: ApiInfo, id: strawberry.ID) -> Domain | None:
        """One domain by id; null when absent or not yours to see."""
        claim_id = parse_id("Domain", id, path=("id",))
        try:
            found = await claim_by_id(info.context.access, claim_id)
        except NotFoundError:
            return None
        return cast("Domain", found)
