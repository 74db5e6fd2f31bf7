"""The API of requests from members."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.requests.model import load_data_request
from wardship.graphql.requests.mutations import RequestMutations
from wardship.graphql.requests.queries import RequestQueries
from wardship.graphql.requests.rights import load_request_right
from wardship.graphql.requests.subscriptions import RequestSubscriptions


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(RequestQueries,),
        mutations=(RequestMutations,),
        subscriptions=(RequestSubscriptions,),
        node_loaders={"DataRequest": load_data_request, "RequestRight": load_request_right},
    )
