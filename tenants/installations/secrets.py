"""An installation's secrets: encrypted for one installation, decrypted for one call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from wardship.plugins.host import Installed
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord

_PURPOSE = "integration-settings"


def encrypt_secrets(access: Access, installation_id: UUID, secrets: Mapping[str, str]) -> bytes | None:
    """Return the secrets encrypted and bound to organisation and installation; None when there are none."""
    if not secrets:
        return None
    text = json.dumps(dict(secrets)).encode()
    return access.services.keys.encrypt(_PURPOSE, text, bound_to=_bound(access, installation_id))


async def installed(access: Access, installation: InstallationRecord) -> Installed:
    """Return an installation as the dispatcher needs it, secrets decrypted.

    Raises:
        UnreadableSecretError: the secrets were encrypted under a key that this deployment does not have.
    """
    stored: bytes | None = await access.transaction.fetchval(
        "select secrets from installation where organisation_id = $1 and id = $2",
        access.organisation_id,
        installation.id,
    )
    secrets: dict[str, str] = {}
    if stored is not None:
        secrets = json.loads(access.services.keys.decrypt(_PURPOSE, stored, bound_to=_bound(access, installation.id)))
    return Installed(
        id=str(installation.id),
        integration=installation.integration_key,
        public_settings=json.loads(installation.settings),
        secrets=secrets,
        settings_version=installation.settings_version,
        approved_plan=installation.plan,
    )


def _bound(access: Access, installation_id: UUID) -> bytes:
    return access.organisation_id.bytes + installation_id.bytes
