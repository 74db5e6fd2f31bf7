"""A member's profile: what may be in it, and changing it, one's own or another's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.tenants.access import Access
from wardship.tenants.members.fields import fields_of, members_changed
from wardship.tenants.members.notices import PROFILE_CHANGED
from wardship.tenants.members.ranks import require_below
from wardship.tenants.members.read import member_by_id, member_not_found
from wardship.tenants.members.records import MemberRecord, MemberState
from wardship.tenants.members.tombstones import KnownBy, Reassignable, require_not_suppressed
from wardship.tenants.members.visibility import WHOLE, is_whole, visible_members
from wardship.tenants.notices.tell import tell
from wardship.tenants.permissions import Permission
from wardship.tenants.text import many_lines, one_line, web_address

_PHONE = re.compile(r"^\+?[0-9][0-9 ().\-/]{2,38}$")


class ErasedMemberError(ConflictError):
    """The person was erased from this organisation: nothing may be entered under the pseudonym."""

    code = "MEMBER_ERASED"


def _phone(value: str) -> str:
    text = one_line(value, "phone", most=40)
    if text and not _PHONE.match(text):
        raise InvalidInputError("Give a telephone number such as +49 30 901820.", path=("phone",))
    return text


def _line(name: str) -> Callable[[str], str]:
    return lambda value: one_line(value, name)


PROFILE_FIELDS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "display_name": lambda value: one_line(value, "display_name", least=1),
        "title": _line("title"),
        "first_name": _line("first_name"),
        "last_name": _line("last_name"),
        "job_title": _line("job_title"),
        "company": _line("company"),
        "username": _line("username"),
        "phone": _phone,
        "postal_address": lambda value: many_lines(value, "postal_address", most=500),
        "picture_url": lambda value: web_address(value, "picture_url") if value.strip() else "",
    }
)
"""The columns that a profile consists of and what makes a value of each; the e-mail address changes by proof only."""


def checked_profile(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values in the form in which they are kept.

    Raises:
        InvalidInputError: a field that a profile does not have, or a value that it can't hold.
    """
    unknown = sorted(set(values) - set(PROFILE_FIELDS))
    if unknown:
        raise InvalidInputError("A profile has no such field: use one that the API lists.", path=(unknown[0],))
    return {name: PROFILE_FIELDS[name](value) for name, value in values.items()}


def checked_correction(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a correction, which may be of the address too, in the form in which they are kept.

    The address is in canonical form already, or is brought to it by who knows the deployment: see ``contact_address``.

    Raises:
        InvalidInputError: a field that can't be corrected, or a value that it can't hold.
    """
    profile = checked_profile({name: value for name, value in values.items() if name != "email"})
    return profile | {name: value for name, value in values.items() if name == "email"}


async def update_own_profile(access: Access, values: Mapping[str, str]) -> MemberRecord:
    """Change fields of one's own profile and return it.

    Raises:
        InvalidInputError: a value can't be accepted.
    """
    return await _update(access, access.require_member(), checked_profile(values))


async def update_member(
    access: Access, member_id: UUID, values: Mapping[str, str], *, reassigned: Collection[Reassignable] = ()
) -> MemberRecord:
    """Change fields of the profile of a member below oneself and return it.

    Args:
        access: the caller.
        member_id: whose profile.
        values: by field.
        reassigned: what an erased person was known by and this member is now.

    Raises:
        NotBelowYouError: the member ranks as high as the caller.
        ErasedMemberError: the person was erased.
        ErasedIdentifierError: an erased person was known by the telephone number or username.
        InvalidInputError: a value can't be accepted.
    """
    member = await member_by_id(access, member_id)
    if member_id == access.actor.member_id:
        return await update_own_profile(access, values)
    access.require(Permission.MEMBERS_UPDATE)
    await require_below(access, member_id)
    if member.state == MemberState.ERASED:
        raise ErasedMemberError("This person was erased: add a new member instead.", path=("member_id",))
    checked = checked_profile(values)
    await require_not_suppressed(access, _entered(member, checked), reassigned)
    if checked:
        fields = sorted(name.replace("_", " ") for name in checked)
        target, by_directory = ("member", member_id), access.actor.is_directory
        await tell(access, PROFILE_CHANGED, [member_id], target=target, fields=fields, is_by_directory=by_directory)
    return await _update(access, member_id, checked)


async def correct_profile(access: Access, member_id: UUID, values: Mapping[str, str]) -> None:
    """Change fields of a member's profile because a request for correction was approved; the member is locked.

    Raises:
        InvalidInputError: a value can't be accepted.
    """
    checked = checked_correction(values)
    placed = ", ".join(f"{name} = ${place}" for place, name in enumerate(checked, start=3))
    await access.execute(
        f"update member set {placed} where organisation_id = $1 and id = $2", member_id, *checked.values()
    )
    await access.audit("member.profile_corrected", "member", member_id, fields=sorted(checked))
    await members_changed(access, [member_id], frozenset(checked))


def _entered(member: MemberRecord, checked: Mapping[str, str]) -> KnownBy:
    """Return what a member is to be known by that he or she was not known by before."""
    phone, username = checked.get("phone", ""), checked.get("username", "")
    return KnownBy(
        phone="" if phone == member.phone else phone, username="" if username == member.username else username
    )


async def _update(access: Access, member_id: UUID, checked: Mapping[str, str]) -> MemberRecord:
    if not checked:
        return await member_by_id(access, member_id)
    reach, columns = visible_members(access), frozenset(checked)
    placed = ", ".join(f"{name} = ${place}" for place, name in enumerate(checked, start=4))
    row = await access.fetchrow_as(
        MemberRecord,
        f"update member set {placed} where organisation_id = $1 and id = $2"
        f" returning {WHOLE}, is_received($1, $3) as is_received,"
        " concealed_at is not null as is_concealed",
        member_id,
        sorted(fields_of(columns)),
        *checked.values(),
    )
    if row is None:
        raise member_not_found()
    await access.audit("member.profile_updated", "member", member_id, fields=sorted(checked))
    if row["is_received"]:
        await members_changed(access, [member_id], columns)
    is_shown = is_whole(reach, member_id) and (not row["is_concealed"] or member_id == access.actor.member_id)
    return row if is_shown else await member_by_id(access, member_id)
