"""Notices to accounts and staff, and what a person chose about mail."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.notices.kinds import KINDS
from wardship.core.nouns import NoticeKinds, Tables, hookimpl

_TOLD = Personal("user.content.private", Source.AUTOMATIC, Erasure.REMOVE)


@account_data(
    personal={"details": _TOLD},
    not_personal=(
        "kind",
        "needs",
        "organisation_id",
        "target_kind",
        "target_id",
        "event",
        "read_at",
        "mail_state",
        "mail_at",
        "mail_id",
    ),
)
class AccountNotice(DirectoryTable, tablename="account_notice"):
    """What was told to somebody as the owner of an account, or as one of the provider's staff."""

    account_id = UUID()
    kind = Text()
    needs = Text()
    organisation_id = UUID(null=True, default=None)
    target_kind = Text()
    target_id = UUID(null=True, default=None)
    details = JSONB(default="{}")
    event = Bytea()
    read_at = Timestamptz(null=True, default=None)
    mail_state = Text(default="new")
    mail_at = Timestamptz()
    mail_id = UUID(null=True, default=None)


@account_data(not_personal=("pace", "turned_off"))
class NoticePreference(DirectoryTable, tablename="notice_preference"):
    """How somebody wants to be mailed."""

    account_id = UUID()
    pace = Text(default="daily")
    turned_off = Array(base_column=Text(), default=list)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return AccountNotice, NoticePreference


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about mail."""
    return KINDS
