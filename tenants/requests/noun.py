"""The tables of requests, their rights, events and previews, and of grace periods."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Sealed, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners
from wardship.tenants.requests.ended_memberships import follow_memberships
from wardship.tenants.requests.erasures import SEALED_FOR
from wardship.tenants.requests.notices import KINDS

_COUNTRY = Personal("user.contact.address.country", Source.PERSON, Erasure.REMOVE)


def _written_by_decider() -> Personal:
    return Personal("user.content", Source.ADMINISTRATOR, Erasure.MODIFY)


@personal_data(
    subject="member_id",
    personal={"country": _COUNTRY, "work_country": _COUNTRY, "extension_reason": _written_by_decider()},
    not_personal=(
        "member_id",
        "submitted_at",
        "regime",
        "due_at",
        "original_due_at",
        "extended_at",
        "identity_state",
        "identity_method",
        "identity_verified_at",
        "identity_code_hash",
        "identity_code_sent_at",
        "identity_code_attempts",
        "handler",
        "acknowledge_by",
        "decide_by",
        "acknowledged_at",
        "escalated_at",
        "escalation_reason",
        "late_since",
        "remind_at",
        "reference_hash",
        "is_certificate_due",
        "ended_at",
    ),
)
class DataRequest(TenantTable, tablename="data_request"):
    """One request of a member, with its clocks."""

    is_bookkeeping = True

    member_id = UUID()
    submitted_at = Timestamptz()
    country = Text()
    work_country = Text()
    regime = Text()
    due_at = Timestamptz()
    original_due_at = Timestamptz()
    extension_reason = Text()
    extended_at = Timestamptz(null=True, default=None)
    identity_state = Text(default="pending")
    identity_method = Text()
    identity_verified_at = Timestamptz(null=True, default=None)
    identity_code_hash = Bytea(null=True, default=None)
    identity_code_sent_at = Timestamptz(null=True, default=None)
    identity_code_attempts = Integer(default=0)
    handler = Text(default="admin")
    acknowledge_by = Timestamptz()
    decide_by = Timestamptz()
    acknowledged_at = Timestamptz(null=True, default=None)
    escalated_at = Timestamptz(null=True, default=None)
    escalation_reason = Text()
    late_since = Timestamptz(null=True, default=None)
    remind_at = Timestamptz(null=True, default=None)
    reference_hash = Bytea(unique=True)
    is_certificate_due = Boolean(default=False)
    ended_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="request_id",
    subject_kind="request",
    personal={
        "details": Personal("user.privacy_preferences", Source.PERSON, Erasure.REMOVE),
        "decision_reason": _written_by_decider(),
        "limitation": _written_by_decider(),
        "limitation_reasons": _written_by_decider(),
        "known": Personal("user.contact", Source.AUTOMATIC, Erasure.REMOVE, exported=False),
    },
    not_personal=(
        "request_id",
        "limitations",  # names of categories and columns, identifiers and keyed digests
        "kind",
        "state",
        "handler",
        "decided_by",
        "decided_at",
        "decision_code",
        "committed_by",
        "scheduled_for",
        "waits_until",
        "started_at",
        "outcome",
        "ended_at",
    ),
)
class RequestRight(TenantTable, tablename="request_right"):
    """One right of a request, decided on its own."""

    encrypted = (Sealed("known", SEALED_FOR),)

    is_bookkeeping = True

    request_id = UUID()
    kind = Text()
    state = Text()
    handler = Text(default="admin")
    details = JSONB(default="{}")
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_code = Text()
    decision_reason = Text()
    limitation = Text()
    limitations = JSONB(default="[]")
    limitation_reasons = Array(base_column=Text(), default=list)
    committed_by = UUID(null=True, default=None)
    scheduled_for = Timestamptz(null=True, default=None)
    waits_until = Timestamptz(null=True, default=None)
    known = Bytea(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    outcome = Text()
    ended_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="request_id",
    subject_kind="request",
    personal={"reason": _written_by_decider()},
    not_personal=("request_id", "right_id", "actor_id", "actor_kind", "kind"),
)
class RequestEvent(TenantTable, tablename="request_event"):
    """What happened to a request, and why: what the person sees of it."""

    is_bookkeeping = True

    request_id = UUID()
    right_id = UUID(null=True, default=None)
    actor_id = UUID(null=True, default=None)
    actor_kind = Text()
    kind = Text()
    reason = Text()


@personal_data(not_personal=("right_id", "digest", "content", "made_by", "committed_at"))
class Preview(TenantTable, tablename="preview"):
    """What an erasure would do, as a decider saw it: names of tables and categories, counts, integrations."""

    right_id = UUID()
    digest = Bytea()
    content = JSONB()
    made_by = UUID()
    committed_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    not_personal=("member_id", "state", "cause", "ends_at", "next_at", "warnings", "request_id", "ended_at"),
)
class GracePeriod(TenantTable, tablename="grace_period"):
    """The time after the end of a membership, before an erasure is asked for."""

    member_id = UUID()
    state = Text(default="running")
    cause = Text()
    ends_at = Timestamptz()
    next_at = Timestamptz()
    warnings = Integer(default=0)
    request_id = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return DataRequest, RequestRight, RequestEvent, Preview, GracePeriod


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about requests."""
    return KINDS


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what begins and ends grace periods with memberships."""
    return (follow_memberships,)
