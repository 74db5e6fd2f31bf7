"""The tables of groups."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, TextContext, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import DomainListeners, MemberListeners, Sweeps
from wardship.tenants.groups.notices import KINDS
from wardship.tenants.groups.people import leave_groups
from wardship.tenants.groups.rules.filling import fill_due_groups, fill_groups, look_again


@personal_data(
    # A group may be named after somebody, or describe one: the text is rewritten, the group stays.
    personal={
        "name": Personal(
            "user.content",
            Source.ADMINISTRATOR,
            Erasure.MODIFY,
            exported=False,
            longest=200,
            is_unique=True,
            context=TextContext.NAME,
        ),
        "description": Personal("user.content", Source.ADMINISTRATOR, Erasure.MODIFY, exported=False),
    },
    not_personal=(
        "kind",
        "contact_visibility",
        "archived_at",
        "managed_by",
        "external_id",
        "directory_changed_at",
    ),
)
class UserGroup(TenantTable, tablename="user_group"):
    """A site, user group or team."""

    name = Text()
    description = Text()
    kind = Text(default="team")
    contact_visibility = Text(default="name_only")
    archived_at = Timestamptz(null=True, default=None)
    managed_by = Text(default="people")
    external_id = Text()
    directory_changed_at = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    # The row stays, so that those who shared the group still see the author of shared content, by then a pseudonym.
    rows=RowErasure.KEEP,
    not_personal=("group_id", "member_id", "role", "left_at", "is_by_rule", "is_taken_out"),
)
class GroupMembership(TenantTable, tablename="group_membership"):
    """A member's time in a group, and the role there."""

    group_id = UUID()
    member_id = UUID()
    role = Text(default="member")
    left_at = Timestamptz(null=True, default=None)
    is_by_rule = Boolean(default=False)
    is_taken_out = Boolean(default=False)


@personal_data(not_personal=("group_id", "swept_at", "rests_since"))
class GroupRule(TenantTable, tablename="group_rule"):
    """The rule that fills a group; whom it holds for is worked out and kept nowhere."""

    group_id = UUID()
    swept_at = Timestamptz()
    rests_since = Timestamptz(null=True, default=None)


@personal_data(not_personal=("rule_id", "place", "attribute", "value"))
class GroupRuleValue(TenantTable, tablename="group_rule_value"):
    """A value by which a condition of a rule holds."""

    rule_id = UUID()
    place = Integer()
    attribute = Text()
    value = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return UserGroup, GroupMembership, GroupRule, GroupRuleValue


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends memberships in groups with the membership in the organisation, and what rules do."""
    return leave_groups, fill_groups


@hookimpl
def wardship_domain_listeners() -> DomainListeners:
    """Return what lets rules look again once a domain is proven."""
    return (look_again,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what fills groups where no change of a member told that it is time."""
    return (fill_due_groups,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about groups that they are in."""
    return KINDS
