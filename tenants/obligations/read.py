"""Read obligations: of an installation, of a request, of a member."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column
from wardship.plugins.api import Verb
from wardship.plugins.host.exchanges import KeptExchange, read_exchanges
from wardship.tenants.access import Access
from wardship.tenants.installations.authority import own_or_all
from wardship.tenants.obligations.proofs import ProofRecord, read_proof
from wardship.tenants.obligations.states import ENDED, ObligationState
from wardship.tenants.paging import (
    Page,
    PageRequest,
    each_page_sql,
    page_of_rows,
    page_of_states_sql,
    page_sql,
    pages_by_parent,
    rows_by_parent,
)
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


class RetainedPart(msgspec.Struct, frozen=True):
    """What stays at the vendor, why, and until when (an ISO date)."""

    category: str
    reason: str
    legal_basis: str
    until: str | None = None


class OutcomeRecord(msgspec.Struct, frozen=True):
    """How the last call ended: codes and counts.

    Attributes:
        status: the contract's, for example ``completed``.
        code: why, as a stable word.
        http: status codes of the last exchanges.
        detail: why the call did not do what was asked, in words, while that matters.
    """

    status: str
    code: str
    records_affected: int = 0
    http: list[int | None] = []
    duration_ms: int = 0
    retained: list[RetainedPart] = []
    detail: str = ""


class ObligationRecord(Row):
    """One obligation.

    Attributes:
        reminded: the last reminder, in percent of its time; 0 before the first.
        outcome: of the last call; None before it.
        proof: None where nothing has been proven (yet).
        recipient: who was asked: the vendor, with the server where the settings of the place name one.
        exchanges: those with the vendor, of all attempts, oldest first; of many the most telling.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    installation_id: UUID = column("installation_id")
    place_id: UUID = column("place_id")
    recipient: str = column("recipient")
    request_id: UUID | None = column("request_id")
    right_id: UUID | None = column("right_id")
    member_id: UUID | None = column("member_id")
    verb: Verb = column("verb", Verb)
    submitted_at: datetime = column("submitted_at")
    due_at: datetime = column("due_at")
    next_at: datetime = column("next_at")
    attempt: int = column("attempt")
    failures: int = column("failures")
    state: ObligationState = column("state", ObligationState)
    reminded: int = column("reminded")
    outcome: OutcomeRecord | None = column("outcome", msgspec.json.Decoder(OutcomeRecord).decode)
    proof: ProofRecord | None = column("attestation", read_proof)
    exchanges: tuple[KeptExchange, ...] = column("exchanges", read_exchanges)
    ended_at: datetime | None = column("ended_at")

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is owed."""
        return self.state in ENDED


COLUMNS = (
    "o.id, o.created_at, o.installation_id, o.place_id, o.request_id, o.right_id, o.member_id, o.verb, o.submitted_at,"
    " o.due_at, o.next_at, o.attempt, o.failures, o.state, o.reminded, o.attestation, o.exchanges,"
    " case when o.detail = '' then o.outcome else o.outcome || jsonb_build_object('detail', o.detail) end as outcome,"
    " o.ended_at, (select p.recipient from installation_place p where p.organisation_id = o.organisation_id"
    " and p.id = o.place_id) as recipient"
)
"""What the record is made of."""

SELECT = f"select {COLUMNS} from obligation o"  # noqa: S608 - constants
"""To be followed by a condition."""

_SELECT_EACH = each_page_sql(SELECT, "installation_id")


async def list_obligations(
    access: Access,
    page: PageRequest,
    *,
    installation_id: UUID | None = None,
    states: Collection[ObligationState] = (),
) -> Page[ObligationRecord]:
    """Return obligations, oldest first: of one installation or of all that the caller may see; empty states means all.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    parameters = Parameters(access.organisation_id)
    own = own_or_all(access, Permission.INTEGRATIONS_READ, "installation_id", parameters)
    conditions = [f"organisation_id = $1{own}"]
    if installation_id is not None:
        conditions.append(f"installation_id = {parameters.add(installation_id)}")
    sql = SELECT
    if installation_id is None:
        sql = page_of_states_sql(sql, page, parameters, conditions, states or ObligationState)
    else:
        if states:
            conditions.append(f"state = any({parameters.add([state.value for state in states])}::text[])")
        sql += page_sql(page, parameters, conditions)
    return page_of_rows(await access.transaction.fetch_as(ObligationRecord, sql, *parameters.values), page)


async def obligations_by_installation(
    access: Access, installation_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[ObligationRecord]]:
    """Return, for each installation, a page of its obligations, oldest first; the caller sees them."""
    rows = await access.fetch_as(
        ObligationRecord, _SELECT_EACH, list(installation_ids), *(page.after or (None, None)), page.limit
    )
    return pages_by_parent(installation_ids, rows, "installation_id", page)


async def obligations_of_right(access: Access, right_ids: Collection[UUID]) -> dict[UUID, list[ObligationRecord]]:
    """Return all obligations of each right, oldest first, proofs included; the caller has checked who may see them."""
    sql = SELECT + " where organisation_id = $1 and right_id = any($2::uuid[]) order by created_at, id"
    return rows_by_parent(right_ids, await access.fetch_as(ObligationRecord, sql, list(right_ids)), "right_id")


async def obligations_by_ids(access: Access, ids: Collection[UUID]) -> dict[UUID, ObligationRecord]:
    """Return obligations by id: of all installations, or of those of one's own.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    parameters = Parameters(access.organisation_id)
    seen_by = Permission.INTEGRATIONS_READ if access.may(Permission.INTEGRATIONS_READ) else Permission.TASKS_READ
    one = (
        SELECT
        + " where organisation_id = $1 and id = w.id"
        + own_or_all(access, seen_by, "installation_id", parameters)
    )
    rows = await access.transaction.fetch_as(ObligationRecord, parameters.for_each(ids, one), *parameters.values)
    return {row.id: row for row in rows}
