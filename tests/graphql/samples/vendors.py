"""Samples of vendors' clients, of what they were let into, and of the integrations that vendors serve themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.builders import NOW
from tests.fakes.vendor_plugin import MANIFEST, PLAN
from tests.graphql.crowd import LIVE, key
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.app.demo.letters import Letters
from wardship.core.actor import PROVIDER_ID
from wardship.core.identifiers import uuid7
from wardship.plugins.host.declaration_document import document_of
from wardship.plugins.host.remote import read_document
from wardship.tenants.declarations import declaration_digest


async def populate(world: World) -> None:
    """A client that waits, one that was let in, with a secret each, and what it was let into."""
    tag = world.organisation.name
    for name, state in (("vendor_client", "active"), ("requested_client", "requested")):
        world.ids[name] = uuid7()
        await world.owner.execute(
            "insert into vendor_client (organisation_id, id, created_at, account_id, integration_key, name,"
            " is_confidential, redirect_uris, state) values ($1, $2, $3, $4, 'recorder', $5, true, $6, $7)",
            PROVIDER_ID,
            world.ids[name],
            NOW,
            world.ids["staff"],
            f"{tag} client",
            [f"https://{world.organisation.slug}.example/callback"],
            state,
        )
    for name, state in (("remote", "active"), ("requested_remote", "requested")):
        await _remote(world, name, state)
    world.ids["vendor_grant"] = await world.insert(
        "vendor_grant",
        client_id=world.ids["vendor_client"],
        client_name=f"{tag} client",
        installation_id=world.ids["installation"],
        consented="[]",
        granted_by=world.people["owner"].member_id,
    )


def _document(world: World, name: str) -> dict[str, Any]:
    """What a remote integration serves."""
    key = f"{world.organisation.slug.replace('-', '_')}_{name}"
    document = Letters().document("https://letters.example/wardship")
    document["manifest"] = document["manifest"] | {"key": key, "name": f"{world.organisation.name} letters"}
    return document


def _accepted(world: World, name: str) -> dict[str, Any]:
    """A remote integration, by what it was seen to declare."""
    declared = read_document(json.dumps(_document(world, name)).encode(), plain_http=False)
    return {
        "remoteIntegrationId": world.id_of("RemoteIntegration", name),
        "declarationDigest": declaration_digest(declared.manifest, declared.plan).hex(),
    }


async def _remote(world: World, name: str, state: str) -> None:
    """A remote integration with a document and a secret."""
    world.ids[name] = uuid7()
    document = _document(world, name)
    await world.owner.execute(
        "insert into remote_integration (organisation_id, id, created_at, account_id, url, state, state_since,"
        " integration_key, name, vendor_name, version, endpoint, document, fetched_at, is_admitted, followed)"
        " values ($1, $2, $3, $4, $5, $6, $3, $7, $8, 'Briefpost GmbH', '1', $9, $10, $3, $11, 1)",
        PROVIDER_ID,
        world.ids[name],
        NOW,
        world.ids["staff"],
        f"https://{world.organisation.slug}.example/wardship.json",
        state,
        document["manifest"]["key"],
        document["manifest"]["name"],
        document["endpoint"],
        json.dumps(document),
        state == "active",
    )


_CLIENT = (
    "id clientId createdAt name integrationKey isConfidential redirectUris state organisations"
    " vendor { address displayName } declaration { headline }"
)
_REMOTE = (
    "id createdAt url state stateSince integrationKey name version vendorName endpoint fetchedAt fault faultySince"
    " declaration { headline } vendor { address displayName } use { organisations installations awaiting }"
)


def _naming(name: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"remoteIntegrationId": world.id_of("RemoteIntegration", name)}


SAMPLES = [
    query("vendorClients", f"{{ vendorClients {{ edges {{ node {{ {_CLIENT} }} }} }} }}"),
    query(
        "checkManifest",
        """query($document: String!) { checkManifest(document: $document, against: $document) { name version
            faults { where what } warnings { where what } earlierFaults { what } declaration { digest headline }
            differences { kind sentence } } }""",
        lambda _: {"document": json.dumps(document_of(MANIFEST, PLAN))},
    ),
    query(
        "vendorDeliveries",
        """{ vendorDeliveries { edges { node { id obligationId installationId integrationKey verb state attempt failures
            submittedAt dueAt nextAt triedAt endedAt status code detail attempts { number code } } } } }""",
    ),
    mutation(
        "requestVendorClient",
        "RequestVendorClientInput",
        lambda _: {"name": "Sync", "integration": "calendar", "redirectUris": ["https://vendor.example/callback"]},
    ),
    mutation(
        "rotateVendorClientSecret",
        "RotateVendorClientSecretInput",
        lambda world: {"clientId": world.id_of("VendorClient", "vendor_client")},
    ),
    mutation(
        "approveVendorClient",
        "VendorClientInput",
        lambda world: {"clientId": world.id_of("VendorClient", "requested_client")},
    ),
    mutation(
        "suspendVendorClient",
        "VendorClientInput",
        lambda world: {"clientId": world.id_of("VendorClient", "vendor_client")},
    ),
    mutation(
        "endVendorClient",
        "VendorClientInput",
        lambda world: {"clientId": world.id_of("VendorClient", "vendor_client")},
    ),
    query("remoteIntegrations", f"{{ remoteIntegrations {{ edges {{ node {{ {_REMOTE} }} }} }} }}"),
    mutation(
        "registerRemoteIntegration",
        "RegisterRemoteIntegrationInput",
        lambda _: {"url": "https://vendor.example/wardship.json"},
    ),
    mutation("rotateRemoteIntegrationSecret", "RotateRemoteIntegrationSecretInput", _naming("remote")),
    mutation("checkRemoteIntegration", "RemoteIntegrationInput", _naming("remote")),
    mutation(
        "approveRemoteIntegration",
        "ApproveRemoteIntegrationInput",
        lambda world: _accepted(world, "requested_remote"),
    ),
    mutation("suspendRemoteIntegration", "RemoteIntegrationInput", _naming("remote")),
    mutation("endRemoteIntegration", "RemoteIntegrationInput", _naming("remote")),
    mutation(
        "retryDelivery", "RetryDeliveryInput", lambda world: {"obligationId": world.id_of("Obligation", "obligation")}
    ),
    mutation(
        "withdrawVendorGrant",
        "VendorGrantInput",
        lambda world: {"grantId": world.id_of("VendorGrant", "vendor_grant")},
    ),
]


KEYS = {"VendorClient": "w", "VendorDelivery": "o", "VendorGrant": "G", "RemoteIntegration": "R"}


_DECLARED = json.dumps(Letters().document("https://letters.example/wardship"))
CROWD = f"""
insert into account (id, created_at, display_name)
    select key('V', place, n), at, 'Vendor' from number where place = 0 and n = 1;
insert into staff (id, created_at, account_id, role)
    select key('V', place, n), at, key('V', place, n), 'vendor' from number where place = 0 and n = 1;
insert into account (id, created_at, display_name) select member, at, 'Vendor' from number where n = 1;
insert into staff (id, created_at, account_id, role) select member, at, member, 'vendor' from number where n = 1;
insert into vendor_client (organisation_id, id, created_at, account_id, integration_key, name, is_confidential,
        redirect_uris, state)
    select '{PROVIDER_ID}', key('V', place, n), at, key('V', place, n), 'address_book', 'Own', true,
        array['https://vendor.example/'], 'active' from number where place = 0 and n = 1;
insert into vendor_client (organisation_id, id, created_at, account_id, integration_key, name, is_confidential,
        redirect_uris, state)
    select '{PROVIDER_ID}', key('w', place, n), at, member, 'address_book', 'Client ' || n, true,
        array['https://vendor.example/' || n],
        case n % 10 when 5 then 'suspended' when 6 then 'requested' else 'active' end from number;
insert into remote_integration (organisation_id, id, created_at, account_id, url, state, state_since, integration_key,
        document, is_admitted)
    select '{PROVIDER_ID}', key('R', place, n), at, member, 'https://vendor.example/' || n,
        case n % 10 when 5 then 'suspended' when 6 then 'requested' else 'active' end, at,
        case when place = 0 and n = 1 then 'address_book' else 'remote_' || place || '_' || n end,
        case when n <= 100 then '{_DECLARED}' else '{{}}' end, n % 10 <> 6
    from number;
insert into vendor_grant (organisation_id, id, created_at, client_id, client_name, installation_id, consented,
        granted_by)
    select organisation_id, key('G', place, n), at, key('w', place, n), 'Client ' || n, key('i', place, n), '[]', other
    from number;
"""

FILTERS = {
    "Query.checkManifest(against)": ('against: "{}"',),
    "Query.checkManifest(document)": ('document: "{}"',),
    "Installation.deliveries(states)": ("states: [MANUAL, FAILED]", "states: [COMPLETED]"),
    "Query.remoteIntegrations(states)": ("states: [REQUESTED, SUSPENDED]", "states: [ACTIVE]"),
    "Query.vendorClients(states)": ("states: [REQUESTED, SUSPENDED]", "states: [ACTIVE]"),
    "Query.vendorDeliveries(installation)": (f'installation: "{key("i", LIVE)}"',),
    "Query.vendorDeliveries(states)": ("states: [MANUAL, FAILED]", "states: [COMPLETED]"),
}
