"""Two installations of one integration here: the same once more is refused, the same account is noticed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import Holder, Manifest
from wardship.plugins.host.settings import SplitSettings
from wardship.tenants.access import Access
from wardship.tenants.installations.place_address import address_of
from wardship.tenants.installations.records import (
    ENDING,
    SELECT,
    InstallationRecord,
    PlaceRecord,
    installed,
    read_places,
)
from wardship.tenants.permissions import Permission

_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1, 2056))"
_OTHERS: Final = (
    SELECT + " where organisation_id = $1 and integration_key = $2 and state <> all($3::text[])"
    " and ($4::boolean or member_id = $5) order by id"
)


class AlreadyInstalledError(ConflictError):
    """The same is connected already, for the same people and with the same settings: change that, or take it away."""

    code = "ALREADY_INSTALLED"


class SameVendorAccountError(ConflictError):
    """Another installation uses the same account at the vendor: each would overwrite what the other sent.

    Whoever wants that says so in ``acceptsSameAccount``.
    """

    code = "SAME_VENDOR_ACCOUNT"


@dataclass(frozen=True, slots=True)
class Connected:
    """What is connected for whom.

    Attributes:
        group_id: the group, exactly when the holder is a group.
        member_id: the member, exactly when the holder is a member.
    """

    integration: str
    holder: Holder
    group_id: UUID | None
    member_id: UUID | None
    settings: SplitSettings

    @property
    def people(self) -> tuple[object, ...]:
        """For whom."""
        return (self.holder, self.group_id, self.member_id)


async def require_not_installed(
    access: Access, manifest: Manifest, wanted: Connected, *, accepts_same_account: bool
) -> None:
    """Refuse what is connected already; until the transaction ends nobody else connects the same integration.

    Only installations that the caller may see count, and none of another organisation: nothing is told of those.

    Raises:
        AlreadyInstalledError: for the same people, with the same settings and secrets.
        SameVendorAccountError: with the same account at the vendor, and that was not accepted.
    """
    await access.transaction.execute(_LOCK, f"{access.organisation_id}:{wanted.integration}")
    others = await _others(access, wanted.integration)
    if any(other.people == wanted.people and other.settings == wanted.settings for other in others):
        raise AlreadyInstalledError(
            f"{manifest.name} is connected for the same people and with the same settings already:"
            " change that installation, or take it away first.",
            path=("integration",),
        )
    if not accepts_same_account:
        _require_own_account(manifest, wanted.settings, others)


async def require_account_of_its_own(
    access: Access, installation: InstallationRecord, manifest: Manifest, before: SplitSettings, after: SplitSettings
) -> None:
    """Refuse settings by which an installation comes to use the account of another, which it did not use before.

    Raises:
        SameVendorAccountError: it would.
    """
    await access.transaction.execute(_LOCK, f"{access.organisation_id}:{installation.integration_key}")
    others = await _others(access, installation.integration_key, but=installation.id)
    _require_own_account(manifest, after, [each for each in others if not _is_same(manifest, before, each.settings)])


def _require_own_account(manifest: Manifest, settings: SplitSettings, others: Iterable[Connected]) -> None:
    if any(_is_same(manifest, settings, other.settings) for other in others):
        raise SameVendorAccountError(
            f"Another installation of {manifest.name} here uses the same account at the vendor: each would overwrite"
            " what the other sent. Take an account of its own, or say that you want this.",
            path=("accepts_same_account",),
        )


def _is_same(manifest: Manifest, one: SplitSettings, other: SplitSettings) -> bool:
    """Return whether settings name the same account: by where it is, or, where nothing says that, by what opens it."""
    address = address_of(manifest, one.public)
    if address:
        return address == address_of(manifest, other.public)
    return bool(one.secrets) and one.secrets == other.secrets


async def _others(access: Access, integration: str, *, but: UUID | None = None) -> list[Connected]:
    rows = await access.fetch_as(
        InstallationRecord,
        _OTHERS,
        integration,
        [state.value for state in ENDING],
        access.may(Permission.INTEGRATIONS_READ),
        access.actor.member_id,
    )
    found = [row for row in rows if row.id != but]
    places = await read_places(access, [row.place_id for row in found])
    return [_connected(access, row, places[row.place_id]) for row in found]


def _connected(access: Access, installation: InstallationRecord, place: PlaceRecord) -> Connected:
    return Connected(
        installation.integration_key,
        installation.holder,
        installation.group_id,
        installation.member_id,
        stored_settings(access, installation, place),
    )


def stored_settings(access: Access, installation: InstallationRecord, place: PlaceRecord) -> SplitSettings:
    """Return what a place is reached by; without secrets where these can't be read any more."""
    try:
        secrets = dict(installed(access, installation, place).secrets)
    except UnreadableSecretError:
        secrets = {}
    return SplitSettings(json.loads(place.settings), secrets)
