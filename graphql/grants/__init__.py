"""The API of grants: what an installation may receive."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.node import found_by
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.grants.model import InstallationGrants
from wardship.graphql.grants.mutations import GrantMutations
from wardship.tenants.grants.granting import grants_by_ids


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        mutations=(GrantMutations,),
        extensions=(InstallationGrants,),
        node_loaders={"Grant": found_by(grants_by_ids)},
    )
