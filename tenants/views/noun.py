"""The table of saved views."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Text

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl

_WRITTEN = Personal("user.content", Source.PERSON, Erasure.MODIFY)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    # Others may be named in it, and looked for by it.
    personal={"name": _WRITTEN, "address": _WRITTEN},
    not_personal=("member_id", "page", "is_shared"),
)
class SavedView(TenantTable, tablename="saved_view"):
    """A list of the console as a member has filtered and ordered it."""

    member_id = UUID()
    name = Text()
    page = Text()
    address = Text()
    is_shared = Boolean(default=False)


@hookimpl
def wardship_tables() -> Tables:
    """Return its table."""
    return (SavedView,)
