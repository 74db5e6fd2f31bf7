"""The API of deletions that wait for a second person."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.approvals.model import ApprovalMutations, ApprovalQueries
from wardship.tenants.approvals.read import approval_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(ApprovalQueries,),
        mutations=(ApprovalMutations,),
        node_loaders={"Approval": lambda info, key: approval_by_id(info.context.access, key)},
    )
