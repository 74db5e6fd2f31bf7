"""The tables of who looked at whose data."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Text

from wardship.core.database.personal_data import RowErasure, personal_data
from wardship.core.database.tables import TenantRows, TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.data_access.notices import KINDS
from wardship.tenants.data_access.telling import tell_looks


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


@personal_data(not_personal=())
class UntoldLook(TenantTable, tablename="untold_look"):
    """That the organisation is not told yet of a look of the provider's privacy team; ``id`` is the look's."""


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return DataAccess, DataAccessPerson, UntoldLook


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what is told of looks."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what tells organisations of the privacy team's looks."""
    return (tell_looks,)
