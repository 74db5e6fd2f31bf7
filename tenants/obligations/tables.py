"""The tables of obligations, manual tasks and vendors' exports."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, personal_data
from wardship.core.database.tables import TenantTable


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
        )
    },
    not_personal=(
        "organisation_id",
        "id",
        "created_at",
        "installation_id",
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
        "ended_at",
    ),
)
class Obligation(TenantTable, tablename="obligation"):
    """One thing owed at one installation: identifiers, codes and times; data is read when it is sent."""

    installation_id = UUID()
    request_id = UUID(null=True, default=None)
    right_id = UUID(null=True, default=None)
    member_id = UUID(null=True, default=None)
    verb = Text()
    dedupe_key = Text()
    arguments = JSONB(default="{}")
    sealed = Bytea(null=True, default=None)
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
    attestation = JSONB(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


@personal_data(
    # What somebody noted as proof may name a person: the text is rewritten, the proof stays.
    personal={"evidence": Personal("user.content", Source.ADMINISTRATOR, Erasure.MODIFY, exported=False)},
    not_personal=(
        "organisation_id",
        "id",
        "created_at",
        "obligation_id",
        "instructions",
        "due_at",
        "state",
        "completed_by",
        "completed_at",
    ),
)
class ManualTask(TenantTable, tablename="manual_task"):
    """What a person has to do because no integration does it."""

    obligation_id = UUID()
    instructions = Text()
    due_at = Timestamptz()
    state = Text(default="open")
    completed_by = UUID(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    evidence = Text()


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"content": Personal("user.content", Source.LINKED_SERVICE, Erasure.REMOVE, exported=False)},
    not_personal=(
        "organisation_id",
        "id",
        "created_at",
        "obligation_id",
        "installation_id",
        "member_id",
        "expires_at",
    ),
)
class VendorExport(TenantTable, tablename="vendor_export"):
    """What a vendor handed out on a person, encrypted, until the copy for that person is made."""

    obligation_id = UUID()
    installation_id = UUID()
    member_id = UUID()
    content = Bytea()
    expires_at = Timestamptz()
