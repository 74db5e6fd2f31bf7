"""Offer that the own organisation becomes part of another, decline what was offered, and take either back."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.errors import ConflictError, InvalidInputError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.mergers.notices import MERGER_CALLED_OFF, MERGER_OVER
from wardship.tenants.mergers.read import lock_merger, merger_by_id, merger_not_found
from wardship.tenants.mergers.records import MergerRecord, MergerState
from wardship.tenants.mergers.write import MergerStateError, at_organisation, transition_merger
from wardship.tenants.notices import tell_everybody, tell_permitted
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.organisations.states import require_active
from wardship.tenants.permissions import Permission

OFFER_LASTS: Final = timedelta(days=14)
OFFERS_A_DAY: Final = 5
"""Whose organisation has a name that was mistyped, or that somebody wants to find out, is not to be bothered."""
_LONGEST_SLUG: Final = 63
_S = MergerState
_RECENT: Final = "select count(*) from merger where source_id = $1 and created_at > $2"
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2043))"
_INSERT: Final = (
    "insert into merger (id, created_at, source_id, target_slug, state, state_since, state_until, offered_by)"
    " values ($2, $3, $1, $4, 'offered', $3, $5, $6) on conflict do nothing returning id"
)


class MergerOpenError(ConflictError):
    """Your organisation has offered to become part of another already: take that back first."""

    code: ClassVar[str] = "MERGER_OPEN"


class TooManyOffersError(ConflictError):
    """Your organisation has offered mergers five times within a day: try again tomorrow."""

    code: ClassVar[str] = "TOO_MANY_MERGER_OFFERS"


async def offer_merger(access: Access, target_slug: str) -> MergerRecord:
    """Offer that the own organisation becomes part of another, whose owner has 14 days to accept.

    Whether there is such an organisation is not told: an offer to nobody ends like one that nobody answers. A worker
    delivers it after this transaction.

    Raises:
        PermissionDeniedError: the caller does not own the organisation, or called by a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        InvalidInputError: that is the own organisation, or no short name.
        OrganisationNotActiveError: the own organisation is suspended, or ends.
        MergerOpenError: another offer is open.
        TooManyOffersError: there were five within a day.
    """
    require_owner(access)
    await require_active(access)
    slug = target_slug.strip().lower()
    if not slug or len(slug) > _LONGEST_SLUG or slug == (await own_organisation(access)).slug:
        raise InvalidInputError("Give the short name of the other organisation.", path=("into",))
    merger_id = uuid7()
    await access.transaction.execute(_LOCK, access.organisation_id)
    async with in_directory(access):
        if await access.fetchval(_RECENT, access.now - timedelta(days=1)) >= OFFERS_A_DAY:
            raise TooManyOffersError("Mergers were offered five times within a day: try again tomorrow.")
        made = await access.fetchval(
            _INSERT, merger_id, access.now, slug, access.now + OFFER_LASTS, access.actor.account_id
        )
    if made is None:
        raise MergerOpenError("Your organisation has offered a merger already: take that back first.")
    await access.audit("merger.offered", "merger", merger_id)
    return await merger_by_id(access, merger_id)


async def decline_merger(access: Access, merger_id: UUID) -> MergerRecord:
    """Decline what another organisation has offered; its owner is told.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        PermissionDeniedError: the caller does not own the organisation, or called by a token.
        MergerStateError: it does not wait for an answer, or not for that of this organisation.
    """
    merger = await locked_merger(access, merger_id)
    if merger.target_id != access.organisation_id or merger.state is not _S.OFFERED:
        raise MergerStateError("This merger does not wait for your answer.", path=("merger_id",))
    await transition_merger(access, merger, _S.DECLINED)
    await tell_offer_over(access, merger, merger.source_id, "declined")
    return await merger_by_id(access, merger_id)


async def withdraw_merger(access: Access, merger_id: UUID) -> MergerRecord:
    """Take back what one's organisation offered, or call off what was announced: either owner may, until its day.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        PermissionDeniedError: the caller does not own the organisation, or called by a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        MergerStateError: it is being carried out or is over, or the offer is another's.
    """
    merger = await locked_merger(access, merger_id)
    access.require_step_up()
    if merger.state is _S.OFFERED and merger.source_id != access.organisation_id:
        raise MergerStateError("This offer is the other organisation's: decline it.", path=("merger_id",))
    is_offer = merger.state is _S.OFFERED
    await transition_merger(access, merger, _S.WITHDRAWN, until=access.now if is_offer else None)
    if not is_offer:
        await tell_called_off(access, merger)
    return await merger_by_id(access, merger_id)


async def locked_merger(access: Access, merger_id: UUID) -> MergerRecord:
    """Return a merger of the caller's organisation, locked, for its owner.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        PermissionDeniedError: the caller does not own the organisation, or called by a token.
    """
    await merger_by_id(access, merger_id)
    _require_signed_in_owner(access)
    merger = await lock_merger(access, merger_id)
    if merger is None:
        raise merger_not_found()
    return merger


def require_owner(access: Access) -> None:
    """Refuse everybody but the owner, signed in, with the second factor just shown."""
    _require_signed_in_owner(access)
    access.require_step_up()


def _require_signed_in_owner(access: Access) -> None:
    access.require(Permission.OWNERSHIP_TRANSFER)
    if access.actor.credential is CredentialKind.TOKEN:
        raise PermissionDeniedError("Mergers are decided by the owners themselves: sign in for it.")


async def tell_offer_over(access: Access, merger: MergerRecord, to: UUID | None, outcome: str) -> None:
    """Tell the owner of one of the two that an offer is over."""
    async with at_organisation(access, to) as here:
        is_ours = to == merger.source_id
        other = merger.target_slug if is_ours else merger.source_name
        await tell_permitted(
            here,
            MERGER_OVER,
            Permission.OWNERSHIP_TRANSFER,
            target=("merger", merger.id),
            outcome=outcome,
            other=other,
            is_ours=is_ours,
        )


async def tell_called_off(access: Access, merger: MergerRecord) -> None:
    """Tell everybody in both that what was announced does not happen."""
    for organisation_id in (merger.source_id, merger.target_id):
        async with at_organisation(access, organisation_id) as here:
            await tell_everybody(
                here, MERGER_CALLED_OFF, merging=merger.source_name, joined=merger.target_name or merger.target_slug
            )
