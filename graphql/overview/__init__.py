"""The API of what one sees at first."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.overview.model import OverviewQueries


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(queries=(OverviewQueries,))
