"""What the directory says of members: read and written by member, forgotten when the membership ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.members.fields import DIRECTORY, ENDED, members_changed
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of several addresses or numbers: its value, what it is for, and whether it is the preferred one."""

    value: str = ""
    type: str = ""
    primary: bool | None = None


Contacts: TypeAlias = tuple[Contact, ...]


def contacts(text: str) -> Contacts:
    """Return addresses or numbers as they are kept."""
    return msgspec.json.decode(text, type=Contacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """What the directory says of one member.

    Attributes:
        user_name: as the directory writes it.
        user_name_key: the form by which it is compared.
        external_id: the directory's own identifier; empty when it told none.
        manager: whom the person reports to, as the directory names him or her: mostly a member's id.
        display_name: as the directory says it; empty where it says none, and members see another name.
        is_active: whether the person works there, if it says so. One whom somebody else deactivated stays so.
    """

    user_name: str
    user_name_key: str
    external_id: str = ""
    formatted_name: str = ""
    emails: Contacts = ()
    phone_numbers: Contacts = ()
    preferred_language: str = ""
    employee_number: str = ""
    cost_center: str = ""
    organization: str = ""
    division: str = ""
    department: str = ""
    manager: str = ""
    display_name: str = ""
    is_active: bool | None = None


class DirectoryUserRecord(Row):
    """What the directory says of a member, as it is shown."""

    __slots__ = ()

    member_id: UUID = column("member_id")
    changed_at: datetime = column("changed_at")
    user_name: str = column("user_name")
    external_id: str = column("external_id")
    display_name: str = column("display_name")
    formatted_name: str = column("formatted_name")
    emails: Contacts = column("emails", contacts)
    phone_numbers: Contacts = column("phone_numbers", contacts)
    preferred_language: str = column("preferred_language")
    employee_number: str = column("employee_number")
    cost_center: str = column("cost_center")
    organization: str = column("organization")
    division: str = column("division")
    department: str = column("department")
    manager: str = column("manager")


COLUMNS: Final = tuple(field.name for field in fields(DirectoryEntry))
_LISTED: Final = ", ".join(COLUMNS)
_INSERT: Final = "insert into directory_user (organisation_id, id, created_at, member_id, changed_at, "
_VALUES: Final = ") values ($1, $2, $3, $4, $3, "
_PLACES: Final = ", ".join(f"${number}" for number in range(5, 5 + len(COLUMNS)))
_AGAIN: Final = ") on conflict (organisation_id, member_id) do update set changed_at = excluded.changed_at, "
_ASSIGNED: Final = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
_WRITE: Final = _INSERT + _LISTED + _VALUES + _PLACES + _AGAIN + _ASSIGNED
_SELECT: Final = "select "
_FROM: Final = " from directory_user d where d.organisation_id = $1 and d.member_id = w.id"
_OF_MEMBER: Final = _SELECT + "d.member_id, d.changed_at, " + _LISTED + _FROM
_FORGET: Final = "delete from directory_user where organisation_id = $1 and member_id = any($2::uuid[])"


async def entries_of(access: Access, member_ids: Collection[UUID]) -> dict[UUID, DirectoryUserRecord]:
    """Return what the directory says of each member, as far as the caller may see.

    One's own, and everybody's for those who read members' details.
    """
    sees_all = access.may(Permission.MEMBERS_READ_DETAILS)
    own = access.actor.member_id if "read" in access.actor.scopes else None
    shown = [member_id for member_id in member_ids if sees_all or member_id == own]
    if not shown:
        return {}
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(shown, _OF_MEMBER)
    rows = await access.transaction.fetch_as(DirectoryUserRecord, sql, *parameters.values)
    return {row.member_id: row for row in rows}


async def write_entry(
    access: Access, member_id: UUID, entry: DirectoryEntry, *, others: frozenset[str] = frozenset()
) -> None:
    """Keep what the directory says of a member, in place of what it said before; others have checked who may.

    Groups whose rules look at it follow at once.

    Args:
        access: the directory.
        member_id: whose.
        entry: what it says.
        others: columns of the member that were written before, of which the same listeners are told with this.
    """
    await access.execute(_WRITE, uuid7(), access.now, member_id, *_values(entry))
    await members_changed(access, [member_id], others | {DIRECTORY})


def _values(entry: DirectoryEntry) -> Sequence[object]:
    return [_kept(value) for value in asdict(entry).values()]


def _kept(value: object) -> object:
    return msgspec.json.encode(value).decode() if isinstance(value, tuple) else value


async def forget_entries(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Forget what the directory said of members whose membership has ended: a listener of members."""
    if ENDED in columns:
        await access.execute(_FORGET, list(member_ids))
