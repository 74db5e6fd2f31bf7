"""What vendors hand out on a person: kept encrypted for the copy that is made for that person, and for a while only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import Export
from wardship.plugins.host.reply import Reply
from wardship.tenants.access import Access, Services
from wardship.tenants.obligations.leases import PreparedCall

KEPT: Final = timedelta(days=35)
"""Longer than any request may take, so that the copy can be made; erasure and the end of the request come first."""

SEALED_FOR: Final = "vendor-export"
"""What a vendor's export is encrypted for."""
_AT_ONCE = 500


async def keep_export(access: Access, call: PreparedCall, reply: Reply) -> None:
    """Keep what an export obligation about a member brought, encrypted and bound to it; nothing of an erased one."""
    lease, export = call.lease, reply.value
    if not isinstance(export, Export) or lease.member_id is None:
        return
    content = access.encrypt(SEALED_FOR, lease.id, export.model_dump_json(include={"outcome", "rows"}).encode())
    await access.execute(
        "insert into vendor_export (organisation_id, id, created_at, obligation_id, installation_id, member_id,"
        " content, expires_at) select $1, $2, $3, $4, $5, $6, $7, $8"
        " where exists (select from member where organisation_id = $1 and id = $6 and state <> 'erased' for share)"
        " on conflict (organisation_id, obligation_id) do update set content = excluded.content",
        uuid7(),
        access.now,
        lease.id,
        lease.installation_id,
        lease.member_id,
        content,
        access.now + KEPT,
    )


async def collected_exports(access: Access, obligation_ids: Collection[UUID]) -> dict[UUID, Export]:
    """Return, decrypted, what these export obligations brought; by obligation. The caller has checked who may."""
    rows = await access.fetch(
        "select obligation_id, content from vendor_export"
        " where organisation_id = $1 and obligation_id = any($2::uuid[]) and expires_at > $3",
        list(obligation_ids),
        access.now,
    )
    opened = {row["obligation_id"]: access.decrypt(SEALED_FOR, row["obligation_id"], row["content"]) for row in rows}
    return {each: Export.model_validate_json(text) for each, text in opened.items()}


async def drop_exports(access: Access, obligation_ids: Collection[UUID]) -> int:
    """Destroy what these obligations brought, once the copy is made; return how many were there."""
    return await access.execute(
        "delete from vendor_export where organisation_id = $1 and obligation_id = any($2::uuid[])", list(obligation_ids)
    )


async def expire_exports(services: Services) -> None:
    """Destroy vendors' exports whose time is over, in every organisation."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from expired_vendor_exports($1, $2)", services.clock.now(), _AT_ONCE)
    for organisation_id in {row["organisation_id"] for row in rows}:
        async with services.database.tenant(organisation_id) as transaction:
            await transaction.execute(
                "delete from vendor_export where organisation_id = $1 and id = any($2::uuid[])",
                organisation_id,
                [row["export_id"] for row in rows if row["organisation_id"] == organisation_id],
            )
