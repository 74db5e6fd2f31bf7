"""The tables of subject links and of the ledger."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Boolean, Bytea, Integer, Text, Timestamptz

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
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners
from wardship.tenants.egress.new_recipient import tell_of_recipients_by_group_or_role
from wardship.tenants.egress.notices import KINDS
from wardship.tenants.egress.vendor_names import SEALED_FOR, SENT_SEALED_FOR


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    personal={
        "known_as": Personal(
            "user.unique_id",
            Source.LINKED_SERVICE,
            Erasure.REMOVE,
            exported=False,
            retained="encrypted, until the end at the vendor is proven: the vendor's name for the person",
        ),
        "known_as_key": Personal(
            "user.unique_id",
            Source.LINKED_SERVICE,
            Erasure.REMOVE,
            exported=False,
            retained="as a keyed hash, as long as the name: by it a call of the vendor finds the person",
        ),
        "sent_as": Personal(
            "user.contact",
            Source.PERSON,
            Erasure.REMOVE,
            exported=False,
            retained="encrypted, until the end at the vendor is proven: identifiers by which the vendor has the person",
        ),
    },
    # The reference is random and means nothing but to the vendor that was given it; the digest is keyed.
    not_personal=("installation_id", "place_id", "member_id", "subject_ref", "state", "is_kept", "sent_digest"),
)
class SubjectLink(TenantTable, tablename="subject_link"):
    """The name under which one installation's vendor knows a member, and what the vendor may hold of that member."""

    encrypted = (Sealed("known_as", SEALED_FOR), Sealed("sent_as", SENT_SEALED_FOR))

    outlasting = Outlasting.DUTIES

    installation_id = UUID()
    place_id = UUID()
    member_id = UUID()
    subject_ref = Text()
    state = Text(default="shared")
    is_kept = Boolean(default=False)
    known_as = Bytea(null=True, default=None)
    known_as_key = Bytea(null=True, default=None)
    sent_as = Bytea(null=True, default=None)
    sent_digest = Bytea(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    # Names of categories and fields, never values; the digest is keyed, so that it can't be guessed back.
    not_personal=(
        "installation_id",
        "place_id",
        "member_id",
        "obligation_id",
        "attempt",
        "recipient",
        "categories",
        "fields",
        "purposes",
        "grant_ids",
        "record_digest",
        "state",
        "settled_at",
        "is_fetched",
    ),
)
class Disclosure(TenantTable, tablename="disclosure"):
    """The ledger: one delivery of one member's record to one recipient."""

    outlasting = Outlasting.DUTIES
    forgotten_by = "forget_ledger"

    installation_id = UUID()
    place_id = UUID()
    member_id = UUID()
    obligation_id = UUID()
    attempt = Integer()
    recipient = Text()
    categories = Array(base_column=Text())
    fields = Array(base_column=Text())
    purposes = Array(base_column=Text())
    grant_ids = Array(base_column=UUID())
    record_digest = Bytea()
    state = Text(default="sending")
    settled_at = Timestamptz(null=True, default=None)
    is_fetched = Boolean(default=False)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return SubjectLink, Disclosure


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told of who receives their data."""
    return KINDS


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what tells members of recipients that they come to by a group or a role."""
    return (tell_of_recipients_by_group_or_role,)
