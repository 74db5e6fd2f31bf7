"""The table of what erasures left for a while."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    personal={
        "sealed": Personal(
            "user",
            Source.AUTOMATIC,
            Erasure.REMOVE,
            exported=False,
            retained="encrypted, until what a limitation keeps is erased: it is found by nothing else",
        )
    },
    not_personal=("right_id", "member_id", "place", "reason_code", "named", "rows", "until", "ended_at", "ended_by"),
)
class ErasureRemainder(TenantTable, tablename="erasure_remainder"):
    """What one limitation kept from an erasure, until its date or somebody's decision.

    ``place`` is the limitation's in its right; ``named`` is what it names, in words without personal data.
    """

    right_id = UUID()
    member_id = UUID()
    place = Integer()
    reason_code = Text()
    named = Text()
    rows = Integer()
    until = Timestamptz(null=True, default=None)
    sealed = Bytea(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its table."""
    return (ErasureRemainder,)
