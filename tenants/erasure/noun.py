"""The tables of what erasures left for a while, and of what has to be decided before them."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import (
    Erasure,
    Outlasting,
    Personal,
    RowErasure,
    Sealed,
    Source,
    personal_data,
)
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.erasure.remainders import SEALED_FOR


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
    not_personal=(
        "right_id",
        "member_id",
        "position",
        "reason_code",
        "named",
        "rows",
        "until",
        "ended_at",
        "ended_by",
        "is_privacy_teams",
    ),
)
class ErasureRemainder(TenantTable, tablename="erasure_remainder"):
    """What one limitation kept from an erasure, until its date or somebody's decision.

    ``position`` is the limitation's in its right, from 0; ``named`` is what it names, in words without personal data.
    """

    encrypted = (Sealed("sealed", SEALED_FOR),)

    outlasting = Outlasting.DUTIES

    right_id = UUID()
    member_id = UUID()
    position = Integer()
    reason_code = Text()
    named = Text()
    rows = Integer()
    until = Timestamptz(null=True, default=None)
    sealed = Bytea(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    is_privacy_teams = Boolean(default=False)


@personal_data(
    # Where a find is and a keyed digest of the passage; the text itself is never kept here.
    not_personal=(
        "right_id",
        "digest",
        "table_name",
        "item_id",
        "column_name",
        "kind",
        "rule",
        "is_group",
        "alike",
        "is_present",
        "is_rewritten",
        "decided_by",
        "decided_at",
    )
)
class ErasureFind(TenantTable, tablename="erasure_find"):
    """What in a text may be the person, until the erasure has ended."""

    right_id = UUID()
    digest = Bytea()
    table_name = Text()
    item_id = UUID()
    column_name = Text()
    kind = Text()
    rule = Text()
    is_group = Boolean()
    alike = Integer()
    is_present = Boolean(default=True)
    is_rewritten = Boolean(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)


@personal_data(not_personal=("right_id", "rule", "is_rewritten", "decided_by"))
class ErasureFindRule(TenantTable, tablename="erasure_find_rule"):
    """What was decided for all finds of a rule, until the erasure has ended."""

    right_id = UUID()
    rule = Text()
    is_rewritten = Boolean()
    decided_by = UUID()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return ErasureRemainder, ErasureFind, ErasureFindRule
