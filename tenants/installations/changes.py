"""Write installations: every statement that changes one, besides its state (``states``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import Holder, Manifest, RevocationPlan
from wardship.plugins.host.settings import SplitSettings
from wardship.tenants.access import Access
from wardship.tenants.installations.declarations import declaration_digest
from wardship.tenants.installations.records import InstallationRecord, encrypt_secrets, returning


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstallation:
    """What a new installation is made of; the caller has checked all of it.

    Attributes:
        integration: key of the integration.
        manifest: the declaration that was accepted, with ``plan``.
        group_id: the group, exactly when the holder is a group.
        member_id: the member, exactly when the holder is a member.
    """

    integration: str
    manifest: Manifest
    plan: RevocationPlan
    holder: Holder
    group_id: UUID | None
    member_id: UUID | None
    settings: SplitSettings


_INSERT = returning(
    "insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest,"
    " plan, declaration_digest, audience, group_id, member_id, state, settings, settings_version, secrets,"
    " installed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'installed', $12, $13, $14, $15)"
)
_SET_SETTINGS = returning(
    "update installation set settings = $3, settings_version = $4, secrets = $5 where organisation_id = $1 and id = $2"
)
_ADOPT = returning(
    "update installation set manifest = $3, plan = $4, declaration_digest = $5, integration_version = $6,"
    " pending_manifest = null, pending_plan = null where organisation_id = $1 and id = $2"
)


async def _written(access: Access, sql: str, *arguments: object) -> InstallationRecord:
    (row,) = await access.fetch_as(InstallationRecord, sql, *arguments)
    return row


async def insert_installation(access: Access, new: NewInstallation) -> InstallationRecord:
    """Insert an installation that nothing has been sent to."""
    installation_id = uuid7()
    return await _written(
        access,
        _INSERT,
        installation_id,
        access.now,
        new.integration,
        new.manifest.version,
        new.manifest.model_dump_json(),
        new.plan.model_dump_json(),
        declaration_digest(new.manifest, new.plan),
        new.holder.value,
        new.group_id,
        new.member_id,
        json.dumps(new.settings.public),
        new.manifest.settings.version,
        encrypt_secrets(access, installation_id, new.settings.secrets),
        access.actor.member_id,
    )


async def replace_settings(
    access: Access, installation_id: UUID, version: int, settings: SplitSettings
) -> InstallationRecord:
    """Replace settings and secrets, in the version of the form that they were checked by."""
    return await _written(
        access,
        _SET_SETTINGS,
        installation_id,
        json.dumps(settings.public),
        version,
        encrypt_secrets(access, installation_id, settings.secrets),
    )


async def adopt_declaration(
    access: Access, installation_id: UUID, manifest: Manifest, plan: RevocationPlan
) -> InstallationRecord:
    """Let a declaration take the place of the approved one; none waits for approval then."""
    return await _written(
        access,
        _ADOPT,
        installation_id,
        manifest.model_dump_json(),
        plan.model_dump_json(),
        declaration_digest(manifest, plan),
        manifest.version,
    )


async def keep_pending_declaration(
    access: Access, installation_id: UUID, manifest: Manifest, plan: RevocationPlan
) -> bool:
    """Keep a wider declaration until it is approved; return whether another one, or none, waited before."""
    changed = await access.execute(
        "update installation set pending_manifest = $3, pending_plan = $4"
        " where organisation_id = $1 and id = $2 and pending_manifest is distinct from $3::jsonb",
        installation_id,
        manifest.model_dump_json(),
        plan.model_dump_json(),
    )
    return bool(changed)


async def drop_pending_declaration(access: Access, installation_id: UUID) -> None:
    """Forget a wider declaration that waits for approval."""
    await access.execute(
        "update installation set pending_manifest = null, pending_plan = null where organisation_id = $1 and id = $2",
        installation_id,
    )


async def schedule_reconciliation(access: Access, installation_id: UUID, at: datetime | None) -> None:
    """Note when the vendor is asked next what it holds; None where it can't be asked."""
    await access.execute(
        "update installation set reconcile_at = $3 where organisation_id = $1 and id = $2", installation_id, at
    )
