"""The API of obligations: what is and was owed at installations."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.node import found_by
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.obligations.certificates import InstallationCertificate
from wardship.graphql.obligations.deliveries import DeliveryMutations, DeliveryQueries, InstallationDeliveries
from wardship.graphql.obligations.model import InstallationObligations
from wardship.graphql.obligations.queries import ObligationQueries
from wardship.tenants.obligations.read import obligations_by_ids


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(ObligationQueries, DeliveryQueries),
        mutations=(DeliveryMutations,),
        extensions=(InstallationObligations, InstallationDeliveries, InstallationCertificate),
        node_loaders={"Obligation": found_by(obligations_by_ids)},
    )
