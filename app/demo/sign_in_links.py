"""One-time sign-in links for the demonstration roles, printed by `make run`."""

from __future__ import annotations

from wardship.app.demo.load import account_of, load_demonstration
from wardship.app.demo.organisations import (
    HARBOUR,
    OPERATOR,
    ORCHARD,
    OUTSIDERS,
    PRIVACY_TEAM,
    PRIVACY_TEAM_DOMAIN,
    VENDOR,
    VENDOR_DOMAIN,
)
from wardship.core.sign_in.demonstration import make_demonstration_link
from wardship.tenants.access import Services

ROLES = (
    ("owner", "olivia", HARBOUR.domain),
    ("org admin", "adam", HARBOUR.domain),
    ("group admin", "gina", HARBOUR.domain),
    ("member", "mia", HARBOUR.domain),
    ("other org admin", "quinn", ORCHARD.domain),
    ("privacy team", PRIVACY_TEAM.key, PRIVACY_TEAM_DOMAIN),
    ("operator", OPERATOR.key, PRIVACY_TEAM_DOMAIN),
    ("vendor", VENDOR.key, VENDOR_DOMAIN),
    *((f"{person.key} of no organisation", person.key, domain) for domain, people in OUTSIDERS for person in people),
)
"""Role in words, and the person's key and domain."""


async def prepare_demonstration(services: Services) -> list[tuple[str, str]]:
    """Load the demonstration organisations where they are missing and return (role, link) pairs.

    A person whom somebody has erased meanwhile has no link.
    """
    await load_demonstration(services)
    links = []
    for role, key, domain in ROLES:
        account_id = await account_of(services, key, domain)
        if account_id is None:
            continue
        async with services.database.directory() as transaction:
            link = await make_demonstration_link(transaction, services.settings, account_id, at=services.clock.now())
        links.append((role, link))
    return links
