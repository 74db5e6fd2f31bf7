"""The tables of counted deletions and of those that wait."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Text, Timestamptz

from wardship.core.database.personal_data import personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.approvals.notices import KINDS
from wardship.tenants.approvals.settle import expire_approvals


@personal_data(not_personal=("member_id",))
class CountedDeletion(TenantTable, tablename="counted_deletion"):
    """A deletion of the last day that no second person approved."""

    member_id = UUID()


@personal_data(
    not_personal=(
        "kind",
        "member_id",
        "arguments",
        "asked_by",
        "asked_by_account",
        "is_with_privacy_team",
        "expires_at",
        "state",
        "decided_by",
        "decided_at",
    )
)
class Approval(TenantTable, tablename="approval"):
    """A deletion that waits, or waited, for a second person: identifiers only."""

    kind = Text()
    member_id = UUID()
    arguments = JSONB()
    asked_by = UUID(null=True, default=None)
    asked_by_account = UUID(null=True, default=None)
    is_with_privacy_team = Boolean()
    expires_at = Timestamptz()
    state = Text(default="asked")
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return CountedDeletion, Approval


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about deletions that wait."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what ends those that nobody decides."""
    return (expire_approvals,)
