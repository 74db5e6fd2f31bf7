"""The data access log and the audit log as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from wardship.core.database.personal_data import Controller
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id, parse_optional, split_id
from wardship.graphql.api.moments import moments_of, require_offsets
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import Member, named_members
from wardship.tenants.access import Access
from wardship.tenants.data_access.audit_filter import AuditFilter
from wardship.tenants.data_access.controllers import HeldCategory as Held
from wardship.tenants.data_access.controllers import held_categories
from wardship.tenants.data_access.looks import LookCount as LookRecord
from wardship.tenants.data_access.looks import LookPeriod, looks_at_members
from wardship.tenants.data_access.read import AuditRecord, DataAccessRecord, audit_log
from wardship.tenants.data_access.verification import AuditVerification as Verification
from wardship.tenants.data_access.verification import last_verification, verify_chain
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.paging import PageRequest


@object_type(DataAccessRecord)
class DataAccess:
    """That somebody saw categories of your data."""

    at: datetime = field("When it happened.", source="created_at")
    actor_kind: str = field("`member`, `token` (a member's program) or `privacy_team`.")
    categories: list[str] = field("The categories that were shown.")

    @batch_field(cost=2)
    @staticmethod
    async def actor(parents: Sequence[DataAccessRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """The member who looked: at least the name; null for the privacy team, and for you once you have left."""
        keys = [None if parent.actor_kind == "privacy_team" else parent.actor_id for parent in parents]
        return await named_members(info, keys)


@object_type(LookRecord)
class LookCount:
    """How often one actor looked at a person's data in a day or week."""

    begins_at: datetime = field("When the day or week began, in UTC; weeks begin on Monday.")
    count: int = field("How often.")
    categories: list[str] = field("The categories that were shown.")
    actor_kind: str = field("`member`, `token` (a member's program) or `privacy_team`.")

    @batch_field(cost=2)
    @staticmethod
    async def actor(parents: Sequence[LookRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """The member who looked: at least the name; null for the privacy team, and for you once you have left."""
        keys = [None if parent.actor_kind == "privacy_team" else parent.actor_id for parent in parents]
        return await named_members(info, keys)


strawberry.enum(LookPeriod, name="LookPeriod", description="By what looks are counted.")


@extends(Member)
class MemberLooks:
    """Who looked at a member's data."""

    @batch_field(cost=10, size=60)
    @staticmethod
    async def looks(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], by: LookPeriod = LookPeriod.WEEK
    ) -> Sequence[list[LookCount] | None]:
        """Who looked at the person's data within a year, the latest first; null for whose you may not see."""
        keys = [parent.id for parent in parents]
        return in_order(await looks_at_members(info.context.access, keys, by), keys)


@object_type(AuditRecord)
class AuditEntry:
    """An entry of the organisation's audit chain: identifiers and codes, no personal data."""

    id: strawberry.ID = global_id_field("AuditEntry")
    sequence: int = field("Its place in the chain, from 1.")
    at: datetime = field("When it happened.")
    actor_kind: str = field(
        "`member`, `token`, `directory`, `vendor`, `privacy_team` or `system`.", source="actor.kind"
    )
    action: str = field("What was done, as noun and verb.")
    target_kind: str = field("The noun acted on.", source="target.kind")
    target_id: str | None = field("Its identifier, as in an export of the chain.", source="target.id", convert=str)
    purpose: str = field("Why, where a purpose was stated.")
    outcome: str = field("`done`, or the code of what happened instead.")
    request_id: str = field("The identifier of the call.", source="request")
    details: JSON = field("Identifiers, codes, counts and names of fields.")
    actor = reference(named_members, "actor.member", "The member who acted: at least the name; null for others.")


def sequence_before(request: PageRequest) -> int | None:
    """Return the sequence number of the last entry seen of the audit log; None on the first page."""
    return None if request.after is None else cast("int", request.after[0])


def merger_argument(merger_id: strawberry.ID | None) -> UUID | None:
    """Return the merger whose earlier chain is asked for; None for the own chain."""
    return None if merger_id is None else parse_id("Merger", merger_id, path=("merger_id",))


strawberry.enum(Controller, name="DataController", description="Who decides on data.")


@object_type(Held)
class HeldCategory:
    """A category of personal data that is held on people here, and who decides on it."""

    category: str = field("Its key.")
    label: str = field("The category in words.")
    is_special: bool = field("Whether it is specially protected.")
    controller: Controller = field(
        "Who decides on it: the organisation, for which the provider holds it, or the provider, as part of the account."
        " A request about the account goes to the provider's privacy team; every other is decided by the organisation"
        " first."
    )
    sources: list[str] = field("Where it comes from, as codes.")


@object_type(Verification)
class AuditVerification:
    """How far the audit chain was found intact."""

    at: datetime = field("When it was verified.")
    is_intact: bool = field("Whether every entry that was looked at follows from the one before.")
    verified_to: int = field("The last entry, by its place in the chain, up to which all do.")
    broken_at: int | None = field("The first that does not, or that is missing; null while the chain is intact.")
    entries: int = field("How many the chain has now.")


@input_type
class AuditFilterInput:
    """Which entries a list holds; what is not given does not narrow it."""

    actor_id: strawberry.ID | None = field("Those of this member.", default=None)
    action: str | None = field("Those of this act, as the entry names it: `member.removed`.", default=None)
    target_id: strawberry.ID | None = field(
        "Those on this object, of whatever type: its id, or its identifier as an entry tells it.", default=None
    )
    since: datetime | None = field("Those of this moment or later.", default=None)
    before: datetime | None = field("Those earlier than this moment.", default=None)

    def parsed(self) -> AuditFilter:
        """Return the domain's filter.

        Raises:
            InvalidInputError: an id that isn't one, or a moment without an offset from UTC.
        """
        require_offsets(self, _MOMENTS)
        return AuditFilter(
            parse_optional("Member", self.actor_id, path=("where", "actorId")),
            self.action or "",
            None if self.target_id is None else _object_id(self.target_id),
            self.since,
            self.before,
        )


_MOMENTS = moments_of(AuditFilterInput)


def _object_id(text: str) -> UUID:
    """Read an id of the API, or the identifier that an entry tells of what was acted on, which says no type."""
    try:
        return UUID(text)
    except ValueError:
        return split_id(text)[1]


@strawberry.type
class DataAccessQueries:
    """The organisation's audit log, and what is held."""

    @root_field(cost=1)
    async def held_categories(self, info: ApiInfo) -> list[HeldCategory]:
        """The categories of personal data that are held on you here, and who decides on each."""
        return cast("list[HeldCategory]", held_categories(info.context.access))

    @root_field(cost=3)
    async def audit_log(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        merger_id: strawberry.ID | None = None,
        where: AuditFilterInput | None = None,
    ) -> Connection[AuditEntry]:
        """The organisation's audit chain, latest first; with a merger, that of the organisation that joined by it."""
        request = page_request(first, after, int)
        page = await audit_log(
            info.context.access,
            first,
            before=sequence_before(request),
            merger_id=merger_argument(merger_id),
            wanted=AuditFilter() if where is None else where.parsed(),
        )
        return connection(page, request, place=lambda item: (item.sequence, item.id))

    @root_field(cost=2)
    async def audit_verification(self, info: ApiInfo) -> AuditVerification | None:
        """How far the audit chain was found intact when it was last verified; null before the first time."""
        return cast("AuditVerification | None", await last_verification(info.context.access))


@input_type
class VerifyAuditLogInput:
    """From where the chain is verified."""

    from_start: bool = field("From the first entry, rather than from where the last verification ended.", default=False)


VerifyAuditLogPayload = object_payload("VerifyAuditLogPayload", "verification", AuditVerification)


@strawberry.type
class DataAccessMutations:
    """What is done with the audit log."""

    @command(VerifyAuditLogPayload, cost=50)
    async def verify_audit_log(self, access: Access, input: VerifyAuditLogInput) -> Verification:
        """Verify the audit chain, at most 100,000 entries in a call, and note in it how far it is intact."""
        return await verify_chain(access, from_start=input.from_start)
