"""The table of who looked at whose data."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Text

from wardship.core.database.personal_data import RowErasure, personal_data
from wardship.core.database.tables import TenantTable


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    not_personal=("organisation_id", "id", "created_at", "member_id", "actor_id", "actor_kind", "categories"),
)
class DataAccess(TenantTable, tablename="data_access"):
    """That somebody read categories of a member's data; identifiers and keys of categories only."""

    member_id = UUID()
    actor_id = UUID()
    actor_kind = Text()
    categories = Array(base_column=Text())
