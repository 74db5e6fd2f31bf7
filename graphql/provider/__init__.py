"""The API of the provider's operators: organisations and the staff."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.provider.model import ManagedOrganisationQueries
from wardship.graphql.provider.mutations import OperatorMutations
from wardship.graphql.provider.staff import StaffMutations, StaffQueries


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(ManagedOrganisationQueries, StaffQueries),
        mutations=(OperatorMutations, StaffMutations),
    )
