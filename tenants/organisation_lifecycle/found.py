"""Found an organisation for an address: with its owner at once, or waiting until the owner has proven the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from wardship.core.accounts.address import EmailAddress, canonical_address
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.appointments.appoint import (
    OFFER_LASTS,
    Awaited,
    await_owner,
    owner_awaited,
    proven_account,
    require_not_erased,
)
from wardship.tenants.appointments.carry_out import new_owner
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation, acting_in, managed_organisation
from wardship.tenants.organisations.create import (
    SlugTakenError,
    checked_name,
    checked_slug,
    insert_organisation,
    insert_owner,
)
from wardship.tenants.organisations.names import renew_offer
from wardship.tenants.organisations.states import OrganisationState
from wardship.tenants.permissions import Permission

_KNOWN: Final = "select id, name, state from organisation where slug = $1 and kind = 'customer'"
_IS_OWNER: Final = (
    "select exists (select from member m join role_assignment r on r.organisation_id = m.organisation_id"
    " and r.member_id = m.id and r.role = 'org_owner' where m.organisation_id = $1 and m.account_id = $2"
    " and m.state = 'active')"
)


@dataclass(frozen=True, slots=True)
class Founded:
    """An organisation that was asked for.

    Attributes:
        organisation: as it is now.
        is_new: whether it was made now; False where the same was asked for before.
        awaited: who was written to; None where the owner is there.
    """

    organisation: ManagedOrganisation
    is_new: bool
    awaited: Awaited | None


async def found_organisation(access: Access, *, slug: str, name: str, owner_email: str) -> Founded:
    """Make an organisation for the person who proves an address to own; asked for again, the letter is sent again.

    An account that has proven the address and has a second factor owns it at once. For any other address the
    organisation waits thirty days, with nobody in it.

    Args:
        access: of an operator, or the command line's, at the provider.
        slug: the short name in addresses and headers: lower-case letters, digits and hyphens.
        name: the name that people read.
        owner_email: the address of the owner.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        InvalidInputError: slug, name or address can't be accepted.
        SlugTakenError: another organisation has the slug, or had it not long ago.
        ErasedAccountError: the account with this address was erased.
        TooManyAttemptsError: too many letters to this address within an hour.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    access.require_step_up()
    slug, name = checked_slug(slug), checked_name(name)
    address = canonical_address(owner_email, access.services.settings.internal_domains, path=("owner_email",))
    new_id = uuid7()
    async with acting_in(access, new_id) as here:
        # Of two that ask for the same at one moment, the second sees what the first did.
        await here.transaction.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"slug:{slug}")
        known = await here.transaction.fetchrow(_KNOWN, slug)
        awaited = await _found(here, slug, name, address) if known is None else None
    if known is not None:
        awaited = await _again(access, known, name, address)
    else:
        await access.audit("organisation.created", "organisation", new_id)
    return Founded(await managed_organisation(access, slug), known is None, awaited)


async def _found(here: Access, slug: str, name: str, address: EmailAddress) -> Awaited | None:
    await require_not_erased(here, address)
    account_id = await proven_account(here.transaction, address)
    if account_id is None:
        await insert_organisation(here, slug=slug, name=name, offered_until=here.now + OFFER_LASTS)
        return await await_owner(here, here.organisation_id, name, address)
    await insert_organisation(here, slug=slug, name=name)
    shown = await here.transaction.fetchval("select display_name from account where id = $1", account_id)
    await insert_owner(here, new_owner(account_id, shown, address))
    return None


async def _again(access: Access, known: Mapping[str, Any], name: str, address: EmailAddress) -> Awaited | None:
    """Write again to whom the organisation waits for; nothing, where the owner is there."""
    is_waiting = known["state"] == OrganisationState.AWAITING_OWNER
    organisation_id: UUID = known["id"]
    async with acting_in(access, organisation_id) as here:
        if known["name"] != name or not await _is_same_owner(here, address, is_waiting=is_waiting):
            raise SlugTakenError("Another organisation has this short name: choose another.", path=("slug",))
        if not is_waiting:
            return None
        await renew_offer(here, here.now + OFFER_LASTS)
        return await await_owner(here, organisation_id, name, address)


async def _is_same_owner(here: Access, address: EmailAddress, *, is_waiting: bool) -> bool:
    if is_waiting:
        return await owner_awaited(here.transaction, here.organisation_id) == address
    account_id = await proven_account(here.transaction, address)
    return account_id is not None and bool(await here.fetchval(_IS_OWNER, account_id))
