"""The table of what vendors brought."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, TextContext, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl


def _label(category: str) -> Personal:
    return Personal(category, Source.LINKED_SERVICE, Erasure.REMOVE)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={
        "source": _label("user.content"),
        "kind": _label("user.content"),
        "category": _label("user.content"),
        "purpose": _label("user.content"),
        "name": _label("user.content"),
        # A vendor's text about one person may name another.
        "value": Personal("user.content", Source.LINKED_SERVICE, Erasure.MODIFY, context=TextContext.TEXT),
        "at": _label("user.content"),
    },
    not_personal=("installation_id", "place_id", "member_id", "grant_id", "needs_consent"),
)
class ReceivedDatum(TenantTable, tablename="received_datum"):
    """A datum of a member as a vendor told it: new, or a correction that somebody decides on (``inbound.deciding``)."""

    installation_id = UUID()
    place_id = UUID()
    member_id = UUID()
    grant_id = UUID()
    source = Text()
    kind = Text()
    category = Text()
    purpose = Text()
    name = Text()
    value = JSONB()
    at = Timestamptz()
    needs_consent = Boolean()


@hookimpl
def wardship_tables() -> Tables:
    """Return its table."""
    return (ReceivedDatum,)
