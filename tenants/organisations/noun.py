"""What the noun `organisations` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import MemberListeners
from wardship.tenants.organisations.tables import Organisation, OwnershipTransfer
from wardship.tenants.organisations.transfer import cancel_transfers


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Organisation, OwnershipTransfer


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what cancels offers of ownership with the membership."""
    return (cancel_transfers,)
