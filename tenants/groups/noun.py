"""What the noun `groups` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import MemberListeners
from wardship.tenants.groups.people import leave_groups
from wardship.tenants.groups.tables import GroupMembership, UserGroup


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return UserGroup, GroupMembership


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends memberships in groups with the membership in the organisation."""
    return (leave_groups,)
