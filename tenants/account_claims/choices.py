"""What the owner of a claimed account chooses: stay, move to an address of one's own, or close the account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.addresses import HeldAddress, address_not_found, held_addresses
from wardship.core.actor import Actor, CredentialKind
from wardship.core.database.scope import Scope
from wardship.core.errors import InvalidInputError
from wardship.core.sign_in import addresses
from wardship.core.sign_in.closing import AccountInUseError
from wardship.tenants.access import Access
from wardship.tenants.account_claims.policies import require_held
from wardship.tenants.account_claims.read import (
    OwnClaimRecord,
    account_claim_not_found,
    claimed_addresses,
    find_account_claim,
    own_claim,
)
from wardship.tenants.account_claims.records import AccountClaimRecord, AccountClaimState
from wardship.tenants.account_claims.write import AccountClaimStateError, note_earlier_shared, transition_account_claim
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import close_own_account, own_call, require_own_account
from wardship.tenants.domains.read import find_claim
from wardship.tenants.members.boundary import reveal_member, set_boundary
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.join import join_as_plain_member, tell_joined
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.tombstones import require_address_not_suppressed
from wardship.tenants.organisations.states import require_active

_S = AccountClaimState
_IS_ACTIVE: Final = "select state = 'active' from member where organisation_id = $1 and id = $2"
_MEMBERSHIP: Final = "select id from member where organisation_id = $1 and account_id = $2 and state = 'active'"


class AddressAtDomainError(InvalidInputError):
    """The address is at the claimed domain, too: add one of your own to the account, and choose that."""

    code: ClassVar[str] = "ADDRESS_AT_DOMAIN"


async def stay(access: Access, claim_id: UUID) -> OwnClaimRecord:
    """Become a member of the organisation that claims the caller's account, or remain one, and return the claim.

    Who remains one after the organisation has lost the domain is seen again, as every other member.

    Raises:
        SessionRequiredError: the caller showed a token.
        NotFoundError: no such claim of the caller's account.
        AccountClaimStateError: it does not wait for the caller.
        DomainNotHeldError: the organisation has to prove the domain again first.
        OrganisationNotActiveError: it is suspended, or ends.
        AlreadyMemberError: the caller is a member there.
        ErasedAddressError: the caller was erased there, and has not registered again.
    """
    async with _deciding(access, claim_id) as (there, claim):
        await require_active(there)
        if claim.state is _S.RELEASED and claim.member_id is not None:
            await _remain(there, claim.member_id)
        else:
            await _join(there, claim)
    return await own_claim(access, claim_id)


async def _join(there: Access, claim: AccountClaimRecord) -> None:
    domain = await find_claim(there, claim.domain_id, lock="for share")
    if domain is None:
        raise account_claim_not_found()
    require_held(domain)
    address = (await claimed_addresses(there, [claim.id])).get(claim.id)
    if address is None:
        raise address_not_found()
    await require_address_not_suppressed(there, address)
    await _enter(there, claim, address)


async def _enter(there: Access, claim: AccountClaimRecord, address: str) -> None:
    """Join, unless the caller is a member by another way: then, too, administrators see what follows alone."""
    member_id = await there.fetchval(_MEMBERSHIP, there.actor.account_id)
    if member_id is None:
        await enter(there, claim, address)
    else:
        await set_boundary(there, member_id, there.now)
        await transition_account_claim(there, claim, _S.MANAGED, member_id=member_id)


async def enter(there: Access, claim: AccountClaimRecord, address: str) -> UUID:
    """Make the owner of a claimed account a plain member, and return the membership; others have checked who may.

    Args:
        there: of the account, in the organisation; its transaction reaches the directory.
        claim: locked.
        address: at the domain, which the account has proven.
    """
    member_id = await join_as_plain_member(there, address)
    await set_boundary(there, member_id, there.now)
    await reveal_member(there, member_id)
    await transition_account_claim(there, claim, _S.MANAGED, member_id=member_id)
    await there.audit("member.joined", "member", member_id, roles=[])
    await tell_joined(there, member_id, [])
    await members_changed(there, [member_id], frozenset(PROFILE_FIELDS) | {"state", "roles"})
    return member_id


async def _remain(there: Access, member_id: UUID) -> None:
    """Let a member be seen again whose domain is lost.

    Raises:
        AccountClaimStateError: the membership has ended.
    """
    if not await there.fetchval(_IS_ACTIVE, member_id):
        raise AccountClaimStateError("This membership has ended: ask to be invited.", path=("claim_id",))
    await reveal_member(there, member_id)
    await there.audit("member.revealed", "member", member_id)


async def share_earlier(access: Access, claim_id: UUID, *, is_shared: bool) -> OwnClaimRecord:
    """Let administrators see what the caller did before joining by a domain, or let them see it no more.

    Raises:
        SessionRequiredError: the caller showed a token.
        NotFoundError: no such claim of the caller's account.
        AccountClaimStateError: the caller is no member by it.
    """
    async with _deciding(access, claim_id) as (there, claim):
        if claim.state is not _S.MANAGED or claim.member_id is None:
            raise AccountClaimStateError("You are no member by this claim.", path=("claim_id",))
        await set_boundary(there, claim.member_id, None if is_shared else claim.managed_at)
        await note_earlier_shared(there, claim.id, there.now if is_shared else None)
        action = "account_claim.earlier_shared" if is_shared else "account_claim.earlier_withheld"
        await there.audit(action, "account_claim", claim.id)
    return await own_claim(access, claim_id)


async def move_away(access: Access, claim_id: UUID, address_id: UUID) -> OwnClaimRecord:
    """Give the account an address of the caller's own as the primary one, and take those at the domain from it.

    The account and all that is in it stay as they are.

    Args:
        access: the caller.
        claim_id: of the caller's account.
        address_id: a proven address of the account that is not at the domain.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: no such claim, or no such address, of the caller's account.
        AccountClaimStateError: it does not wait for the caller.
        AddressAtDomainError: the address is at the domain, too.
    """
    account_id = require_own_account(access)
    access.require_step_up()
    async with _deciding(access, claim_id) as (there, claim):
        await transition_account_claim(there, claim, _S.DETACHED)
    own = await own_claim(access, claim_id)
    async with in_directory(access):
        held = await held_addresses(access.transaction, account_id)
        chosen = next((each for each in held if each.id == address_id), None)
        if chosen is None:
            raise address_not_found()
        if own.covers(chosen.address):
            raise AddressAtDomainError("This address is at the domain, too: choose another.", path=("address_id",))
        await addresses.make_primary(access.transaction, own_call(access), account_id, address_id)
        await _remove_others(access, account_id, [each for each in held if own.covers(each.address)])
    return own


async def close_instead(access: Access, claim_id: UUID, email: str) -> OwnClaimRecord:
    """Close the caller's account, which belongs to no organisation, instead of joining: see ``close_account``.

    Until it is erased, two weeks later, signing in keeps it; the organisation does not ask again.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: no such claim of the caller's account.
        AccountClaimStateError: it does not wait for the caller.
        AccountInUseError: the account belongs to another organisation, or to the staff; the message says the way out.
    """
    async with _deciding(access, claim_id) as (there, claim):
        await transition_account_claim(there, claim, _S.CLOSED)
    try:
        await close_own_account(access, email)
    except AccountInUseError as error:
        # Who has to choose reaches no organisation, and could not leave one.
        raise AccountInUseError(f"{error} To get there, choose to move to an address of your own first.") from None
    return await own_claim(access, claim_id)


@asynccontextmanager
async def _deciding(access: Access, claim_id: UUID) -> AsyncIterator[tuple[Access, AccountClaimRecord]]:
    """Act on a claim of the caller's account in the organisation that makes it, in the same transaction.

    Raises:
        SessionRequiredError: the caller showed a token.
        NotFoundError: no such claim of the caller's account.
    """
    account_id = require_own_account(access)
    own = await own_claim(access, claim_id)
    actor = Actor(account_id, own.organisation_id, None, frozenset(), CredentialKind.SESSION)
    async with access.transaction.reaching(Scope(own.organisation_id, directory=True)):
        there = replace(access, actor=actor)
        claim = await find_account_claim(there, claim_id, lock="for no key update")
        if claim is None or claim.account_id != account_id:
            raise account_claim_not_found()
        yield there, claim


async def _remove_others(access: Access, account_id: UUID, held: list[HeldAddress]) -> None:
    for each in held:  # ten at most
        session_id = access.actor.credential_id
        await addresses.remove_address(access.transaction, own_call(access), account_id, each.id, session_id=session_id)
