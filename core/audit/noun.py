"""The tables of the audit chain, which hold identifiers only and so outlive an erasure unchanged."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text

from wardship.core.database.personal_data import Outlasting, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl


@personal_data(not_personal=("sequence", "hash"))
class AuditHead(TenantTable, tablename="audit_head"):
    """The last link of an organisation's chain; its lock puts concurrent writers in order."""

    outlasting = Outlasting.PROOF

    sequence = BigInt()
    hash = Bytea()


@personal_data(
    not_personal=("sequence", "entry", "hash", "actor_id", "action", "target_kind", "target_id", "actor_member_id")
)
class AuditEntry(TenantTable, tablename="audit_entry"):
    """One link: the canonical entry, its chained hash, and copies of what is searched for."""

    outlasting = Outlasting.PROOF

    sequence = BigInt()
    entry = Text()
    hash = Bytea()
    actor_id = UUID(null=True, default=None)
    action = Text()
    target_kind = Text()
    target_id = UUID(null=True, default=None)
    actor_member_id = UUID(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return AuditHead, AuditEntry
