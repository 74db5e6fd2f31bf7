"""The tables of who looked at whose data."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Text

from wardship.core.database.personal_data import RowErasure, personal_data
from wardship.core.database.tables import TenantRows, TenantTable
from wardship.core.nouns import Tables, hookimpl


@personal_data(not_personal=("actor_id", "actor_kind", "categories"))
class DataAccess(TenantTable, tablename="data_access"):
    """That somebody read categories of members' data; identifiers and keys of categories only."""

    actor_id = UUID()
    actor_kind = Text()
    categories = Array(base_column=Text())


@personal_data(subject="member_id", rows=RowErasure.KEEP, not_personal=("member_id",))
class DataAccessPerson(TenantRows, tablename="data_access_person"):
    """Whose data it was that was read; ``id`` is the one of the row of ``DataAccess``."""

    member_id = UUID()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return DataAccess, DataAccessPerson
