"""The API of vendors: their clients, what organisations let those fetch, and the integrations they serve themselves."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.node import found_by
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.vendors.checking import ManifestQueries
from wardship.graphql.vendors.model import InstallationVendorGrants, VendorQueries
from wardship.graphql.vendors.mutations import VendorMutations
from wardship.graphql.vendors.remote_integrations import RemoteIntegrationQueries
from wardship.graphql.vendors.remote_mutations import RemoteIntegrationMutations
from wardship.tenants.remote_integrations.read import remote_integration_by_id
from wardship.tenants.vendor_access.granting import vendor_grants_by_ids
from wardship.tenants.vendor_clients.read import vendor_client_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(VendorQueries, RemoteIntegrationQueries, ManifestQueries),
        mutations=(VendorMutations, RemoteIntegrationMutations),
        extensions=(InstallationVendorGrants,),
        node_loaders={
            "VendorClient": lambda info, key: vendor_client_by_id(info.context.access, key),
            "RemoteIntegration": lambda info, key: remote_integration_by_id(info.context.access, key),
            "VendorGrant": found_by(vendor_grants_by_ids),
        },
    )
