"""Notices to members."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Sealed, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.notices.kinds import KINDS
from wardship.tenants.notices.mailing import forget_notices, mail_notices
from wardship.tenants.notices.sealed import SEALED_FOR
from wardship.tenants.notices.unreached import follow_refusals


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={
        # It goes with its reader; a reason in another's, as somebody wrote it, may name the person.
        "details": Personal("user.content.private", Source.AUTOMATIC, Erasure.MODIFY),
        "sealed": Personal("user.content.private", Source.AUTOMATIC, Erasure.REMOVE, exported=False),
    },
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
        "mail_id",
    ),
)
class Notice(TenantTable, tablename="notice"):
    """What was told to a member."""

    encrypted = (Sealed("sealed", SEALED_FOR, bound_to=("id", "member_id")),)

    is_bookkeeping = True

    member_id = UUID()
    kind = Text()
    needs = Text()
    target_kind = Text()
    target_id = UUID(null=True, default=None)
    details = JSONB(default="{}")
    event = Bytea()
    sealed = Bytea(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    mail_state = Text(default="new")
    mail_at = Timestamptz()
    mail_id = UUID(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Notice,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what mails notices, what follows when that fails, and what removes old ones."""
    return follow_refusals, mail_notices, forget_notices


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about notices."""
    return KINDS
