"""The tables of provisioning: tokens, what a directory says of people, and what it was refused."""

from __future__ import annotations

from typing import Final

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, TextContext, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners, Sweeps
from wardship.tenants.provisioning.endings import follow_provisioning_tokens
from wardship.tenants.provisioning.entries import forget_entries
from wardship.tenants.provisioning.failures import forget_failures
from wardship.tenants.provisioning.notices import KINDS


def _linked(category: str) -> Personal:
    return Personal(category, Source.LINKED_SERVICE, Erasure.REMOVE)


_MENTIONED: Final = Personal(
    "user.account.username", Source.LINKED_SERVICE, Erasure.MODIFY, exported=False, context=TextContext.TEXT
)


@personal_data(
    not_personal=(
        "name",
        "token_hash",
        "created_by",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "end_foretold_at",
        "end_told_at",
        "maker_told_at",
    )
)
class ProvisioningToken(TenantTable, tablename="provisioning_token"):
    """What a directory shows; the token itself is kept as SHA-256 only."""

    name = Text()
    token_hash = Bytea()
    created_by = UUID(null=True, default=None)
    expires_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    end_foretold_at = Timestamptz(null=True, default=None)
    end_told_at = Timestamptz(null=True, default=None)
    maker_told_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={
        "external_id": _linked("user.unique_id"),
        "user_name": _linked("user.account.username"),
        "user_name_key": Personal("user.account.username", Source.LINKED_SERVICE, Erasure.REMOVE, exported=False),
        "formatted_name": _linked("user.name"),
        "display_name": _linked("user.name"),
        "emails": _linked("user.contact.email"),
        "phone_numbers": _linked("user.contact.phone_number"),
        "preferred_language": _linked("user.demographic.language"),
        "employee_number": _linked("user.unique_id"),
        "cost_center": _linked("user.workplace"),
        "organization": _linked("user.contact.organization"),
        "division": _linked("user.workplace"),
        "department": _linked("user.workplace"),
        "manager": _linked("user.workplace"),
    },
    not_personal=("member_id", "changed_at", "is_active"),
)
class DirectoryUser(TenantTable, tablename="directory_user"):
    """What the directory says of a member; it goes when the membership ends."""

    member_id = UUID()
    changed_at = Timestamptz()
    external_id = Text()
    user_name = Text()
    user_name_key = Text()
    formatted_name = Text()
    emails = JSONB(default="[]")
    phone_numbers = JSONB(default="[]")
    preferred_language = Text()
    employee_number = Text()
    cost_center = Text()
    organization = Text()
    division = Text()
    department = Text()
    manager = Text()
    display_name = Text()
    is_active = Boolean(null=True, default=None)


@personal_data(
    # It is about people who may be no members, and is kept for a month at most.
    personal={"subject": _MENTIONED, "message": _MENTIONED},
    not_personal=("token_id", "operation", "resource", "code", "status", "last_at", "times"),
)
class ProvisioningFailure(TenantTable, tablename="provisioning_failure"):
    """What a directory asked for and was refused."""

    token_id = UUID()
    operation = Text()
    resource = Text()
    subject = Text()
    code = Text()
    message = Text()
    status = Integer()
    last_at = Timestamptz()
    times = Integer(default=1)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return ProvisioningToken, DirectoryUser, ProvisioningFailure


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told of provisioning."""
    return KINDS


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what forgets what the directory said of a member with the membership."""
    return (forget_entries,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what tells of tokens that end, and removes failures and ended tokens that were kept long enough."""
    return follow_provisioning_tokens, forget_failures
