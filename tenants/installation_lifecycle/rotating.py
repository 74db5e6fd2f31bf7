"""Rotate one secret of an installation: the new one is used from now on, and the old one for a while beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.errors import InvalidInputError
from wardship.core.keys import UnreadableSecretError
from wardship.plugins.host.settings import InvalidSettingsError, secret_names
from wardship.tenants.access import Access, Services
from wardship.tenants.installation_lifecycle.changed_settings import changed_settings
from wardship.tenants.installation_lifecycle.checking import check_again
from wardship.tenants.installations.authority import manageable_installation
from wardship.tenants.installations.changes import keep_retiring, replace_settings
from wardship.tenants.installations.records import (
    ENDING,
    InstallationRecord,
    InstallationState,
    PlaceRecord,
    RetiringSecret,
    installed,
    read_places,
    retiring_secrets,
)
from wardship.tenants.installations.states import require_state

LONGEST_OVERLAP: Final = timedelta(days=7)
"""How long an old secret is kept at most beside the new one."""

_AT_ONCE: Final = 200


class SecretUnchangedError(InvalidInputError):
    """This is the present secret: make a new one at the vendor, and give that."""

    code = "SECRET_UNCHANGED"


async def rotate_secret(
    access: Access, installation_id: UUID, name: str, value: str, overlap: timedelta
) -> InstallationRecord:
    """Replace one secret of the place where an installation's data goes, and check it; the others stay as they are.

    Until the overlap has passed connectors have the old one after the new (``context.secrets``): for a vendor at which
    both are valid for a while. A second rotation within it drops the older of the two.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it has been taken away, or is being.
        IntegrationUnavailableError: the integration can't be loaded at present.
        InvalidSettingsError: it is no secret of the form, or does not fit it, or the present ones can't be read.
        InvalidInputError: the overlap is negative, or too long.
        SecretUnchangedError: it is the present one.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise InvalidInputError(
            f"Keep the old secret for at most {LONGEST_OVERLAP.days} days.", path=("keep_old_for_hours",)
        )
    installation = await manageable_installation(access, installation_id)
    require_state(installation, frozenset(InstallationState) - ENDING, act="given a new secret")
    manifest, _ = access.services.integrations.require(installation.integration_key).declaration
    if name not in secret_names(manifest.settings):
        known = ", ".join(sorted(secret_names(manifest.settings))) or "none"
        raise InvalidSettingsError(f"{name} is no secret of this integration; its secrets are: {known}", path=("name",))
    place = (await read_places(access, [installation.place_id]))[installation.place_id]
    old = _present(access, installation, place).get(name)
    if old == value:
        raise SecretUnchangedError("This is the present secret: make a new one at the vendor.", path=("value",))
    settings = await changed_settings(access, installation, manifest, {name: value})
    await replace_settings(access, place.id, manifest, settings)
    until = access.now + overlap
    kept = {each: held for each, held in retiring_secrets(access, place).items() if each != name}
    if old is not None and overlap:
        kept[name] = RetiringSecret(old, until)
    await keep_retiring(access, place.id, kept)
    await check_again(access, installation)
    details = {"name": name, "old_until": until.isoformat() if name in kept else None}
    await access.audit("installation.secret_rotated", "installation", installation_id, **details)
    return installation


def _present(access: Access, installation: InstallationRecord, place: PlaceRecord) -> dict[str, str]:
    try:
        return dict(installed(access, installation, place).secrets)
    except UnreadableSecretError:
        raise InvalidSettingsError(
            "The present secrets can't be read: give all of them in the settings.", path=("name",)
        ) from None


async def drop_retired_secrets(services: Services) -> None:
    """Delete old secrets whose time is over, in every organisation."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(
            "select * from places_with_retired_secrets($1, $2)", services.clock.now(), _AT_ONCE
        )
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            access = Access(system_actor(row["organisation_id"]), transaction, services, "rotation")
            await transaction.fetchrow(
                "select id from installation_place where organisation_id = $1 and id = $2 for no key update",
                row["organisation_id"],
                row["place_id"],
            )
            place = (await read_places(access, [row["place_id"]]))[row["place_id"]]
            await keep_retiring(access, place.id, retiring_secrets(access, place))
