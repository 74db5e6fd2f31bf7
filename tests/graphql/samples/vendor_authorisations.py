"""Samples of authorisations: an installation that is connected at a vendor which demands OAuth 2.0."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation
from tests.graphql.samples.installations import make_installation
from tests.graphql.world import World
from wardship.core.actor import PROVIDER_ID
from wardship.core.identifiers import uuid7
from wardship.plugins.api import OAuth

OAUTH = OAuth(
    authorization_endpoint="https://vendor.example/oauth/authorize",
    token_endpoint="https://vendor.example/oauth/token",
    revocation_endpoint="https://vendor.example/oauth/revoke",
)


async def populate(world: World) -> None:
    """An installation that is connected."""
    approved, _ = world.services.integrations.require("address_book").declaration
    connected = approved.model_copy(update={"oauth": OAUTH}).model_dump_json()
    world.ids["connected_installation"] = await make_installation(world, "installed", manifest=connected)
    await world.insert(
        "place_authorisation",
        installation_id=world.ids["connected_installation"],
        place_id=world.ids["connected_installation"],
        state="connected",
        changed_at=NOW,
        client_id="wardship",
        oauth=OAUTH.model_dump_json(),
        tokens=b"sealed",
    )


@asynccontextmanager
async def _has_client(world: World) -> AsyncIterator[None]:
    identifier = uuid7()
    bound_to = PROVIDER_ID.bytes + identifier.bytes
    sealed = world.services.keys.encrypt("integration-client", b"secret", bound_to=bound_to)
    await world.owner.execute(
        "insert into integration_client (organisation_id, id, created_at, integration_key, client_id, client_secret)"
        " values ($1, $2, $3, 'address_book', 'wardship', $4)",
        PROVIDER_ID,
        identifier,
        NOW,
        sealed,
    )
    yield
    await world.owner.execute("delete from integration_client where id = $1", identifier)


def _connected(world: World) -> dict[str, object]:
    return {"installationId": gid("Installation", world.ids["connected_installation"])}


SAMPLES = [
    mutation("connectInstallation", "InstallationInput", _connected, _has_client),
    mutation("disconnectInstallation", "InstallationInput", _connected),
]

CROWD = """
insert into place_authorisation (organisation_id, id, created_at, installation_id, place_id, state, changed_at,
        client_id, oauth, tokens)
    select organisation_id, key('u', place, n), at, key('i', place, n), key('i', place, n), 'connected', at, 'wardship',
        '{}', 'sealed' from number;
"""
