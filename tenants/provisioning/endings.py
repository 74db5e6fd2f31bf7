"""Provisioning tokens that end by the clock, or outlast who made them: administrators are told, and ended ones go.

A directory that silently stops is a leaver who stays in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from wardship.core.actor import system_actor
from wardship.core.database.engine import Record
from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access, Services
from wardship.tenants.notices.tell import Telling, tell_each
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission
from wardship.tenants.provisioning.notices import (
    PROVISIONING_TOKEN_ENDED,
    PROVISIONING_TOKEN_ENDS,
    PROVISIONING_TOKEN_OUTLASTS,
)

TOLD_BEFORE: Final = timedelta(days=14)
"""How long before its end administrators are reminded of a token."""
KEPT_FOR: Final = timedelta(days=90)
"""How long a token that ended is listed."""
_BATCH: Final = 100
_MAKERS: Final = sorted(role.value for role, held in ROLE_PERMISSIONS.items() if Permission.PROVISIONING_MANAGE in held)
_DUE: Final = "select organisation_id from provisioning_tokens_due($1, $2, $3, $4, $5)"
_REMOVE: Final = "delete from provisioning_token where organisation_id = $1 and least(expires_at, revoked_at) <= $2"
_ENDED: Final = """
    update provisioning_token set end_told_at = $2
    where organisation_id = $1 and revoked_at is null and end_told_at is null and expires_at <= $2
    returning id, name, expires_at
"""
_ENDS: Final = """
    update provisioning_token set end_foretold_at = $2::timestamptz
    where organisation_id = $1 and revoked_at is null and end_told_at is null and end_foretold_at is null
        and expires_at <= $2::timestamptz + $3::interval and created_at <= expires_at - $3::interval
    returning id, name, expires_at
"""
_OUTLASTS: Final = """
    update provisioning_token t set maker_told_at = $2
    where organisation_id = $1 and revoked_at is null and end_told_at is null and maker_told_at is null
        and created_by is not null and not exists (
            select from member m join role_assignment a on a.organisation_id = $1 and a.member_id = m.id
                and a.role = any($3::text[])
            where m.organisation_id = $1 and m.id = t.created_by and m.state = 'active')
    returning id, name, expires_at
"""


async def follow_provisioning_tokens(services: Services) -> None:
    """Tell of tokens that end, have ended or outlast their makers, and remove those that ended long ago: a sweep."""
    now = services.clock.now()
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(_DUE, now, TOLD_BEFORE, now - KEPT_FOR, _MAKERS, _BATCH)
    for row in rows:
        organisation_id = row["organisation_id"]
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            await _follow(Access(system_actor(organisation_id), transaction, services, "sweep-provisioning"))


async def _follow(access: Access) -> None:
    await access.execute(_REMOVE, access.now - KEPT_FOR)
    ended = await access.fetch(_ENDED, access.now)
    ending = await access.fetch(_ENDS, access.now, TOLD_BEFORE)
    outlasting = await access.fetch(_OUTLASTS, access.now, _MAKERS)
    await tell_each(
        access,
        *_tellings(PROVISIONING_TOKEN_ENDED, ended),
        *_tellings(PROVISIONING_TOKEN_ENDS, ending),
        *_tellings(PROVISIONING_TOKEN_OUTLASTS, outlasting),
    )


def _tellings(kind: NoticeKind, tokens: Sequence[Record]) -> list[Telling]:
    return [
        Telling(
            kind=kind,
            holders=Permission.PROVISIONING_MANAGE,
            target=("provisioning_token", token["id"]),
            values={"token": token["name"], "until": token["expires_at"]},
        )
        for token in tokens
    ]
