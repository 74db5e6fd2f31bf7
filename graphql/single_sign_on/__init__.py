"""The API of sign-in by an organisation's own provider."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.single_sign_on.model import SingleSignOnQueries
from wardship.graphql.single_sign_on.mutations import SingleSignOnMutations
from wardship.tenants.single_sign_on.read import provider_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(SingleSignOnQueries,),
        mutations=(SingleSignOnMutations,),
        node_loaders={"IdentityProvider": lambda info, key: provider_by_id(info.context.access, key)},
    )
