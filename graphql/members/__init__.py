"""The API of members and their roles."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.members.model import load_member
from wardship.graphql.members.mutations import MemberMutations
from wardship.graphql.members.queries import MemberQueries


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(MemberQueries,),
        mutations=(MemberMutations,),
        node_loaders={"Member": load_member},
    )
