"""What a person decides on what a vendor brought: a correction becomes part of the profile, or what came in goes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_member
from wardship.tenants.inbound.ordering import Topics, note_decided
from wardship.tenants.members.profile import PROFILE_FIELDS, update_member
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.permissions import Permission
from wardship.tenants.received.records import BroughtDatum, ReceivedKind
from wardship.tenants.received.storing import delete_datum, lock_datum, member_of_datum


class NotACorrectionError(ConflictError):
    """What came in is new data, or of something that a profile does not hold: it can't become part of one."""

    code = "NOT_A_CORRECTION"


_PATH: Final = ("received_datum_id",)


async def adopt_correction(access: Access, datum_id: UUID) -> MemberRecord:
    """Make a correction that a vendor proposes part of the profile, one's own or that of a member below oneself.

    The profile is changed as by hand, under the same rules, and the person is told; what came in goes, since it is no
    longer beside the profile but in it.

    Raises:
        NotFoundError: no such datum, or none that the caller may see.
        PermissionDeniedError: it is another's, and the caller may not change members.
        NotACorrectionError: it corrects nothing that a profile holds.
        InvalidInputError: the vendor's value is none that a profile can hold.
        NotBelowYouError: it is of a member who ranks as high as the caller.
    """
    brought = await _brought(access, datum_id)
    if brought.member_id != access.actor.member_id:
        access.require(Permission.MEMBERS_UPDATE)
    if brought.kind is not ReceivedKind.CORRECTED:
        raise NotACorrectionError("The vendor corrects nothing by it: leave it, or delete it.", path=_PATH)
    if brought.name not in PROFILE_FIELDS:
        raise NotACorrectionError(f"A profile is not changed by it: {_otherwise(brought.name)}.", path=_PATH)
    if not isinstance(brought.value, str):
        raise InvalidInputError("What the vendor sent is no text: enter what is right by hand.", path=_PATH)
    member = await update_member(access, brought.member_id, {brought.name: brought.value})
    await _decide(access, brought, "received_data.adopted")
    return member


async def dismiss_received(access: Access, datum_id: UUID) -> UUID:
    """Delete what a vendor brought of oneself, and return its id; what is newer may come in again, and nothing else.

    Raises:
        NotFoundError: no such datum, or none that the caller may see.
        PermissionDeniedError: it is another's.
    """
    brought = await _brought(access, datum_id)
    if brought.member_id != access.require_person():
        raise PermissionDeniedError("What a vendor sent of somebody is deleted by that person alone.")
    await _decide(access, brought, "received_data.dismissed")
    return brought.id


def _otherwise(name: str) -> str:
    return "an address is changed by its mailed proof" if name == "email" else "it has no such field"


async def _brought(access: Access, datum_id: UUID) -> BroughtDatum:
    """Return one datum, locked as its vendor's calls lock it: whoever comes second finds it gone."""
    member_id = await member_of_datum(access, datum_id)
    if member_id is None or not (member_id == access.actor.member_id or access.may(Permission.MEMBERS_READ_DETAILS)):
        raise _not_there()
    await lock_member(access, member_id)
    found = await lock_datum(access, datum_id)
    if found is None:
        raise _not_there()
    return found


async def _decide(access: Access, brought: BroughtDatum, event: str) -> None:
    """Delete what was decided on, and keep that it was: told again as of the same moment, it does not come in again."""
    await delete_datum(access, brought.id)
    person = Topics(brought.installation_id, brought.member_id)
    await note_decided(access, person, brought.name, brought.at, brought.value)
    details = {"installation": brought.installation_id, "fields": [brought.name]}
    await access.audit(event, "member", brought.member_id, **details)


def _not_there() -> NotFoundError:
    return NotFoundError("There is no such datum any more, or it is not yours to see: look again.", path=_PATH)
