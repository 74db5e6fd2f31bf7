"""Suspend an organisation and resume it, let it leave and keep it: what operators decide, and in part the owner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.notices import tell_staff
from wardship.tenants.access import Access
from wardship.tenants.domains.resuming import resume_domains
from wardship.tenants.notices import tell_everybody
from wardship.tenants.organisation_lifecycle.ending import close_unowned, tell_provider
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation, managed_organisation, managing
from wardship.tenants.organisation_lifecycle.notices import (
    EVERYBODY,
    ORGANISATION_LEAVES,
    ORGANISATION_REOPENED,
    ORGANISATION_RESUMED,
    ORGANISATION_SUSPENDED,
    OWNER_CLOSES,
    OWNER_REOPENS,
)
from wardship.tenants.organisations.names import freed_slug
from wardship.tenants.organisations.read import OrganisationRecord, own_organisation
from wardship.tenants.organisations.states import (
    OrganisationState,
    checked_reason,
    transition_organisation,
)
from wardship.tenants.permissions import Permission

GRACE: Final = timedelta(hours=48)
"""How long an organisation that leaves can be opened again."""
_S = OrganisationState


async def suspend_organisation(access: Access, slug: str, reason: str = "") -> ManagedOrganisation:
    """Keep everybody out of an organisation and let it share nothing, until it is resumed.

    What is owed back by recipients goes on, and so do people's rights: requests go to the privacy team.

    Args:
        access: of an operator, or the command line's, at the provider.
        slug: the organisation's short name.
        reason: why, for its people; no personal data.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        NotFoundError: no such organisation.
        InvalidInputError: the reason is too long.
        OrganisationStateError: it is not active.
    """
    words = checked_reason(reason)
    async with managing(access, slug) as here:
        await transition_organisation(here, _S.SUSPENDED, only_from={_S.ACTIVE}, reason=words)
        await _hold_deliveries(here)
        await tell_everybody(here, ORGANISATION_SUSPENDED, reason=words)
        await here.audit("organisation.suspended", "organisation", here.organisation_id)
    await access.audit("organisation.suspended", "organisation", here.organisation_id)
    return await managed_organisation(access, slug)


async def resume_organisation(access: Access, slug: str) -> ManagedOrganisation:
    """Let the people of a suspended organisation in again, and let it share what waited.

    What would end its hold on domains stood still meanwhile, and begins again.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        NotFoundError: no such organisation.
        OrganisationStateError: it is not suspended.
    """
    async with managing(access, slug) as here:
        await transition_organisation(here, _S.ACTIVE, only_from={_S.SUSPENDED})
        await _let_deliveries_go_on(here)
        await resume_domains(here)
        await tell_everybody(here, ORGANISATION_RESUMED)
        await here.audit("organisation.resumed", "organisation", here.organisation_id)
    await access.audit("organisation.resumed", "organisation", here.organisation_id)
    return await managed_organisation(access, slug)


async def close_organisation(access: Access, slug: str, reason: str = "") -> ManagedOrganisation:
    """Let an organisation leave: for 48 hours it can be opened again, then everything of it is erased and taken back.

    Until then its people go on as before, so that they can take copies; nothing more is shared, and nobody joins. One
    that still waits for its owner is closed at once, since nothing of anybody is in it.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        NotFoundError: no such organisation.
        InvalidInputError: the reason is too long.
        OrganisationStateError: it is leaving or closed already.
    """
    words = checked_reason(reason)
    organisation = await managed_organisation(access, slug)
    if organisation.state is _S.AWAITING_OWNER:
        return await _withdraw_offer(access, slug, words)
    async with managing(access, slug) as here:
        until = here.now + GRACE
        await _leave(here, {_S.ACTIVE, _S.SUSPENDED}, words, until)
    await access.audit("organisation.leaving", "organisation", here.organisation_id, until=until)
    return await managed_organisation(access, slug)


async def reopen_organisation(access: Access, slug: str) -> ManagedOrganisation:
    """Keep an organisation that was to leave, within its 48 hours: everything is as before.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        NotFoundError: no such organisation.
        OrganisationStateError: it does not leave, or its time is over.
    """
    async with managing(access, slug) as here:
        await _reopen(here)
    await access.audit("organisation.reopened", "organisation", here.organisation_id)
    return await managed_organisation(access, slug)


async def close_own_organisation(access: Access, slug: str, reason: str = "") -> OrganisationRecord:
    """Let the caller's own organisation leave, as ``close_organisation`` does.

    Args:
        access: the owner's, who has signed in.
        slug: its short name, typed to say that this one is meant.
        reason: why, for its people; no personal data.

    Raises:
        PermissionDeniedError: the caller does not own it.
        StepUpRequiredError: the second factor was not shown a moment ago.
        InvalidInputError: that is not its short name, or the reason is too long.
        OrganisationStateError: it leaves already.
    """
    await _require_owner(access, slug)
    words, until = checked_reason(reason), access.now + GRACE
    await _leave(access, {_S.ACTIVE}, words, until)
    await tell_provider(access, "organisation.leaving", until=until)
    await tell_staff(access.transaction, access.services, OWNER_CLOSES, target=_itself(access), until=until)
    return await own_organisation(access)


async def reopen_own_organisation(access: Access, slug: str) -> OrganisationRecord:
    """Keep the caller's own organisation that was to leave, as ``reopen_organisation`` does.

    Raises:
        PermissionDeniedError: the caller does not own it.
        StepUpRequiredError: the second factor was not shown a moment ago.
        InvalidInputError: that is not its short name.
        OrganisationStateError: it does not leave.
    """
    await _require_owner(access, slug)
    await _reopen(access)
    await tell_provider(access, "organisation.reopened")
    await tell_staff(access.transaction, access.services, OWNER_REOPENS, target=_itself(access))
    return await own_organisation(access)


async def _require_owner(access: Access, slug: str) -> None:
    """Refuse everybody but the owner in person, and an owner who means another organisation."""
    access.require(Permission.OWNERSHIP_TRANSFER)
    if access.actor.credential is not CredentialKind.SESSION or access.actor.is_bound:
        raise PermissionDeniedError(
            "An organisation is closed and kept by its owner in person: sign in for it by the own account."
        )
    access.require_step_up()
    if await access.fetchval("select slug from organisation where id = $1") != slug:
        raise InvalidInputError("Type the short name of this organisation, to say that it is meant.", path=("slug",))


def _itself(access: Access) -> tuple[UUID, str, UUID]:
    return access.organisation_id, "organisation", access.organisation_id


async def _leave(here: Access, only_from: Collection[OrganisationState], reason: str, until: datetime) -> None:
    before = await transition_organisation(here, _S.LEAVING, only_from=only_from, reason=reason, until=until)
    await _hold_deliveries(here)
    is_suspended = before is _S.SUSPENDED
    await tell_everybody(
        here, ORGANISATION_LEAVES, states=EVERYBODY, reason=reason, until=until, is_suspended=is_suspended
    )
    await here.audit("organisation.leaving", "organisation", here.organisation_id, until=until)


async def _reopen(here: Access) -> None:
    is_held = await here.fetchval("select suspended_at is not null from organisation where id = $1")
    to = _S.SUSPENDED if is_held else _S.ACTIVE
    await transition_organisation(here, to, only_from={_S.LEAVING})
    if not is_held:
        await _let_deliveries_go_on(here)
    await tell_everybody(here, ORGANISATION_REOPENED, states=EVERYBODY, is_suspended=is_held)
    await here.audit("organisation.reopened", "organisation", here.organisation_id)


async def _withdraw_offer(access: Access, slug: str, reason: str) -> ManagedOrganisation:
    """Close an organisation that nobody is in yet, and let go of its short name at once."""
    async with managing(access, slug) as here:
        await close_unowned(here, reason)
    await access.audit("organisation.closed", "organisation", here.organisation_id)
    return await managed_organisation(access, freed_slug(here.organisation_id))


async def _hold_deliveries(here: Access) -> None:
    """Let no delivery pass the gate after this commit: one that passes before holds its installation until then."""
    await here.fetch("select id from installation where organisation_id = $1 order by id for no key update")


async def _let_deliveries_go_on(here: Access) -> None:
    """Wake the workers for what waited."""
    await here.transaction.execute("select pg_notify('wardship_obligations', '')")
