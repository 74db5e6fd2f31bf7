"""What the noun `installation_lifecycle` registers."""

from wardship.core.nouns import hookimpl
from wardship.tenants.access import MemberListeners, RuleListeners, Sweeps
from wardship.tenants.installation_lifecycle.forbidden_countries import follow_forbidden_countries
from wardship.tenants.installation_lifecycle.lifecycle import end_installations_of_leavers
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations


@hookimpl
def wardship_start() -> Sweeps:
    """Return what takes up declarations that changed with an upgrade."""
    return (look_after_installations,)


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends the installations of members who left."""
    return (end_installations_of_leavers,)


@hookimpl
def wardship_rule_listeners() -> RuleListeners:
    """Return what takes back what is held in a country that is forbidden now."""
    return (follow_forbidden_countries,)
