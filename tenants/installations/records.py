"""Installations as the domain hands them around."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.plugins.api import Holder, Manifest, RevocationPlan
from wardship.tenants.access import Access


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


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationRecord:
    """One installation, without its secrets.

    Attributes:
        manifest: the declaration that an administrator approved.
        plan: the revocation plan approved with it.
        declaration_digest: SHA-256 over both.
        holder: for whom it is connected; ``group_id`` or ``member_id`` tells which.
        state_reason: why, where the state does not say it all; a code or a sentence of ours.
        installed_by: the member who installed it; None for the system.
        has_pending_declaration: a wider declaration waits for approval.
    """

    id: UUID
    organisation_id: UUID
    created_at: datetime
    integration_key: str
    integration_version: str
    manifest: Manifest
    plan: RevocationPlan
    declaration_digest: bytes
    holder: Holder
    group_id: UUID | None
    member_id: UUID | None
    state: InstallationState
    state_reason: str
    settings: str
    settings_version: int
    installed_by: UUID | None
    has_pending_declaration: bool
    removed_at: datetime | None

    @property
    def is_sharing(self) -> bool:
        """Whether records are delivered in this state."""
        return self.state in SHARING


COLUMNS = (
    "id, organisation_id, created_at, integration_key, integration_version, manifest, plan, declaration_digest,"
    " audience, group_id, member_id, state, state_reason, settings, settings_version, installed_by,"
    " pending_manifest is not null as has_pending_declaration, removed_at"
)
"""What ``installation_record`` reads."""


@lru_cache(maxsize=512)
def stored_manifest(text: str) -> Manifest:
    """Return a manifest from the JSON of its column; parsed once, since it seldom changes."""
    return Manifest.model_validate_json(text)


@lru_cache(maxsize=512)
def stored_plan(text: str) -> RevocationPlan:
    """Return a revocation plan from the JSON of its column."""
    return RevocationPlan.model_validate_json(text)


def installation_record(row: Mapping[str, Any]) -> InstallationRecord:
    """Return the record of a row that was selected with ``COLUMNS``."""
    values = dict(row)
    values["manifest"] = stored_manifest(values["manifest"])
    values["plan"] = stored_plan(values["plan"])
    values["holder"] = Holder(values.pop("audience"))
    values["state"] = InstallationState(values["state"])
    return InstallationRecord(**values)


async def find_installations(
    access: Access, ids: Collection[UUID], *, lock: str = ""
) -> dict[UUID, InstallationRecord]:
    """Return installations of this organisation by id, whoever asks: for code that has checked who may.

    Args:
        access: the caller.
        ids: which ones.
        lock: ``for share`` or ``for no key update`` to hold them until the transaction ends.
    """
    if lock not in {"", "for share", "for no key update"}:
        raise ValueError(lock)
    rows = await access.transaction.fetch(
        f"select {COLUMNS} from installation where organisation_id = $1 and id = any($2::uuid[]) order by id {lock}",  # noqa: S608 - constants of this module
        access.organisation_id,
        list(ids),
    )
    return {row["id"]: installation_record(row) for row in rows}


def installation_not_found() -> NotFoundError:
    """Return the one answer for an installation that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such installation: list the installations that you can see.", path=("installation",))
