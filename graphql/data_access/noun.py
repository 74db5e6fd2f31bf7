"""What the noun `data_access` of the API registers."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.data_access.model import DataAccessQueries


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(DataAccessQueries,),
    )
