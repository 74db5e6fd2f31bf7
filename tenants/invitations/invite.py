"""Invite somebody by e-mail, or take an invitation back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from wardship.core.accounts.address import canonical_address
from wardship.core.actor import Role
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.core.notices import Addressee, mail_letter
from wardship.tenants.access import Access
from wardship.tenants.groups.change import open_group, require_by_hand
from wardship.tenants.groups.people import leads_a_group
from wardship.tenants.invitations.notices import INVITATION
from wardship.tenants.invitations.pace import admit_invitation
from wardship.tenants.invitations.read import (
    COLUMNS,
    INVITATION_LASTS,
    InvitationRecord,
    invitation_by_id,
    invitation_record,
)
from wardship.tenants.invitations.refused import ABOUT
from wardship.tenants.members.add import AlreadyMemberError
from wardship.tenants.members.fields import ENDED
from wardship.tenants.members.ranks import roles_held
from wardship.tenants.members.roles import require_may_give
from wardship.tenants.members.tombstones import KnownBy, Reassignable, require_not_suppressed
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.organisations.states import require_active
from wardship.tenants.permissions import Permission


class InvitationOpenError(ConflictError):
    """An invitation to this address is open: revoke it before sending another."""

    code = "INVITATION_OPEN"


class InvitationEndedError(ConflictError):
    """The invitation was accepted, revoked, or has expired."""

    code = "INVITATION_ENDED"


def token_digest(token: str) -> bytes:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


async def invite_member(
    access: Access,
    email: str,
    *,
    roles: Collection[Role] = (),
    group_id: UUID | None = None,
    reassigned: Collection[Reassignable] = (),
) -> InvitationRecord:
    """Invite an address for a week, with roles below one's own and, if wanted, into a group.

    Raises:
        InvalidInputError: no e-mail address.
        NotBelowYouError: a role is not below the caller's.
        StepUpRequiredError: there are roles to give, and the second factor was not shown a moment ago.
        ErasedAddressError: the person was erased here and has not registered again.
        ErasedIdentifierError: the mailbox was an erased person's, and is not said to be another's.
        AlreadyMemberError: the address is a member with an account.
        InvitationOpenError: an invitation to the address is open.
        TooManyInvitationsError: to this mailbox, or by the organisation.
        OrganisationNotActiveError: the organisation ends.
    """
    access.require(Permission.INVITATIONS_SEND)
    inviter = access.require_member()
    await require_active(access)
    address = canonical_address(email, access.services.settings.internal_domains)
    await _check(access, address, roles, group_id)
    await require_not_suppressed(access, KnownBy(address), reassigned)
    await admit_invitation(access, address)
    token = secrets.token_urlsafe(32)
    invitation = await _insert(access, address, roles, group_id, inviter, token)
    organisation = await own_organisation(access)
    await _queue_mail(access, invitation, organisation.name, token)
    await access.audit("member.invited", "invitation", invitation.id, roles=sorted(r.value for r in roles))
    return invitation


async def revoke_invitation(access: Access, invitation_id: UUID) -> InvitationRecord:
    """Take an open invitation back.

    Raises:
        InvitationEndedError: it was accepted or revoked.
        NotFoundError: absent, or not the caller's to see.
    """
    invitation = await invitation_by_id(access, invitation_id)
    access.require(Permission.INVITATIONS_SEND)
    now = access.now
    changed = await access.execute(
        "update invitation set revoked_at = $3"
        " where organisation_id = $1 and id = $2 and accepted_at is null and revoked_at is null",
        invitation_id,
        now,
    )
    if not changed:
        raise InvitationEndedError("This invitation was accepted or revoked already.", path=("invitation_id",))
    await access.audit("invitation.revoked", "invitation", invitation_id)
    return replace(invitation, revoked_at=now)


async def revoke_invitations_to(access: Access, addresses: Collection[str], *, by: str = "erasure") -> None:
    """Revoke open invitations to a person's addresses and their sub-addresses: for an erasure, or a correction."""
    rows = await access.fetch(
        "update invitation set revoked_at = $2 where organisation_id = $1"
        " and (lower(email) = any($3::text[]) or regexp_replace(lower(email), '\\+[^@]*@', '@') = any($3::text[]))"
        " and accepted_at is null and revoked_at is null returning id",
        access.now,
        sorted(addresses),
    )
    for row in rows:
        await access.audit("invitation.revoked", "invitation", row["id"], by=by)


async def revoke_invitations_by(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Revoke open invitations by members who are not active any more: nobody joins by the word of who has left."""
    if "state" not in columns and ENDED not in columns:
        return
    rows = await access.fetch(
        "update invitation set revoked_at = $2 where organisation_id = $1 and accepted_at is null"
        " and revoked_at is null and invited_by in (select id from member m where m.organisation_id = $1"
        " and m.id = any($3::uuid[]) and m.state <> 'active') returning id",
        access.now,
        list(member_ids),
    )
    for row in rows:
        await access.audit("invitation.revoked", "invitation", row["id"], by="sender_left")


async def _check(access: Access, address: str, roles: Collection[Role], group_id: UUID | None) -> None:
    await _require_may_bring(access, address, roles)
    if group_id is not None:
        require_by_hand(await open_group(access, group_id))
    if await access.fetchval(
        "select true from member where organisation_id = $1 and email = $2 and email <> '' and account_id is not null"
        " and state in ('active', 'deactivated')",
        address,
    ):
        raise AlreadyMemberError("This person is a member here already.", path=("email",))


async def _require_may_bring(access: Access, address: str, roles: Collection[Role]) -> None:
    """Refuse what the caller may not give: these roles, and those of a membership that was prepared for the address."""
    prepared = await access.fetchval(
        "select id from member where organisation_id = $1 and email = $2 and email <> ''"
        " and account_id is null and state = 'active'",
        address,
    )
    if prepared is None:
        require_may_give(access, roles)
        return
    require_may_give(access, {*roles, *await roles_held(access, prepared)})
    if await leads_a_group(access, prepared):
        access.require_step_up()


async def _insert(  # noqa: PLR0913, PLR0917 - the columns of one row
    access: Access, address: str, roles: Collection[Role], group_id: UUID | None, inviter: UUID, token: str
) -> InvitationRecord:
    await access.execute(
        "update invitation set revoked_at = $3 where organisation_id = $1 and email = $2"
        " and accepted_at is null and revoked_at is null and expires_at <= $3",
        address,
        access.now,
    )
    row = await access.fetchrow(
        f"""insert into invitation (organisation_id, id, created_at, email, roles, group_id, token_hash, invited_by,
            expires_at, is_stepped_up) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict do nothing returning {COLUMNS}""",  # noqa: S608 - constants
        uuid7(),
        access.now,
        address,
        sorted(role.value for role in roles),
        group_id,
        token_digest(token),
        inviter,
        access.now + INVITATION_LASTS,
        access.is_stepped_up,
    )
    if row is None:
        raise InvitationOpenError("An invitation to this address is open: revoke it first.", path=("email",))
    return invitation_record(row, access.now)


async def _queue_mail(access: Access, invitation: InvitationRecord, organisation: str, token: str) -> None:
    """Queue the letter in this transaction; it is sent after the commit."""
    to = Addressee(
        invitation.email,
        letter_id=invitation.id,
        about=ABOUT,
        organisation_id=access.organisation_id,
        organisation=organisation,
    )
    link = f"{access.services.settings.public_url}/invitations/{token}"
    await mail_letter(access.transaction, access.services, INVITATION, to, link=link, until=invitation.expires_at)
