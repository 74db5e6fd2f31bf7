"""The API of provisioning by an organisation's directory."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.provisioning.model import MemberInDirectory, ProvisioningQueries
from wardship.graphql.provisioning.mutations import ProvisioningMutations
from wardship.tenants.provisioning.tokens import provisioning_token_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(ProvisioningQueries,),
        mutations=(ProvisioningMutations,),
        extensions=(MemberInDirectory,),
        node_loaders={
            "ProvisioningToken": lambda info, key: provisioning_token_by_id(info.context.access, key),
        },
    )
