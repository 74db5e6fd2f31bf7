"""The API of grants, and of the consents and objections of members."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.grants.model import InstallationGrants, load_grant
from wardship.graphql.grants.mutations import GrantMutations


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        mutations=(GrantMutations,),
        extensions=(InstallationGrants,),
        node_loaders={"Grant": load_grant},
    )
