"""Installations as the domain hands them around, and their places.

A place is where an installation's data went. It keeps the settings and secrets that reach it, until it is left; the
secrets are encrypted for one place, and decrypted for one call.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import NotFoundError
from wardship.core.keys import UnreadableSecretError
from wardship.core.outbound.breaking import Health
from wardship.core.settings import Settings
from wardship.plugins.api import Holder, Manifest, RevocationPlan
from wardship.plugins.host.call import Installed
from wardship.tenants.access import Access
from wardship.tenants.installations.problems import problem_of
from wardship.tenants.parameters import Parameters


class InstallationState(StrEnum):
    """Where an installation stands."""

    INSTALLED = "installed"
    CHECKED = "checked"
    ACTIVE = "active"
    DEGRADED = "degraded"
    PAUSED = "paused"
    REVOKING = "revoking"
    REMOVED = "removed"
    LOAD_FAILED = "load_failed"
    NEEDS_APPROVAL = "needs_approval"
    MIGRATION_FAILED = "migration_failed"
    REVOCATION_OVERDUE = "revocation_overdue"


SHARING = frozenset({InstallationState.ACTIVE, InstallationState.DEGRADED, InstallationState.NEEDS_APPROVAL})
"""The states in which records are delivered; one that needs approval goes on under the old declaration."""

ENDING = frozenset({InstallationState.REVOKING, InstallationState.REVOCATION_OVERDUE, InstallationState.REMOVED})
"""The states from which an installation does not come back."""

NOT_YET_SHARING = frozenset({InstallationState.INSTALLED, InstallationState.CHECKED})
"""The states before anything is delivered to the present place."""

INBOUND_PATH: Final = "/integrations/{installation_id:uuid}/inbound"
"""Where a vendor's own calls to an installation come in."""

SEALED_FOR: Final = "integration-settings"
"""What secrets are encrypted for."""

RETIRING_SEALED_FOR: Final = "integration-retiring-secrets"
"""What secrets are encrypted for that others have taken the place of."""


@lru_cache(maxsize=512)
def stored_manifest(text: str) -> Manifest:
    """Return a manifest from the JSON of its column; parsed once, since it seldom changes."""
    return Manifest.model_validate_json(text)


@lru_cache(maxsize=512)
def stored_plan(text: str) -> RevocationPlan:
    """Return a revocation plan from the JSON of its column."""
    return RevocationPlan.model_validate_json(text)


class InstallationRecord(Row):
    """One installation, in a row that was selected with ``COLUMNS``.

    Attributes:
        manifest: the declaration that an administrator approved.
        plan: the revocation plan approved with it.
        declaration_digest: SHA-256 over both.
        holder: for whom it is connected; ``group_id`` or ``member_id`` tells which.
        state_name: the state as it is stored.
        state_reason: why, where the state does not say it all; a code or a sentence of ours.
        problem: what is wrong and what to do, in words; empty when nothing is.
        place_id: where its data goes at present: the settings and secrets are that place's.
        installed_by: the member who installed it; None for the system.
        has_pending_declaration: a wider declaration waits for approval.
        kept_days: for how long anything is kept by those of its declarations that others took the place of, at most.
    """

    __slots__ = ()

    id: UUID = column("id")
    organisation_id: UUID = column("organisation_id")
    created_at: datetime = column("created_at")
    integration_key: str = column("integration_key")
    integration_version: str = column("integration_version")
    manifest: Manifest = column("manifest", stored_manifest)
    plan: RevocationPlan = column("plan", stored_plan)
    declaration_digest: bytes = column("declaration_digest")
    holder: Holder = column("audience", Holder)
    group_id: UUID | None = column("group_id")
    member_id: UUID | None = column("member_id")
    state: InstallationState = column("state", InstallationState)
    state_name: str = column("state")
    state_reason: str = column("state_reason")
    problem: str = column("state_reason", problem_of)
    place_id: UUID = column("place_id")
    installed_by: UUID | None = column("installed_by")
    has_pending_declaration: bool = column("has_pending_declaration")
    removed_at: datetime | None = column("removed_at")
    kept_days: int = column("kept_days")

    @property
    def is_sharing(self) -> bool:
        """Whether records are delivered in this state."""
        return self.state in SHARING

    @property
    def keeps(self) -> bool:
        """Whether its vendor declared, now or before, to keep anything after the end."""
        return self.kept_days > 0 or any(entry.retention_days for entry in self.manifest.receives)


COLUMNS = (
    "id, organisation_id, created_at, integration_key, integration_version, manifest, plan, declaration_digest,"
    " audience, group_id, member_id, state, state_reason, place_id, installed_by,"
    " pending_manifest is not null as has_pending_declaration, removed_at, kept_days"
)
"""What the record is made of."""

SELECT = f"select {COLUMNS} from installation"  # noqa: S608 - constants
"""To be followed by a condition."""


def returning(statement: str) -> str:
    """Return a statement that writes installations, so that it returns their records."""
    return f"{statement} returning {COLUMNS}"


async def find_installations(
    access: Access, ids: Collection[UUID], *, lock: str = ""
) -> dict[UUID, InstallationRecord]:
    """Return installations of this organisation by id, without a check of who may: the calling function has made it.

    Args:
        access: the caller.
        ids: which ones.
        lock: ``for share`` or ``for no key update`` to hold them until the transaction ends.
    """
    if lock not in {"", "for share", "for no key update"}:
        raise ValueError(lock)
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(sorted(set(ids)), SELECT + " where organisation_id = $1 and id = w.id", lock=lock)
    rows = await access.transaction.fetch_as(InstallationRecord, sql, *parameters.values)
    return {row.id: row for row in rows}


def installation_not_found() -> NotFoundError:
    """Return the one answer for an installation that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such installation: list the installations that you can see.", path=("installation",))


class PlaceState(StrEnum):
    """Where a place stands: data goes there, is being taken back from there, or nothing is there any more."""

    CURRENT = "current"
    LEAVING = "leaving"
    LEFT = "left"


class PlaceRecord(Row):
    """One place of an installation.

    Attributes:
        recipient: who receives the data there: the vendor, with the server where settings name one.
        address: what the settings say about where it is, as JSON; empty for one from before places were kept.
        hosts: the hosts that the declaration named while data went there.
        settings: as JSON, without secrets; empty once it is left.
        secrets: encrypted for this place; None where there are none, and once it is left.
        leaving_at: since when everything there is owed back; None for the current one.
        retiring_secrets: encrypted, what some of the secrets were before, for a while; None where there is nothing.
        failures: see ``Health``, like the three after it.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    installation_id: UUID = column("installation_id")
    state: PlaceState = column("state", PlaceState)
    recipient: str = column("recipient")
    address: str = column("address")
    hosts: tuple[str, ...] = column("hosts", tuple)
    settings: str = column("settings")
    settings_version: int = column("settings_version")
    secrets: bytes | None = column("secrets")
    retiring_secrets: bytes | None = column("retiring_secrets")
    leaving_at: datetime | None = column("leaving_at")
    left_at: datetime | None = column("left_at")
    failures: int = column("failures")
    failing_since: datetime | None = column("failing_since")
    succeeded_at: datetime | None = column("succeeded_at")
    next_try_at: datetime | None = column("next_try_at")

    @property
    def health(self) -> Health:
        """What its calls have told of it."""
        return Health(self.failures, self.failing_since, self.succeeded_at, self.next_try_at)


SELECT_PLACES = (
    "select p.id, p.created_at, p.installation_id, p.state, p.recipient, p.address, p.hosts, p.settings,"
    " p.settings_version, p.secrets, p.retiring_secrets, p.leaving_at, p.left_at, p.failures, p.failing_since,"
    " p.succeeded_at, p.next_try_at from installation_place p"
)
"""To be followed by a condition or a join."""


async def read_places(access: Access, place_ids: Collection[UUID]) -> dict[UUID, PlaceRecord]:
    """Return places by id; the caller has checked who may."""
    parameters = Parameters(access.organisation_id)
    one = SELECT_PLACES + " where p.organisation_id = $1 and p.id = w.id"
    sql = parameters.for_each(sorted(set(place_ids)), one)
    return {row.id: row for row in await access.transaction.fetch_as(PlaceRecord, sql, *parameters.values)}


def encrypt_secrets(access: Access, place_id: UUID, secrets: Mapping[str, str]) -> bytes | None:
    """Return the secrets encrypted and bound to organisation and place; None when there are none."""
    if not secrets:
        return None
    return access.encrypt(SEALED_FOR, place_id, json.dumps(dict(secrets)).encode())


def inbound_url(settings: Settings, installation_id: UUID) -> str:
    """Return the address at which calls to one installation come in."""
    return f"{settings.public_url}{INBOUND_PATH.replace('{installation_id:uuid}', str(installation_id))}"


class RetiringSecret(NamedTuple):
    """What a secret was before, and until when it is used beside the new one."""

    value: str
    until: datetime


def retiring_secrets(access: Access, place: PlaceRecord) -> dict[str, RetiringSecret]:
    """Return, by name, what secrets of a place were before, as far as their time is not over.

    None where they were encrypted under a key that is gone: the new ones are used alone.
    """
    if place.retiring_secrets is None:
        return {}
    try:
        stored = json.loads(access.decrypt(RETIRING_SEALED_FOR, place.id, place.retiring_secrets))
    except UnreadableSecretError:
        return {}
    found = {name: RetiringSecret(value, datetime.fromisoformat(until)) for name, (value, until) in stored.items()}
    return {name: secret for name, secret in found.items() if secret.until > access.now}


def encrypt_retiring(access: Access, place_id: UUID, secrets: Mapping[str, RetiringSecret]) -> bytes | None:
    """Return old secrets encrypted and bound to organisation and place; None when there are none."""
    if not secrets:
        return None
    stored = {name: (secret.value, secret.until.isoformat()) for name, secret in secrets.items()}
    return access.encrypt(RETIRING_SEALED_FOR, place_id, json.dumps(stored).encode())


def installed(access: Access, installation: InstallationRecord, place: PlaceRecord) -> Installed:
    """Return an installation as the dispatcher needs it to reach one of its places, secrets decrypted.

    Raises:
        UnreadableSecretError: the secrets were encrypted under a key that this deployment does not have.
    """
    sealed = place.secrets
    return Installed(
        id=str(installation.id),
        integration=installation.integration_key,
        organisation=str(installation.organisation_id),
        place=str(place.id),
        public_settings=json.loads(place.settings),
        secrets={} if sealed is None else json.loads(access.decrypt(SEALED_FOR, place.id, sealed)),
        retiring={name: secret.value for name, secret in retiring_secrets(access, place).items()},
        settings_version=place.settings_version,
        approved_hosts=installation.manifest.hosts,
        oauth=installation.manifest.oauth,
        approved_plan=installation.plan,
        inbound_url=inbound_url(access.services.settings, installation.id),
        health=place.health,
    )


def lost_hosts(access: Access, installation: InstallationRecord, place: PlaceRecord) -> tuple[str, ...]:
    """Return the hosts where data of a place may remain that the loaded plugin no longer names."""
    loaded = access.services.integrations.get(installation.integration_key).manifest
    return () if loaded is None else tuple(host for host in place.hosts if host not in loaded.hosts)
