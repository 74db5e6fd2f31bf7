"""Add one member, or import many; an erased person comes back by neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from wardship.core.accounts.address import canonical_address
from wardship.core.errors import ConflictError, InvalidInputError, WardshipError
from wardship.tenants.access import Access
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.insert import NewMember, insert_members
from wardship.tenants.members.profile import PROFILE_FIELDS, checked_profile
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.members.roles import require_may_give
from wardship.tenants.members.tombstones import (
    KnownBy,
    Reassignable,
    note_reassigned,
    require_not_suppressed,
    suppressed,
)
from wardship.tenants.permissions import Permission

LARGEST_IMPORT = 1000


class AlreadyMemberError(ConflictError):
    """This address or account is a member here already."""

    code = "ALREADY_MEMBER"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One person to import, as typed: an address, and fields of the profile, ``display_name`` among them.

    Attributes:
        reassigned: what an erased person was known by and this one is now.
    """

    email: str
    profile: Mapping[str, str] = field(default_factory=dict)
    reassigned: frozenset[Reassignable] = frozenset()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of one row: a member, or the refusal that says why not."""

    row: int
    member_id: UUID | None = None
    refusal: WardshipError | None = None


async def add_member(access: Access, new: NewMember) -> MemberRecord:
    """Add one person, with roles below one's own.

    Raises:
        ErasedAddressError: the person was erased here and has not registered again.
        ErasedIdentifierError: an erased person was known by the mailbox, telephone number or username.
        AlreadyMemberError: the address or the account is a member here.
        NotBelowYouError: a role is not below the caller's.
        StepUpRequiredError: there are roles to give, and the second factor was not shown a moment ago.
    """
    await enter_member(access, new)
    await members_changed(access, [new.id], frozenset(PROFILE_FIELDS))
    return await member_by_id(access, new.id)


async def enter_member(access: Access, new: NewMember) -> None:
    """Add one person as ``add_member`` does, for who writes more about the person and tells the listeners of it all.

    Raises:
        ErasedAddressError, ErasedIdentifierError, AlreadyMemberError, NotBelowYouError, StepUpRequiredError: as there.
    """
    access.require(Permission.MEMBERS_UPDATE)
    new = replace(new, roles=require_may_give(access, new.roles))
    await require_not_suppressed(access, _known_by(new))
    if not await insert_members(access, [new]):
        raise AlreadyMemberError("This person is a member here already.", path=("email",))
    await access.audit("member.added", "member", new.id, roles=sorted(role.value for role in new.roles))


async def import_members(access: Access, rows: Sequence[ImportRow]) -> list[ImportResult]:
    """Add many people without accounts in one operation; each row succeeds or is refused by itself.

    Raises:
        InvalidInputError: more than 1000 rows.
    """
    access.require(Permission.MEMBERS_UPDATE)
    if len(rows) > LARGEST_IMPORT:
        raise InvalidInputError(f"Import at most {LARGEST_IMPORT} people at a time.", path=("rows",))
    internal = access.services.settings.internal_domains
    results = [_checked(number, row, internal) for number, row in enumerate(rows)]
    people = [item for item in results if isinstance(item, _Candidate)]
    found = dict(zip((item.row for item in people), await suppressed(access, _all_known_by(people)), strict=True))
    refusals = _doubles(people) | {
        item.row: refusal for item in people if (refusal := found[item.row].refusal(item.reassigned))
    }
    accepted = [item for item in people if item.row not in refusals]
    inserted = await insert_members(access, [item.person for item in accepted])
    if reassigned := [found[item.row].others for item in accepted if found[item.row].others]:
        await note_reassigned(access, frozenset().union(*reassigned), count=len(reassigned))
    await access.audit("members.imported", "organisation", access.organisation_id, **_count(inserted))
    await members_changed(access, sorted(inserted), frozenset(PROFILE_FIELDS))
    return [_result(item, refusals, inserted) for item in results]


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    person: NewMember
    reassigned: frozenset[Reassignable]


def _checked(number: int, row: ImportRow, internal: Collection[str]) -> _Candidate | ImportResult:
    try:
        address = canonical_address(row.email, internal)
        profile = checked_profile({"display_name": row.email.partition("@")[0]} | dict(row.profile))
    except WardshipError as error:
        return ImportResult(number, refusal=error)
    return _Candidate(number, NewMember(profile.pop("display_name"), address, profile=profile), row.reassigned)


def _known_by(person: NewMember) -> KnownBy:
    return KnownBy(person.email, person.profile.get("phone", ""), person.profile.get("username", ""))


def _all_known_by(people: Sequence[_Candidate]) -> list[KnownBy]:
    return [_known_by(item.person) for item in people]


def _doubles(people: Sequence[_Candidate]) -> dict[int, WardshipError]:
    seen: Counter[str] = Counter()
    doubles: dict[int, WardshipError] = {}
    for item in people:
        seen[item.person.email] += 1
        if seen[item.person.email] > 1:
            doubles[item.row] = AlreadyMemberError("An earlier row has the same address.", path=("email",))
    return doubles


def _result(
    item: _Candidate | ImportResult, refusals: Mapping[int, WardshipError], inserted: set[UUID]
) -> ImportResult:
    if isinstance(item, ImportResult):
        return item
    if item.row in refusals:
        return ImportResult(item.row, refusal=refusals[item.row])
    if item.person.id in inserted:
        return ImportResult(item.row, member_id=item.person.id)
    return ImportResult(item.row, refusal=AlreadyMemberError("This person is a member here already.", path=("email",)))


def _count(inserted: set[UUID]) -> dict[str, object]:
    return {"count": len(inserted), "members": sorted(str(item) for item in inserted)}
