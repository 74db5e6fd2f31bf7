"""The API of what a person was told."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.node import found_by
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.notices.model import NoticeQueries, ViewerNotices
from wardship.graphql.notices.mutations import NoticeMutations
from wardship.graphql.notices.subscriptions import NoticeSubscriptions
from wardship.tenants.notices.read import notices_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(NoticeQueries,),
        mutations=(NoticeMutations,),
        extensions=(ViewerNotices,),
        subscriptions=(NoticeSubscriptions,),
        node_loaders={"Notice": found_by(notices_by_id)},
    )
