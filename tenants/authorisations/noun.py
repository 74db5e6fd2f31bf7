"""The tables of authorisations, of the deployment's own clients, and of browsers that are at a vendor."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Outlasting, Sealed, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.authorisations import clients
from wardship.tenants.authorisations.flows import forget_flows
from wardship.tenants.authorisations.records import SEALED_FOR


@personal_data(not_personal=("integration_key", "client_id", "client_secret"))
class IntegrationClient(TenantTable, tablename="integration_client"):
    """What a vendor calls this deployment; rows of the provider alone, the secret encrypted."""

    encrypted = (Sealed("client_secret", clients.SEALED_FOR),)

    integration_key = Text()
    client_id = Text()
    client_secret = Bytea()


@personal_data(
    # What opens the vendor is the organisation's own; it goes when the vendor has ended it.
    not_personal=(
        "installation_id",
        "place_id",
        "state",
        "changed_at",
        "connected_by",
        "client_id",
        "account_key",
        "oauth",
        "tokens",
        "expires_at",
    )
)
class PlaceAuthorisation(TenantTable, tablename="place_authorisation"):
    """What a vendor gave when an administrator let this deployment in, encrypted."""

    encrypted = (Sealed("tokens", SEALED_FOR),)

    outlasting = Outlasting.DUTIES

    installation_id = UUID()
    place_id = UUID()
    state = Text()
    changed_at = Timestamptz()
    connected_by = UUID(null=True, default=None)
    client_id = Text()
    account_key = Bytea(null=True, default=None)
    oauth = JSONB(null=True, default=None)
    tokens = Bytea(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)


@personal_data(not_personal=("installation_id", "place_id", "session_id", "state_hash", "expires_at"))
class AuthorisationFlow(TenantTable, tablename="authorisation_flow"):
    """A browser that was led to a vendor; it goes when that comes back, or is over."""

    installation_id = UUID()
    place_id = UUID()
    session_id = UUID()
    state_hash = Bytea()
    expires_at = Timestamptz()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return IntegrationClient, PlaceAuthorisation, AuthorisationFlow


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what removes connectings that did not come back."""
    return (forget_flows,)
