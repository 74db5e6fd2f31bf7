"""Who has or may receive data of a person, as the person needs to know it: no settings, no state of health."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.database.rows import column
from wardship.plugins.api import AttestationLevel, LegalBasis
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import allowed_fields
from wardship.tenants.egress.gate import Facts, read_facts
from wardship.tenants.egress.holdings import HELD, HoldingState
from wardship.tenants.installations.countries import countries_of
from wardship.tenants.installations.records import ENDING, SELECT, InstallationRecord, InstallationState
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters


class RecipientRecord(InstallationRecord):
    """A recipient: an installation with what its present place says of it.

    Attributes:
        recipient: who receives the data: the vendor, with the server where the settings name one.
    """

    __slots__ = ()

    recipient: str = column("recipient")
    settings: str = column("place_settings")

    @property
    def installation_id(self) -> UUID:
        """Return what names it in objections and consents."""
        return self.id

    @property
    def countries(self) -> list[str]:
        """Return the ISO codes of the countries in which data is stored."""
        return sorted(countries_of(self.manifest, json.loads(self.settings)))

    @property
    def purposes(self) -> list[str]:
        """Return the keys of the purposes that were declared."""
        return sorted({entry.purpose for entry in self.manifest.receives})

    @property
    def is_connected(self) -> bool:
        """Return whether it is not being, and has not been, taken away."""
        return self.state not in ENDING

    @property
    def end_proof(self) -> AttestationLevel | None:
        """Return how well it is proven that all was taken back; None before that has ended."""
        is_graded = self.state is InstallationState.REMOVED and self.state_reason in [*AttestationLevel]
        return AttestationLevel(self.state_reason) if is_graded else None


@dataclass(frozen=True, slots=True)
class RecipientUse:
    """One category that a recipient may get of a person for one purpose.

    Attributes:
        is_shared: whether data under it may flow now; not where it was objected to, restricted or not consented to.
    """

    category: str
    purpose: str
    fields: tuple[str, ...]
    legal_basis: LegalBasis
    is_shared: bool


_OF_PLACE = """, (select p.recipient from installation_place p where p.organisation_id = installation.organisation_id
    and p.id = installation.place_id) as recipient, (select p.settings from installation_place p
    where p.organisation_id = installation.organisation_id and p.id = installation.place_id) as place_settings"""
_SELECT = SELECT.replace(" from installation", f"{_OF_PLACE} from installation")
# Whose vendor was ever told of the caller, or, while a role counts, may be.
_MINE = """select found.* from (
    select l.installation_id from subject_link l where l.organisation_id = $1 and l.member_id = $2
    union select i.id from installation i where i.organisation_id = $1 and i.member_id = $2 and i.state <> 'removed'
    union select i.id from installation i where $3 and i.organisation_id = $1 and i.audience = 'organisation'
        and i.state not in ('revoking', 'revocation_overdue', 'removed')
    union select i.id from group_membership s
        join user_group g on g.organisation_id = $1 and g.id = s.group_id and g.archived_at is null
        join installation i on i.organisation_id = $1 and i.audience = 'group' and i.group_id = s.group_id
            and i.state not in ('revoking', 'revocation_overdue', 'removed')
        where $3 and s.organisation_id = $1 and s.member_id = $2 and s.left_at is null
) mine (key) cross join lateral ({select} where organisation_id = $1 and id = mine.key limit 1) found"""
_HOLDING = (
    "select installation_id, bool_or(state = 'shared') as is_used, min(created_at) as since from subject_link"
    " where organisation_id = $1 and member_id = $2 and installation_id = any($3::uuid[]) and state = any($4::text[])"
    " group by installation_id"
)


async def recipients_by_ids(access: Access, ids: Collection[UUID]) -> dict[UUID, RecipientRecord]:
    """Return recipients by the installation's id; the caller was shown something that names them."""
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(sorted(set(ids)), _SELECT + " where organisation_id = $1 and id = w.id")
    rows = await access.transaction.fetch_as(RecipientRecord, sql, *parameters.values)
    return {row.id: row for row in rows}


async def my_recipients(access: Access, page: PageRequest) -> Page[RecipientRecord]:
    """Return who has or may receive the caller's data, in whatever state the membership is, by the time of connecting.

    Those that gave everything back are among them. After a membership has ended nobody new may receive anything.
    """
    member_id = access.require_person("read")
    parameters = Parameters(access.organisation_id, member_id, bool(access.actor.roles))
    sql = _MINE.format(select=_SELECT) + page_sql(page, parameters, ["true"])
    return page_of_rows(await access.transaction.fetch_as(RecipientRecord, sql, *parameters.values), page)


@dataclass(frozen=True, slots=True)
class OwnHolding:
    """That a recipient holds data of the caller: whether it may use it, and since when it has some."""

    state: HoldingState
    since: datetime


async def holdings_of_mine(access: Access, ids: Collection[UUID]) -> dict[UUID, OwnHolding]:
    """Return what each recipient that holds data of the caller holds it as; those that hold none are absent."""
    rows = await access.fetch(_HOLDING, access.actor.member_id, list(ids), [state.value for state in HELD])
    return {
        row["installation_id"]: OwnHolding(
            HoldingState.SHARED if row["is_used"] else HoldingState.RESTRICTED, row["since"]
        )
        for row in rows
    }


async def uses_of_mine(access: Access, recipients: Sequence[RecipientRecord]) -> dict[UUID, list[RecipientUse]]:
    """Return what each recipient may get of the caller, as far as it was granted: what the gate itself would decide."""
    member_id = access.actor.member_id
    facts = await read_facts(access, recipients, [member_id] if member_id else [])
    if member_id is None or member_id not in facts.people:
        return {recipient.id: [] for recipient in recipients}
    return {recipient.id: _uses(facts, recipient, member_id) for recipient in recipients}


def _uses(facts: Facts, installation: InstallationRecord, member_id: UUID) -> list[RecipientUse]:
    terms, choices = facts.terms[installation.id], facts.choices(installation, member_id)
    flowing = {(each.category, each.purpose) for each in allowed_fields(terms, choices)}
    return [
        RecipientUse(
            entry.category,
            entry.purpose,
            entry.fields,
            entry.legal_basis,
            installation.is_sharing and (entry.category, entry.purpose) in flowing,
        )
        for entry in installation.manifest.receives
        if (entry.category, entry.purpose) in terms.grants
    ]
