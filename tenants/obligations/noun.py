"""What the noun `obligations` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import MemberListeners, Sweeps
from wardship.tenants.obligations.for_member import member_changed
from wardship.tenants.obligations.reconcile import reconcile_due
from wardship.tenants.obligations.reminders import remind
from wardship.tenants.obligations.tables import Obligation


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Obligation,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what reminds of obligations and compares with the vendors."""
    return remind, reconcile_due


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what brings the vendors in line with members."""
    return (member_changed,)
