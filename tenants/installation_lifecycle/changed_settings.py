"""The form of an installation, filled in: what is given over what was kept, and secrets that don't move on unasked."""

from __future__ import annotations

import json
from collections.abc import Mapping

from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import Manifest
from wardship.plugins.host.settings import (
    InvalidSettingsError,
    SplitSettings,
    build_settings,
    secret_names,
    split_settings,
)
from wardship.tenants.access import Access
from wardship.tenants.installations.place_address import address_of
from wardship.tenants.installations.records import InstallationRecord, PlaceRecord, installed, read_places


async def changed_settings(
    access: Access, installation: InstallationRecord, manifest: Manifest, given: Mapping[str, object]
) -> SplitSettings:
    """Return the settings of an installation with these in the place of the old ones; None takes one out.

    What is not given stays as it is, except that a secret never goes to another place than that for which it was given:
    where the settings that say so change, every secret is given again.

    Raises:
        InvalidSettingsError: together they do not fit the form.
    """
    place = (await read_places(access, [installation.place_id]))[installation.place_id]
    kept = _kept(access, installation, place, manifest)
    merged = {name: value for name, value in {**kept, **given}.items() if value is not None}
    if address_of(manifest, kept) != address_of(manifest, merged):
        dropped = secret_names(manifest.settings) - set(given)
        merged = {name: value for name, value in merged.items() if name not in dropped}
    return checked_settings(manifest, merged)


def checked_settings(manifest: Manifest, raw: Mapping[str, object]) -> SplitSettings:
    """Return settings that fit the form, secrets apart.

    Raises:
        InvalidSettingsError: they do not; the path begins with ``settings``.
    """
    try:
        return split_settings(manifest.settings, raw)
    except InvalidSettingsError as error:
        raise InvalidSettingsError(error.message, path=("settings", *error.path)) from None


def _kept(
    access: Access, installation: InstallationRecord, place: PlaceRecord, manifest: Manifest
) -> dict[str, object]:
    """Return what was kept, as the present form has it; nothing where that can't be read any more."""
    try:
        secrets = installed(access, installation, place).secrets
    except UnreadableSecretError:
        secrets = {}
    kept: dict[str, object] = {**json.loads(place.settings), **secrets}
    if place.settings_version == manifest.settings.version:
        return kept
    try:
        built = build_settings(manifest.settings, kept, {}, stored_version=place.settings_version)
    except InvalidSettingsError:
        return {}
    public = built.settings.model_dump(mode="json", exclude=set(secret_names(manifest.settings)))
    return {**public, **built.secrets}
