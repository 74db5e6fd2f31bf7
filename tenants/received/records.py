"""What a vendor brought of a member, and who may read it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.paging import Page, PageRequest, each_page_sql, pages_by_parent
from wardship.tenants.permissions import Permission


class ReceivedKind(StrEnum):
    """What a vendor said of a value: that it is new, or that it corrects what it was sent."""

    NEW_DATA = "new_data"
    CORRECTED = "corrected"


def in_words(value: str) -> str:
    """Return a value, as JSON, as people read it."""
    plain = msgspec.json.decode(value)
    if isinstance(plain, list):
        return ", ".join(map(str, plain))
    return plain if isinstance(plain, str) else msgspec.json.encode(plain).decode()


class ReceivedDatumRecord(Row):
    """One datum, with its source.

    Attributes:
        created_at: when it came in.
        source: who told it: the recipient, with the server where the settings name one.
        category: of the taxonomy, as the vendor labelled it.
        name: of the field.
        value: in words.
        at: since when it is so at the vendor.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    installation_id: UUID = column("installation_id")
    member_id: UUID = column("member_id")
    source: str = column("source")
    kind: ReceivedKind = column("kind", ReceivedKind)
    category: str = column("category")
    purpose: str = column("purpose")
    name: str = column("name")
    value: str = column("value", in_words)
    at: datetime = column("at")

    @property
    def is_adoptable(self) -> bool:
        """Whether a profile can take it over."""
        return self.kind is ReceivedKind.CORRECTED and self.name in PROFILE_FIELDS


class BroughtDatum(Row):
    """One datum that somebody decides on, locked.

    Attributes:
        value: as the vendor sent it.
    """

    __slots__ = ()

    id: UUID = column("id")
    installation_id: UUID = column("installation_id")
    member_id: UUID = column("member_id")
    kind: ReceivedKind = column("kind", ReceivedKind)
    name: str = column("name")
    value: object = column("value", msgspec.json.decode)
    at: datetime = column("at")


_SELECT_EACH: Final = each_page_sql(
    "select id, created_at, installation_id, member_id, source, kind, category, purpose, name, value, at"
    " from received_datum",
    "member_id",
)


async def received_of_members(
    access: Access, member_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[ReceivedDatumRecord]]:
    """Return, for each member, a page of what vendors brought, the first to come first.

    Members of whom the caller may not see it are left out: everybody sees the own, those who read details see all.
    """
    sees_all = access.may(Permission.MEMBERS_READ_DETAILS)
    own = access.actor.member_id if "read" in access.actor.scopes else None
    asked = [member_id for member_id in member_ids if sees_all or member_id == own]
    if not asked:
        return {}
    rows = await access.fetch_as(ReceivedDatumRecord, _SELECT_EACH, asked, *(page.after or (None, None)), page.limit)
    return pages_by_parent(asked, rows, "member_id", page)
