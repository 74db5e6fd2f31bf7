"""The API of invitations."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.invitations.mutations import InvitationMutations
from wardship.graphql.invitations.queries import InvitationQueries
from wardship.tenants.invitations.read import invitation_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(InvitationQueries,),
        mutations=(InvitationMutations,),
        node_loaders={"Invitation": lambda info, key: invitation_by_id(info.context.access, key)},
    )
