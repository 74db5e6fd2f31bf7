"""The API of requests from members."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.requests.disowning import AccountWithMadeMemberships, DisowningMutations
from wardship.graphql.requests.grace import GraceMutations, GraceQueries, MemberGrace
from wardship.graphql.requests.model import load_request
from wardship.graphql.requests.mutations import RequestMutations
from wardship.graphql.requests.queries import RequestQueries
from wardship.graphql.requests.restrictions import MemberRestrictions, RestrictionMutations, RestrictionQueries
from wardship.graphql.requests.subscriptions import RequestSubscriptions
from wardship.graphql.requests.terms import TermsQueries
from wardship.tenants.requests.read import right_by_id
from wardship.tenants.requests.visibility import visible_requests


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(RequestQueries, RestrictionQueries, GraceQueries, TermsQueries),
        mutations=(RequestMutations, RestrictionMutations, GraceMutations, DisowningMutations),
        extensions=(MemberRestrictions, MemberGrace, AccountWithMadeMemberships),
        subscriptions=(RequestSubscriptions,),
        node_loaders={
            "DataRequest": load_request,
            "RequestRight": lambda info, key: right_by_id(visible_requests(info.context.access), key),
        },
    )
