"""The API of saved views."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.views.model import ViewMutations, ViewQueries


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(queries=(ViewQueries,), mutations=(ViewMutations,))
