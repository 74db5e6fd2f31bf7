"""The table of tasks for people."""

from __future__ import annotations

from piccolo.columns import UUID, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Outlasting, Personal, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.tasks.notices import KINDS


@personal_data(
    # What somebody noted as proof may name a person: the text is rewritten, the proof stays.
    personal={"evidence": Personal("user.content", Source.ADMINISTRATOR, Erasure.MODIFY, exported=False)},
    not_personal=("obligation_id", "instructions", "due_at", "state", "completed_by", "completed_at"),
)
class ManualTask(TenantTable, tablename="manual_task"):
    """What a person has to do because no integration does it."""

    outlasting = Outlasting.DUTIES

    obligation_id = UUID()
    instructions = Text()
    due_at = Timestamptz()
    state = Text(default="open")
    completed_by = UUID(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    evidence = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (ManualTask,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told of tasks."""
    return KINDS
