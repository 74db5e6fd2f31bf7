"""The API of the organisation itself and of the caller in it."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.organisations.model import OrganisationQueries, load_organisation
from wardship.graphql.organisations.mutations import OrganisationMutations


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(OrganisationQueries,),
        mutations=(OrganisationMutations,),
        node_loaders={"Organisation": load_organisation},
    )
