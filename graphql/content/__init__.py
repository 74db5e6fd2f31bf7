"""The API of shared content."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.content.model import BinQueries, GroupContent, load_post
from wardship.graphql.content.mutations import ContentMutations


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(BinQueries,),
        mutations=(ContentMutations,),
        extensions=(GroupContent,),
        node_loaders={"Post": load_post},
    )
