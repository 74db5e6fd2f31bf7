"""The e-mail address under which an organisation knows a member: one that the person's account has proven.

Where a member has an account nobody else changes it, and what an administrator corrects of a member without one changes
no account: an address is never a way into one.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from wardship.core.accounts.address import EmailAddress, canonical_address
from wardship.core.errors import ConflictError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.members.add import AlreadyMemberError
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.profile import ErasedMemberError
from wardship.tenants.members.ranks import require_below
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import MemberRecord, MemberState
from wardship.tenants.members.roles import require_may_give
from wardship.tenants.members.tombstones import KnownBy, require_address_not_suppressed, require_not_suppressed
from wardship.tenants.permissions import Permission


class AddressNotProvenError(ConflictError):
    """Your account has not proven this address: add it (addMyAddress), open the mailed link, then try again."""

    code = "ADDRESS_NOT_PROVEN"


class MemberHasAccountError(PermissionDeniedError):
    """The member has an account, whose addresses are the person's alone: he or she adds the right one."""

    code = "MEMBER_HAS_ACCOUNT"


class _Held(msgspec.Struct):
    address: str
    verified_at: str | None


async def proven_address(access: Access, email: str) -> EmailAddress:
    """Return an address of the caller's account that may become the one known here.

    Raises:
        InvalidAddressError: no address.
        AddressNotProvenError: the account has not proven it.
        ErasedAddressError: it was erased from this organisation.
        AlreadyMemberError: another member has it.
    """
    address = canonical_address(email, access.services.settings.internal_domains)
    if not await is_proven_by(access, access.actor.account_id, address):
        raise AddressNotProvenError(
            "Your account has not proven this address: add it, open the mailed link, then try again.", path=("email",)
        )
    await require_address_not_suppressed(access, address)
    if await _is_anothers(access, access.actor.member_id, address):
        raise AlreadyMemberError("Another member here has this address.", path=("email",))
    return address


async def is_proven_by(access: Access, account_id: UUID | None, address: str) -> bool:
    """Return whether an account has proven an address."""
    addresses = await access.transaction.fetchval(
        "select addresses from account_details($1, $2)", account_id, access.now
    )
    held = [] if addresses is None else msgspec.json.decode(addresses, type=list[_Held])
    return any(item.address == address and item.verified_at for item in held)


async def may_still_have(access: Access, member_id: UUID, address: str) -> bool:
    """Return whether an address that a member asked to be known by still may be: proven, and nobody else's here."""
    account_id: UUID | None = await access.fetchval(
        "select account_id from member where organisation_id = $1 and id = $2", member_id
    )
    return await is_proven_by(access, account_id, address) and not await _is_anothers(access, member_id, address)


async def choose_contact_address(access: Access, email: str) -> MemberRecord:
    """Be known here by another address of one's own account; recipients are told as of every change.

    Raises:
        InvalidAddressError, AddressNotProvenError, ErasedAddressError, AlreadyMemberError: see ``proven_address``.
    """
    member_id = access.require_member()
    await set_email(access, member_id, await proven_address(access, email))
    await access.audit("member.profile_updated", "member", member_id, fields=["email"])
    return await member_by_id(access, member_id)


async def correct_email(access: Access, member_id: UUID, email: str) -> tuple[MemberRecord, str]:
    """Correct the address of a member who has no account, as an administrator; return the member and the old address.

    Raises:
        NotBelowYouError: the member ranks as high as the caller.
        StepUpRequiredError: the membership has roles, which go with the address, and the second factor was not
            shown a moment ago.
        MemberHasAccountError: the person changes it.
        ErasedMemberError: the person was erased.
        InvalidAddressError: no address.
        ErasedAddressError, ErasedIdentifierError: it was an erased person's.
        AlreadyMemberError: another member has it.
    """
    member = await member_by_id(access, member_id)
    access.require(Permission.MEMBERS_UPDATE)
    require_may_give(access, await require_below(access, member_id), "member_id")
    if member.state == MemberState.ERASED:
        raise ErasedMemberError("This person was erased: add a new member instead.", path=("member_id",))
    row = await access.fetchrow(
        "select account_id, email from member where organisation_id = $1 and id = $2 for no key update", member_id
    )
    if row is None or row["account_id"] is not None:
        raise MemberHasAccountError(
            "This member has an account: ask him or her to add the right address, and to choose it.",
            path=("member_id",),
        )
    address = canonical_address(email, access.services.settings.internal_domains)
    await require_not_suppressed(access, KnownBy(address), ())
    if await _is_anothers(access, member_id, address):
        raise AlreadyMemberError("Another member here has this address.", path=("email",))
    await set_email(access, member_id, address)
    await access.audit("member.email_corrected", "member", member_id)
    return await member_by_id(access, member_id), row["email"]


async def set_email(access: Access, member_id: UUID, address: EmailAddress) -> None:
    """Write the address by which a member is known, and tell who receives it; others have checked who may."""
    await access.execute("update member set email = $3 where organisation_id = $1 and id = $2", member_id, address)
    await members_changed(access, [member_id], frozenset({"email"}))


async def _is_anothers(access: Access, member_id: UUID | None, address: str) -> bool:
    found: bool = await access.fetchval(
        "select exists (select from member where organisation_id = $1 and email = $3 and email <> ''"
        " and id is distinct from $2)",
        member_id,
        address,
    )
    return found
