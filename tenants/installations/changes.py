"""Write installations: every statement that changes one, besides its state (``states``)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import Holder, Manifest, RevocationPlan
from wardship.plugins.host.settings import SplitSettings
from wardship.tenants.access import Access
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installations.place_address import address_of, recipient_name
from wardship.tenants.installations.records import (
    InstallationRecord,
    RetiringSecret,
    encrypt_retiring,
    encrypt_secrets,
    read_places,
    returning,
)


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
    " plan, declaration_digest, audience, group_id, member_id, state, place_id, installed_by)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'installed', $12, $13)"
)
_INSERT_PLACE = (
    "insert into installation_place (organisation_id, created_at, installation_id, id, recipient, address, hosts,"
    " settings, settings_version, secrets) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
_SET_SETTINGS = (
    "update installation_place set recipient = $3, address = $4, hosts = array(select unnest(hosts) union"
    " select unnest($5::text[]) order by 1), settings = $6, settings_version = $7, secrets = $8,"
    " failures = 0, next_try_at = null"  # what kept it from answering may be mended by them: they are tried at once
    " where organisation_id = $1 and id = $2"
)
_SERVE_UNDER = (
    "update installation_place set recipient = $3, hosts = array(select unnest(hosts) union"
    " select unnest($4::text[]) order by 1) where organisation_id = $1 and id = $2"
)
_LEAVE_PLACE = (
    "update installation_place set state = 'leaving', leaving_at = $3"
    " where organisation_id = $1 and id = $2 and state = 'current'"
)
_RETURN_TO_PLACE = (
    "update installation_place set state = 'current', leaving_at = null, left_at = null"
    " where organisation_id = $1 and id = $2 and state <> 'current'"
)
_KEEP_RETIRING = (
    "update installation_place set retiring_secrets = $3, retiring_until = $4 where organisation_id = $1 and id = $2"
)
_HAVE_LEFT = (
    "update installation_place set state = 'left', left_at = $3, secrets = null, settings = '{}',"
    " retiring_secrets = null, retiring_until = null"
    " where organisation_id = $1 and id = any($2::uuid[]) and state <> 'left'"
)
_MOVE = returning("update installation set place_id = $3, reconcile_at = null where organisation_id = $1 and id = $2")
_ADOPT = returning(
    "update installation set manifest = $3, plan = $4, declaration_digest = $5, integration_version = $6,"
    " pending_manifest = null, pending_plan = null, kept_days = greatest(kept_days, (select max((entry ->>"
    " 'retention_days')::integer) from jsonb_array_elements(manifest -> 'receives') entry))"
    " where organisation_id = $1 and id = $2"
)


async def _written(access: Access, sql: str, *arguments: object) -> InstallationRecord:
    (row,) = await access.fetch_as(InstallationRecord, sql, *arguments)
    return row


async def insert_installation(access: Access, new: NewInstallation) -> InstallationRecord:
    """Insert an installation that nothing has been sent to, with its first place."""
    installation_id, place_id = uuid7(), uuid7()
    inserted = await _written(
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
        place_id,
        access.actor.member_id,
    )
    await insert_place(access, installation_id, place_id, new.manifest, new.settings)
    return inserted


async def insert_place(
    access: Access, installation_id: UUID, place_id: UUID, manifest: Manifest, settings: SplitSettings
) -> None:
    """Insert the place where an installation's data goes from now on; there is no other such place."""
    await access.execute(
        _INSERT_PLACE, access.now, installation_id, place_id, *_place_columns(access, place_id, manifest, settings)
    )


async def replace_settings(access: Access, place_id: UUID, manifest: Manifest, settings: SplitSettings) -> None:
    """Replace the settings and secrets of a place by others that name the same place."""
    await access.execute(_SET_SETTINGS, place_id, *_place_columns(access, place_id, manifest, settings))


async def keep_retiring(access: Access, place_id: UUID, secrets: Mapping[str, RetiringSecret]) -> None:
    """Keep what secrets of a place were before, each for its time, and nothing else of before."""
    until = min((secret.until for secret in secrets.values()), default=None)
    await access.execute(_KEEP_RETIRING, place_id, encrypt_retiring(access, place_id, secrets), until)


def _place_columns(access: Access, place_id: UUID, manifest: Manifest, settings: SplitSettings) -> tuple[object, ...]:
    """Return recipient, address, hosts, settings, their version, and secrets of a place."""
    return (
        recipient_name(manifest, settings.public),
        json.dumps(address_of(manifest, settings.public), sort_keys=True),
        list(manifest.hosts),
        json.dumps(settings.public),
        manifest.settings.version,
        encrypt_secrets(access, place_id, settings.secrets),
    )


async def adopt_declaration(
    access: Access, installation_id: UUID, manifest: Manifest, plan: RevocationPlan
) -> InstallationRecord:
    """Let a declaration take the place of the approved one; none waits for approval then.

    The present place is known by the hosts of both from now on: data may remain at one that the new one leaves out.
    """
    adopted = await _written(
        access,
        _ADOPT,
        installation_id,
        manifest.model_dump_json(),
        plan.model_dump_json(),
        declaration_digest(manifest, plan),
        manifest.version,
    )
    place = (await read_places(access, [adopted.place_id]))[adopted.place_id]
    recipient = recipient_name(manifest, json.loads(place.settings))
    await access.execute(_SERVE_UNDER, place.id, recipient, list(manifest.hosts))
    return adopted


async def keep_pending_declaration(
    access: Access, installation_id: UUID, manifest: Manifest, plan: RevocationPlan
) -> bool:
    """Keep a wider declaration until it is approved; return whether another one, or none, waited before."""
    changed = await access.execute(
        "update installation set pending_manifest = $3, pending_plan = $4"
        " where organisation_id = $1 and id = $2"
        " and (pending_manifest, pending_plan) is distinct from ($3::jsonb, $4::jsonb)",
        installation_id,
        manifest.model_dump_json(),
        plan.model_dump_json(),
    )
    return bool(changed)


async def move_installation(access: Access, installation_id: UUID, place_id: UUID) -> InstallationRecord:
    """Let an installation's data go to another of its places from now on."""
    return await _written(access, _MOVE, installation_id, place_id)


async def begin_leaving(access: Access, place_id: UUID) -> None:
    """Note that a place is not the present one any more, and that everything there is owed back."""
    await access.execute(_LEAVE_PLACE, place_id, access.now)


async def return_to_place(access: Access, place_id: UUID) -> None:
    """Let a place that was being left, or was left, be the present one again; its settings are given again."""
    await access.execute(_RETURN_TO_PLACE, place_id)


async def have_left(access: Access, place_ids: Collection[UUID]) -> None:
    """Note that nothing is left at places; what they were reached by is dropped."""
    await access.execute(_HAVE_LEFT, list(place_ids), access.now)


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
