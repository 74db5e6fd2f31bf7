"""Accept that another organisation becomes part of one's own: exactly what was shown, and told to everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from wardship.core.accounts.accounts import recovered_at
from wardship.core.errors import ConflictError, InvalidInputError
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.mergers.notices import MERGER_ANNOUNCED
from wardship.tenants.mergers.offering import locked_merger
from wardship.tenants.mergers.read import MergerPreview, fresh_preview, merger_by_id
from wardship.tenants.mergers.records import MergerRecord, MergerState
from wardship.tenants.mergers.write import MergerStateError, at_organisation, transition_merger
from wardship.tenants.notices import tell_everybody
from wardship.tenants.organisations.states import OrganisationState

ANNOUNCED_FOR: Final = timedelta(days=14)
"""How long before the day everybody is told."""
EVERYBODY: Final = ("active", "deactivated", "removed")
"""The states of memberships whose data is in the organisation."""
_S = MergerState
_LOCK_BOTH: Final = "select id, state from organisation where id = any($1::uuid[]) order by id for no key update"
_TAKES_PART: Final = (
    "select exists (select from merger g where g.id <> $2 and g.state in ('announced', 'merging')"
    " and (g.source_id = any(array[$1::uuid, $3]) or g.target_id = $3))"
)
_ACCEPT: Final = "update merger set figures = $2::jsonb, accepted_by = $3, day = $4 where id = $1"
_OWNS: Final = (
    "select exists (select from role_assignment r join member m on m.organisation_id = r.organisation_id"
    " and m.id = r.member_id where r.organisation_id = $1 and r.role = 'org_owner' and m.account_id = $2)"
)


class MergerChangedError(ConflictError):
    """What the merger would bring has changed since it was shown: look at it again, and accept that."""

    code: ClassVar[str] = "MERGER_CHANGED"


class MergerBusyError(ConflictError):
    """One of both organisations takes part in another merger, or is not active: wait until that is over."""

    code: ClassVar[str] = "MERGER_BUSY"


async def accept_merger(access: Access, merger_id: UUID, digest: str) -> MergerRecord:
    """Accept exactly what was shown: everybody in both is told the day, which is in 14 days.

    It takes two people. Where one owns both, ownership of one is passed on first.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        PermissionDeniedError: the caller does not own the organisation, or called by a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        MergerStateError: it does not wait for the caller's answer, or is no present owner's offer.
        InvalidInputError: the caller offered it.
        MergerBusyError: one of both merges otherwise, is suspended, or ends.
        MergerChangedError: something else was shown.
    """
    merger = await locked_merger(access, merger_id)
    access.require_step_up()
    await _require_answerable(access, merger)
    await _require_free(access, merger)
    preview = await fresh_preview(access, merger.id)
    if preview is None or preview.digest != digest:
        raise MergerChangedError("What the merger would bring has changed: look again, and accept that.")
    await _accept(access, merger, preview)
    return await merger_by_id(access, merger_id)


async def _accept(access: Access, merger: MergerRecord, preview: MergerPreview) -> None:
    day = access.now + ANNOUNCED_FOR
    figures = msgspec.json.encode({figure.name: figure.count for figure in preview.figures}).decode()
    async with in_directory(access):
        await access.transaction.execute(_ACCEPT, merger.id, figures, access.actor.account_id, day)
    await _transition(access, merger, day)
    for organisation_id in (merger.source_id, access.organisation_id):
        async with at_organisation(access, organisation_id) as here:
            await tell_everybody(
                here,
                MERGER_ANNOUNCED,
                states=EVERYBODY,
                merging=merger.source_name,
                joined=merger.target_name,
                day=day,
                is_joined=organisation_id == access.organisation_id,
            )


async def _transition(access: Access, merger: MergerRecord, day: datetime) -> None:
    async with at_organisation(access, access.organisation_id) as here:
        await transition_merger(here, merger, _S.ANNOUNCED, until=day)


async def _require_answerable(access: Access, merger: MergerRecord) -> None:
    """Refuse what is no open offer to this organisation, by another person, from since the account was recovered."""
    is_over = merger.state_until is not None and merger.state_until <= access.now
    if merger.target_id != access.organisation_id or merger.state is not _S.OFFERED or is_over:
        raise MergerStateError("This merger does not wait for your answer.", path=("merger_id",))
    if merger.offered_by == access.actor.account_id:
        raise InvalidInputError(
            "A merger takes two people, and you own both: pass ownership of one of them on first.", path=("merger_id",)
        )
    async with at_organisation(access, merger.source_id) as there:
        is_owners = await there.fetchval(_OWNS, merger.offered_by)
    if not is_owners:
        raise MergerStateError(
            "Who offered this does not own that organisation any more: ask its owner for a new offer.",
            path=("merger_id",),
        )
    async with in_directory(access):
        moment = await recovered_at(access.transaction, access.actor.account_id)
    if moment is not None and merger.created_at <= moment:
        raise MergerStateError(
            "Your account was recovered after this was offered: ask for a new offer.", path=("merger_id",)
        )


async def _require_free(access: Access, merger: MergerRecord) -> None:
    """Refuse while one of both is not active, goes elsewhere, or is joined by others while it goes itself."""
    both = [merger.source_id, access.organisation_id]
    async with in_directory(access):
        rows = await access.transaction.fetch(_LOCK_BOTH, both)
        takes_part = await access.fetchval(_TAKES_PART, merger.id, merger.source_id)
    if takes_part or any(row["state"] != OrganisationState.ACTIVE for row in rows):
        raise MergerBusyError("One of both merges with another already, is suspended or ends: wait until then.")
