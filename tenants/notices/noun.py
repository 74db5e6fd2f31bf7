"""Notices to members."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.notices.mailing import forget_notices, mail_notices


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"details": Personal("user.content.private", Source.AUTOMATIC, Erasure.REMOVE)},
    not_personal=(
        "member_id",
        "kind",
        "needs",
        "target_kind",
        "target_id",
        "event",
        "read_at",
        "mail_state",
        "mail_at",
    ),
)
class Notice(TenantTable, tablename="notice"):
    """What was told to a member."""

    is_bookkeeping = True

    member_id = UUID()
    kind = Text()
    needs = Text()
    target_kind = Text()
    target_id = UUID(null=True, default=None)
    details = JSONB(default="{}")
    event = Bytea()
    read_at = Timestamptz(null=True, default=None)
    mail_state = Text(default="new")
    mail_at = Timestamptz()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Notice,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what mails notices, and what removes old ones."""
    return mail_notices, forget_notices
