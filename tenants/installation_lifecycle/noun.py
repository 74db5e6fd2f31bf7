"""What the noun `installation_lifecycle` registers."""

from collections.abc import Sequence

from litestar import Router

from wardship.core.nouns import hookimpl
from wardship.tenants.access import MemberListeners, RuleListeners, Services, Sweeps
from wardship.tenants.installation_lifecycle.connect_page import connect_routes
from wardship.tenants.installation_lifecycle.forbidden_countries import follow_forbidden_countries
from wardship.tenants.installation_lifecycle.lifecycle import end_installations_of_leavers
from wardship.tenants.installation_lifecycle.rotating import drop_retired_secrets
from wardship.tenants.installation_lifecycle.upgrades import follow_remote_integrations, look_after_installations


@hookimpl
def wardship_start() -> Sweeps:
    """Return what takes up declarations that changed with an upgrade."""
    return (look_after_installations,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what deletes old secrets when their time is over, and what follows remote integrations."""
    return drop_retired_secrets, follow_remote_integrations


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return the page that vendors lead browsers back to."""
    return (connect_routes(services),)


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends the installations of members who left."""
    return (end_installations_of_leavers,)


@hookimpl
def wardship_rule_listeners() -> RuleListeners:
    """Return what takes back what is held in a country that is forbidden now."""
    return (follow_forbidden_countries,)
