"""The API of mergers."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.mergers.model import MergerQueries
from wardship.graphql.mergers.mutations import MergerMutations
from wardship.tenants.mergers.read import merger_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(MergerQueries,),
        mutations=(MergerMutations,),
        node_loaders={"Merger": lambda info, key: merger_by_id(info.context.access, key)},
    )
