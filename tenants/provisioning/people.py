"""What a directory does with people: adds, keeps up, deactivates, brings back what it deactivated, and takes out.

It gives nobody a role, an account or a way into one. Everything goes through what administrators do, by the directory's
rank, which is below the owner's, so that no rule is another here than there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.address import InvalidAddressError, canonical_address
from wardship.core.database.engine import Record
from wardship.core.errors import ConflictError, NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.approvals.limit import HeldForApprovalError
from wardship.tenants.approvals.settle import withdraw_for_directory
from wardship.tenants.invitations.correct import correct_member_email
from wardship.tenants.members.add import AlreadyMemberError, enter_member
from wardship.tenants.members.fields import ENDED
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.join import tell_joined
from wardship.tenants.members.membership import (
    deactivate_member,
    reactivate_member,
    remove_member,
    restore_member,
)
from wardship.tenants.members.profile import PROFILE_FIELDS, checked_profile, update_member
from wardship.tenants.members.records import MemberState
from wardship.tenants.members.tombstones import KnownBy, require_not_suppressed
from wardship.tenants.organisations.states import require_active
from wardship.tenants.provisioning.entries import DirectoryEntry, forget_entries, write_entry

# The indexes of addresses and of identifiers have no empty ones, which the statements have to say to be given them.
# Who has the name already: whose name in the directory it is, or, of those whom it has not named, whose address.
_TAKEN: Final = """
    select exists (
        select from directory_user d where d.organisation_id = $1 and d.user_name_key = $3
            and d.member_id is distinct from $2
        union all
        select from member m where m.organisation_id = $1 and m.email = $3 and m.email <> ''
            and m.id is distinct from $2 and m.state in ('active', 'deactivated') and not exists (
                select from directory_user n where n.organisation_id = $1 and n.member_id = m.id)
            and not exists (select from approval w where w.organisation_id = $1 and w.member_id = m.id
                and w.kind = 'remove_member' and w.state = 'asked' and m.state = 'deactivated')
    ) as has_name, exists (
        select from directory_user d where d.organisation_id = $1 and d.external_id = $4 and d.external_id <> ''
            and d.member_id is distinct from $2
    ) as has_identifier
"""
# Whose membership had ended, or is to end as soon as a second person approves it.
_LEFT: Final = """
    select m.id, m.state, w.id as approval_id from member m left join approval w on w.organisation_id = $1
        and w.member_id = m.id and w.kind = 'remove_member' and w.state = 'asked'
    where m.organisation_id = $1 and m.email = $2 and m.email <> ''
        and (m.state = 'removed' or (m.state = 'deactivated' and w.arguments ->> 'directory' = 'directory'))
    for no key update of m
"""
_NOW: Final = """
    select m.state, m.account_id, m.email, m.display_name, m.title, m.first_name, m.last_name, m.job_title, m.phone,
        m.concealed_at, d.is_active
    from member m left join directory_user d on d.organisation_id = m.organisation_id and d.member_id = m.id
    where m.organisation_id = $1 and m.id = $2 and m.state in ('active', 'deactivated') for no key update of m
"""
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2033))"


class UserNameTakenError(ConflictError):
    """Another member has this user name, or this address: look the person up, and change that one."""

    code: ClassVar[str] = "USER_NAME_TAKEN"


class ExternalIdTakenError(ConflictError):
    """Another member has this identifier of the directory's."""

    code: ClassVar[str] = "EXTERNAL_ID_TAKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPerson:
    """A person as the directory describes him or her, whole.

    Attributes:
        entry: what is kept as the directory says it.
        email: the address that the organisation writes to, as typed; empty when there is none.
        profile: the fields of the profile that the directory keeps up, by name; ``display_name`` among them.
    """

    entry: DirectoryEntry
    email: str
    profile: Mapping[str, str]


async def add_person(access: Access, person: DirectoryPerson) -> UUID:
    """Make a person a member, without an account and without roles, and return the membership.

    Whose membership had ended gets that one again, as a plain member. An address is a way into no account: the person
    joins by an invitation, or by the organisation's own sign-in.

    Raises:
        OrganisationNotActiveError: the organisation is suspended or ends.
        UserNameTakenError, ExternalIdTakenError: another member has it.
        ErasedAddressError, ErasedIdentifierError: it was an erased person's.
        InvalidInputError: a value can't be accepted.
    """
    await require_active(access)
    await _require_free(access, None, person.entry)
    email = _address(access, person)
    member_id = await _again(access, email, person)
    if member_id is None:
        member_id = await _new(access, email, person)
    else:
        await write_entry(access, member_id, person.entry)
    await access.audit("member.provisioned", "member", member_id)
    if person.entry.is_active is False:
        await deactivate_member(access, member_id)
    return member_id


async def _new(access: Access, email: str, person: DirectoryPerson) -> UUID:
    profile = checked_profile(person.profile)
    new = NewMember(profile.pop("display_name"), email, profile=profile)
    try:
        await enter_member(access, new)
    except AlreadyMemberError:
        raise _name_taken() from None
    await write_entry(access, new.id, person.entry, others=frozenset(PROFILE_FIELDS))
    await tell_joined(access, new.id, ())
    return new.id


async def _again(access: Access, email: str, person: DirectoryPerson) -> UUID | None:
    """Give a membership that had ended back to whose address it has; None where there is none."""
    row = await access.fetchrow(_LEFT, email) if email else None
    if row is None:
        return None
    member_id: UUID = row["id"]
    await require_not_suppressed(access, KnownBy(email))
    if row["approval_id"] is None:
        await restore_member(access, member_id)
    else:
        await withdraw_for_directory(access, member_id)
        await reactivate_member(access, member_id)
    await _keep_up(access, member_id, person)
    return member_id


async def change_person(access: Access, member_id: UUID, person: DirectoryPerson) -> None:
    """Bring a member in line with what the directory says now.

    Raises:
        NotFoundError: there is no such member, or the membership has ended.
        UserNameTakenError, ExternalIdTakenError: another member has it.
        NotBelowYouError: it is the owner, whose profile and membership are not the directory's.
        LastAdminError: nobody would be left to administer the organisation.
        PermissionDeniedError: the member has roles, which the directory can't give back.
        InvalidInputError: a value can't be accepted.
    """
    row = await access.fetchrow(_NOW, member_id)
    if row is None:
        raise NotFoundError("No such member here.")
    await _require_free(access, member_id, person.entry)
    if row["state"] == MemberState.ACTIVE and person.entry.is_active is False:
        await deactivate_member(access, member_id)
    elif _is_back(row, person.entry):
        await reactivate_member(access, member_id)
    await _keep_up(access, member_id, person)
    await write_entry(access, member_id, person.entry)


def _is_back(row: Record, entry: DirectoryEntry) -> bool:
    """Return whether somebody whom the directory itself had deactivated works there again."""
    return row["state"] == MemberState.DEACTIVATED and row["is_active"] is False and entry.is_active is not False


async def _keep_up(access: Access, member_id: UUID, person: DirectoryPerson) -> None:
    row = await access.fetchrow(_NOW, member_id)
    if row is None:
        raise NotFoundError("No such member here.")
    changed = {name: value for name, value in checked_profile(person.profile).items() if value != row[name]}
    if changed and row["concealed_at"] is None:  # what the directory doesn't see is not what it leaves out
        await update_member(access, member_id, changed)
    email = _address(access, person)
    if row["account_id"] is None and email and email != row["email"]:
        try:
            await correct_member_email(access, member_id, email)
        except AlreadyMemberError:
            raise _name_taken() from None


async def remove_person(access: Access, member_id: UUID) -> None:
    """End the membership of somebody whom the directory has no more; nothing is erased.

    Where too many memberships ended within a day, the person is deactivated at once and known to the directory no
    more, and the rest waits for an administrator.

    Raises:
        NotFoundError: there is no such member, or the membership has ended.
        NotBelowYouError: it is the owner.
        LastAdminError: nobody would be left to administer the organisation.
    """
    row = await access.fetchrow(_NOW, member_id)
    if row is None:
        raise NotFoundError("No such member here.")
    try:
        await remove_member(access, member_id)
    except HeldForApprovalError:
        if row["state"] == MemberState.ACTIVE:
            await deactivate_member(access, member_id)
        await forget_entries(access, [member_id], frozenset({ENDED}))


async def _require_free(access: Access, member_id: UUID | None, entry: DirectoryEntry) -> None:
    """Refuse a name or an identifier that another has; two that come at the same moment, one after the other."""
    await access.transaction.execute(_LOCK, access.organisation_id)
    taken = await access.fetchrow(_TAKEN, member_id, entry.user_name_key, entry.external_id)
    if taken is None or taken["has_name"]:
        raise _name_taken()
    if taken["has_identifier"]:
        raise ExternalIdTakenError("Another member has this identifier of the directory's.", path=("external_id",))


def _address(access: Access, person: DirectoryPerson) -> str:
    """Return the person's address in canonical form; none where a user name only looked like one."""
    if not person.email:
        return ""
    try:
        return canonical_address(person.email, access.services.settings.internal_domains, path=("emails",))
    except InvalidAddressError:
        if person.email == person.entry.user_name and not person.entry.emails:
            return ""
        raise


def _name_taken() -> UserNameTakenError:
    return UserNameTakenError(
        "Another member has this user name or address: look the person up, and change that one.", path=("user_name",)
    )
