"""The API of domains."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.domains.disputes import DisputeMutations, DisputeQueries
from wardship.graphql.domains.model import DomainQueries
from wardship.graphql.domains.mutations import DomainMutations
from wardship.tenants.domains.read import claim_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(DomainQueries, DisputeQueries),
        mutations=(DisputeMutations, DomainMutations),
        node_loaders={"Domain": lambda info, key: claim_by_id(info.context.access, key)},
    )
