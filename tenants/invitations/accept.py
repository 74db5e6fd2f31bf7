"""Accept an invitation: only by an account that has proven the invited address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from wardship.core.accounts.accounts import recovered_at, verified_addresses
from wardship.core.actor import Actor, CredentialKind
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import Access, Services
from wardship.tenants.groups.people import insert_membership, leads_a_group
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.invitations.invite import InvitationEndedError, token_digest
from wardship.tenants.invitations.notices import INVITATION_ACCEPTED
from wardship.tenants.invitations.read import InvitationRecord, find_invitation
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.join import join, tell_joined
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.ranks import active_roles, roles_held
from wardship.tenants.members.roles import GivenRoles, columns_of, insert_roles, may_still_give
from wardship.tenants.members.tombstones import require_address_not_suppressed
from wardship.tenants.notices import tell_permitted
from wardship.tenants.organisations.states import require_active
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission


class WrongAddressError(PermissionDeniedError):
    """The invitation is for another address: a forwarded link can't be used."""

    code = "WRONG_ADDRESS"


@dataclass(frozen=True, slots=True)
class Joined:
    """What accepting brought: the organisation's slug, and the membership there."""

    organisation_id: UUID
    organisation_slug: str
    member_id: UUID


async def accept_invitation(services: Services, account_id: UUID, token: str, *, request_id: str) -> Joined:
    """Join the organisation that an invitation names, in a transaction of its own.

    Args:
        services: the deployment's parts.
        account_id: the account of a complete session: password and second factor were shown.
        token: from the letter.
        request_id: the identifier of the call in logs and audit.

    Raises:
        NotFoundError: no such invitation.
        WrongAddressError: the account has not proven the invited address.
        InvitationEndedError: accepted, revoked or expired, or its sender could not send it any more.
        ErasedAddressError: the person was erased there and has not registered again.
        AlreadyMemberError: the account is a member there.
        OrganisationNotActiveError: the organisation is suspended or ends.
    """
    async with services.database.directory(read_only=True) as transaction:
        place = await transaction.fetchrow("select * from invitation_place($1)", token_digest(token))
        addresses = await verified_addresses(transaction, account_id)
    if place is None:
        raise NotFoundError("No such invitation: ask for a new one.", path=("token",))
    actor = Actor(account_id, place["organisation_id"], None, frozenset(), CredentialKind.SESSION)
    async with services.database.tenant(actor.organisation_id, directory=True) as transaction:
        access = Access(actor, transaction, services, request_id)
        return await _join(access, place["invitation_id"], frozenset(addresses))


async def _join(access: Access, invitation_id: UUID, addresses: frozenset[str]) -> Joined:
    await require_active(access)
    invitation = await _take(access, invitation_id, addresses)
    await require_address_not_suppressed(access, invitation.email)
    member_id = await join(access, invitation.email)
    roles = await _roles_given(access, invitation, member_id)
    await insert_roles(access, [(member_id, roles)])
    if invitation.group_id is not None and await _is_open(access, invitation.group_id):
        await insert_membership(access, invitation.group_id, member_id, GroupRole.MEMBER)
    await access.audit("invitation.accepted", "invitation", invitation.id)
    await tell_permitted(
        access,
        INVITATION_ACCEPTED,
        Permission.INVITATIONS_SEND,
        target=("member", member_id),
        but=[member_id],
    )
    await tell_joined(access, member_id, roles)
    await access.audit("member.joined", "member", member_id, roles=[role.value for role in invitation.roles])
    await members_changed(access, [member_id], frozenset(PROFILE_FIELDS) | {"state", "groups"} | columns_of(roles))
    slug = await access.fetchval("select slug from organisation where id = $1")
    return Joined(access.organisation_id, slug, member_id)


async def _is_open(access: Access, group_id: UUID) -> bool:
    found: bool = await access.fetchval(
        "select archived_at is null and managed_by = 'people' from user_group where organisation_id = $1 and id = $2",
        group_id,
    )
    return found


async def _take(access: Access, invitation_id: UUID, addresses: frozenset[str]) -> InvitationRecord:
    invitation = await find_invitation(access, invitation_id, lock="for update")
    if invitation is None:
        raise NotFoundError("No such invitation: ask for a new one.", path=("token",))
    if invitation.email not in addresses:
        raise WrongAddressError(
            "This invitation is for another address: sign in with the one to which it was sent.", path=("token",)
        )
    if invitation.state != "open":
        raise InvitationEndedError("This invitation is no longer open: ask for a new one.", path=("token",))
    await _require_not_recovered_since(access, invitation)
    held = await active_roles(access, invitation.invited_by)
    if not any(Permission.INVITATIONS_SEND in ROLE_PERMISSIONS[role] for role in held):
        raise _not_by_this_sender()
    await access.execute(
        "update invitation set accepted_at = $3 where organisation_id = $1 and id = $2", invitation_id, access.now
    )
    return invitation


async def _require_not_recovered_since(access: Access, invitation: InvitationRecord) -> None:
    """Refuse what was sent before the account was recovered: who recovered it in one organisation opens no other."""
    moment = await recovered_at(access.transaction, access.actor.account_id)
    if moment is not None and invitation.created_at <= moment:
        raise InvitationEndedError(
            "Your account was recovered after this invitation was sent: ask for a new one.", path=("token",)
        )


async def _roles_given(access: Access, invitation: InvitationRecord, member_id: UUID) -> GivenRoles:
    """Return what accepting gives: the invitation's roles, and those that a prepared membership has.

    Refused is what its sender could not give any more, or who has been removed would come back by an own invitation;
    and roles for which the sender had not shown the second factor, for instance those that came to the address since.
    """
    given = {*invitation.roles, *await roles_held(access, member_id)}
    roles = await may_still_give(access, invitation.invited_by, given)
    is_more = bool(roles) or await leads_a_group(access, member_id)
    if roles is None or (is_more and not invitation.is_stepped_up):
        raise _not_by_this_sender()
    return roles


def _not_by_this_sender() -> InvitationEndedError:
    return InvitationEndedError(
        "The person who sent this invitation may not invite you so any more: ask for a new one.", path=("token",)
    )
