"""The tables of grants, consents, objections and restrictions."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl

_CHOICE = Personal("user.privacy_preferences", Source.PERSON, Erasure.REMOVE)


@personal_data(not_personal=("installation_id", "category", "purpose", "granted_by", "withdrawn_at", "withdrawn_by"))
class IntegrationGrant(TenantTable, tablename="integration_grant"):
    """One category for one purpose that the organisation lets an installation receive."""

    installation_id = UUID()
    category = Text()
    purpose = Text()
    granted_by = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = UUID(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"purpose": _CHOICE, "category": _CHOICE, "withdrawn_at": _CHOICE},
    not_personal=("member_id", "installation_id"),
)
class Consent(TenantTable, tablename="consent"):
    """A member's consent to a purpose, for a category and a recipient or any."""

    member_id = UUID()
    purpose = Text()
    category = Text()
    installation_id = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"installation_id": _CHOICE, "created_at": _CHOICE},
    not_personal=("member_id", "consent_id"),
)
class ConsentWithdrawal(TenantTable, tablename="consent_withdrawal"):
    """That a consent to every recipient was withdrawn for one; its time is that of the row."""

    member_id = UUID()
    consent_id = UUID()
    installation_id = UUID()


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"purpose": _CHOICE, "withdrawn_at": _CHOICE},
    not_personal=("member_id", "installation_id", "request_id"),
)
class Objection(TenantTable, tablename="objection"):
    """A member's objection to a purpose, a recipient, or both."""

    member_id = UUID()
    purpose = Text()
    installation_id = UUID(null=True, default=None)
    request_id = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.KEEP,
    # Why a restriction is lifted is written by a person, who may name somebody.
    personal={"lifted_reason": Personal("user.content", Source.ADMINISTRATOR, Erasure.REMOVE)},
    not_personal=("member_id", "category", "cause", "request_id", "lift_at", "lifted_at", "is_privacy_teams"),
)
class Restriction(TenantTable, tablename="restriction"):
    """A span of time in which a member's data, or one category of it, is shared with nobody."""

    is_bookkeeping = True

    member_id = UUID()
    category = Text()
    cause = Text()
    request_id = UUID(null=True, default=None)
    lift_at = Timestamptz(null=True, default=None)
    lifted_at = Timestamptz(null=True, default=None)
    lifted_reason = Text()
    is_privacy_teams = Boolean(default=False)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return IntegrationGrant, Consent, ConsentWithdrawal, Objection, Restriction
