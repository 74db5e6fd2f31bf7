"""The tables of members and their roles."""

from __future__ import annotations

from piccolo.columns import UUID, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners
from wardship.tenants.members.credentials import end_credentials
from wardship.tenants.members.notices import KINDS


def _given(category: str, erasure: Erasure = Erasure.REMOVE) -> Personal:
    return Personal(category, Source.PERSON, erasure)


def _collected(category: str) -> Personal:
    return Personal(category, Source.AUTOMATIC, Erasure.REMOVE)


@personal_data(
    subject="id",
    rows=RowErasure.KEEP,
    personal={
        "account_id": Personal("user.unique_id", Source.AUTOMATIC, Erasure.DECORRELATE, exported=False),
        "display_name": _given("user.name", Erasure.DECORRELATE),
        "title": _given("user.name"),
        "first_name": _given("user.name.first"),
        "last_name": _given("user.name.last"),
        "job_title": _given("user.job_title"),
        "company": _given("user.contact.organization"),
        "username": _given("user.account.username"),
        "email": _given("user.contact.email"),
        "phone": _given("user.contact.phone_number"),
        "postal_address": _given("user.contact.address"),
        "picture_url": _given("user.content.self_image"),
        "joined_at": _collected("user.account"),
        "last_seen_at": _collected("user.behavior"),
        "left_at": _collected("user.account"),
        "visible_from": _collected("user.account"),
        "concealed_at": _collected("user.account"),
    },
    # The pseudonym is random and says nothing while nobody but the database knows whose it is; it is what stays.
    # Both keys are the name as it is sought: the database makes them of the name, or of the pseudonym in its place.
    not_personal=("state", "pseudonym", "sessions_end_at", "name_key", "last_word_key"),
)
class Member(TenantTable, tablename="member"):
    """A person's place in one organisation; the row outlives an erasure under the pseudonym."""

    account_id = UUID(null=True, default=None)
    state = Text(default="active")
    display_name = Text()
    title = Text()
    first_name = Text()
    last_name = Text()
    job_title = Text()
    company = Text()
    username = Text()
    email = Text()
    phone = Text()
    postal_address = Text()
    picture_url = Text()
    pseudonym = Text()
    joined_at = Timestamptz(null=True)
    last_seen_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)
    visible_from = Timestamptz(null=True, default=None)
    concealed_at = Timestamptz(null=True, default=None)
    sessions_end_at = Timestamptz(null=True, default=None)
    name_key = Text(null=True, default=None)
    last_word_key = Text(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={"role": Personal("user.account", Source.ADMINISTRATOR, Erasure.REMOVE)},
    not_personal=("member_id", "granted_by"),
)
class RoleAssignment(TenantTable, tablename="role_assignment"):
    """A role that a member holds."""

    member_id = UUID()
    role = Text()
    granted_by = UUID(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Member, RoleAssignment


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what members are told."""
    return KINDS


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends a member's tokens with the membership."""
    return (end_credentials,)
