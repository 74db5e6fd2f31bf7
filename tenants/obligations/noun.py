"""The table of obligations."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Integer, Text, Timestamptz

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
from wardship.tenants.access import MemberListeners, Sweeps
from wardship.tenants.obligations.for_member import member_changed
from wardship.tenants.obligations.reconcile import reconcile_due
from wardship.tenants.obligations.reminders import remind
from wardship.tenants.obligations.retention import end_retentions
from wardship.tenants.obligations.sealed import CONTINUATION_SEALED_FOR, SEALED_FOR, TOLD_SEALED_FOR


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    personal={
        "sealed": Personal(
            "user.unique_id",
            Source.AUTOMATIC,
            Erasure.REMOVE,
            exported=False,
            retained="encrypted, until the integration has erased the person: it finds the person by nothing else",
        ),
        "continuation": Personal("user.unique_id", Source.THIRD_PARTY, Erasure.REMOVE, exported=False),
        "told": Personal("user.unique_id", Source.THIRD_PARTY, Erasure.REMOVE, exported=False),
        "detail": Personal("user.content", Source.THIRD_PARTY, Erasure.REMOVE),
    },
    not_personal=(
        "installation_id",
        "place_id",
        "request_id",
        "right_id",
        "member_id",
        "verb",
        "dedupe_key",
        "arguments",
        "submitted_at",
        "due_at",
        "next_at",
        "remind_at",
        "attempt",
        "failures",
        "lease_owner",
        "lease_until",
        "state",
        "reminded",
        "outcome",
        "attestation",
        "exchanges",
        "ended_at",
        "retention_ends_at",
        "batch_id",
        "batch_digest",
        "attempts",
        "tried_at",
        "integration_key",
    ),
)
class Obligation(TenantTable, tablename="obligation"):
    """One thing owed at one installation: identifiers, codes and times; data is read when it is sent."""

    encrypted = (
        Sealed("sealed", SEALED_FOR),
        Sealed("continuation", CONTINUATION_SEALED_FOR),
        Sealed("told", TOLD_SEALED_FOR),
    )

    outlasting = Outlasting.DUTIES
    is_bookkeeping = True

    installation_id = UUID()
    place_id = UUID()
    request_id = UUID(null=True, default=None)
    right_id = UUID(null=True, default=None)
    member_id = UUID(null=True, default=None)
    verb = Text()
    dedupe_key = Text()
    arguments = JSONB(default="{}")
    sealed = Bytea(null=True, default=None)
    continuation = Bytea(null=True, default=None)
    told = Bytea(null=True, default=None)
    submitted_at = Timestamptz()
    due_at = Timestamptz()
    next_at = Timestamptz()
    remind_at = Timestamptz(null=True, default=None)
    attempt = Integer(default=0)
    failures = Integer(default=0)
    lease_owner = Text()
    lease_until = Timestamptz(null=True, default=None)
    state = Text(default="pending")
    reminded = Integer(default=0)
    outcome = JSONB(null=True, default=None)
    detail = Text()
    attestation = JSONB(null=True, default=None)
    exchanges = JSONB(default="[]")
    ended_at = Timestamptz(null=True, default=None)
    retention_ends_at = Timestamptz(null=True, default=None)
    batch_id = UUID(null=True, default=None)
    batch_digest = Bytea(null=True, default=None)
    attempts = JSONB(default="[]")
    tried_at = Timestamptz(null=True, default=None)
    integration_key = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Obligation,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what reminds of obligations, compares with the vendors, and acts on what they declared to keep."""
    return remind, reconcile_due, end_retentions


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what brings the vendors in line with members."""
    return (member_changed,)
