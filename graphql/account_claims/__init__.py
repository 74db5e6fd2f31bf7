"""The API of policies for domains, groupings, and claims of accounts."""

from wardship.core.nouns import hookimpl
from wardship.graphql.account_claims.model import AccountClaimQueries, DomainGroupings
from wardship.graphql.account_claims.mutations import AccountClaimMutations
from wardship.graphql.account_claims.own import AccountWithClaims, OwnClaimMutations
from wardship.graphql.account_claims.subscriptions import GroupingSubscriptions
from wardship.graphql.api.nouns import ApiParts
from wardship.tenants.account_claims.groupings import grouping_by_id
from wardship.tenants.account_claims.read import account_claim_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(AccountClaimQueries,),
        mutations=(AccountClaimMutations, OwnClaimMutations),
        subscriptions=(GroupingSubscriptions,),
        extensions=(DomainGroupings, AccountWithClaims),
        node_loaders={
            "AccountClaim": lambda info, key: account_claim_by_id(info.context.access, key),
            "Grouping": lambda info, key: grouping_by_id(info.context.access, key),
        },
    )
