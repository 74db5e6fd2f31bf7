"""Our nouns, in the order in which what they bring is used: a new one is entered here, and in no other list.

A noun is a folder. What it brings stands in its module ``noun``, its tables among it; what it brings to the API, in the
package of that name in `graphql`. It is imported when it is asked for, because most commands do without.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from wardship.tenants.nouns import Nouns

NOUNS: Final = (
    "core.accounts",
    "core.openid",
    "core.sign_in",
    "core.tokens",
    "core.audit",
    "core.notices",
    "core.mail",
    "tenants.notices",
    "tenants.approvals",
    "tenants.organisations",
    "tenants.members",
    "tenants.appointments",
    "tenants.staff",
    "tenants.vendor_clients",
    "tenants.remote_integrations",
    "tenants.groups",
    "tenants.views",
    "tenants.invitations",
    "tenants.accounts",
    "tenants.domains",
    "tenants.provisioning",
    "tenants.account_claims",
    "tenants.scim",
    "tenants.single_sign_on",
    "tenants.content",
    "tenants.data_access",
    "tenants.installations",
    "tenants.authorisations",
    "tenants.received",
    "tenants.egress",
    "tenants.obligations",
    "tenants.grants",
    "tenants.inbound",
    "tenants.tasks",
    "tenants.vendor_access",
    "tenants.installation_lifecycle",
    "tenants.requests",
    "tenants.exports",
    "tenants.certificates",
    "tenants.erasure",
    "tenants.fulfilment",
    "tenants.organisation_lifecycle",
    "tenants.mergers",
)

API_NOUNS: Final = (
    "graphql.organisations",
    "graphql.members",
    "graphql.accounts",
    "graphql.notices",
    "graphql.groups",
    "graphql.views",
    "graphql.invitations",
    "graphql.domains",
    "graphql.provisioning",
    "graphql.account_claims",
    "graphql.single_sign_on",
    "graphql.content",
    "graphql.data_access",
    "graphql.installations",
    "graphql.grants",
    "graphql.vendors",
    "graphql.obligations",
    "graphql.tasks",
    "graphql.disclosures",
    "graphql.choices",
    "graphql.requests",
    "graphql.approvals",
    "graphql.mergers",
    "graphql.provider",
    "graphql.overview",
    "graphql.previews",
)
"""Those of the API: apart, because a worker and most commands do without it."""


@cache
def domain_nouns() -> Nouns:
    """Return the nouns of core and domain, each asked once."""
    return Nouns(NOUNS)
