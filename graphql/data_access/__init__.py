"""The API of who looked at or changed whose data."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.data_access.model import DataAccessMutations, DataAccessQueries, MemberLooks


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(DataAccessQueries,),
        mutations=(DataAccessMutations,),
        extensions=(MemberLooks,),
    )
