"""Write what was judged: each by one statement that does nothing where somebody was there first.

Fifty redemptions of one code wait for its row one after the other; the first finds it unused. What ends a family ends
all tokens in it, also those that are made at the same moment.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.vendor_access.records import KnownCode, KnownGrant, KnownToken
from wardship.tenants.vendor_access.telling import tell_shown_twice
from wardship.tenants.vendor_access.tokens import LIVES, TokenKind, text_hash

_NEW: Final = (
    "insert into vendor_token (organisation_id, id, created_at, family_id, kind, token_hash, expires_at)"
    " select $1, n.id, $2, used.family_id, n.kind, n.token_hash, n.expires_at"
    " from used, unnest($4::uuid[], $5::text[], $6::bytea[], $7::timestamptz[]) as n (id, kind, token_hash, expires_at)"
    " returning id"
)
_CODE_USED: Final = """
    with code as (
        update vendor_code set used_at = $2
        where organisation_id = $1 and id = $3 and used_at is null and expires_at > $2 returning id, grant_id
    ), used as (
        insert into vendor_token_family (organisation_id, id, created_at, grant_id)
        select $1, code.id, $2, code.grant_id from code returning id as family_id
    )
    """
_REDEEM: Final = _CODE_USED + _NEW
_REFRESHED: Final = """
    with used as (
        update vendor_token t set used_at = $2
        where organisation_id = $1 and id = $3 and used_at is null and revoked_at is null and expires_at > $2
            and exists (select from vendor_token_family f
                where f.organisation_id = $1 and f.id = t.family_id and f.ended_at is null)
        returning family_id
    )
    """
_REFRESH: Final = _REFRESHED + _NEW
_GRANT_USED: Final = """
    with used as (
        insert into vendor_token_family (organisation_id, id, created_at, grant_id)
        select $1, $8, $2, g.id from vendor_grant g
        where g.organisation_id = $1 and g.id = $3 and g.ended_at is null returning id as family_id
    )
    """
_ISSUE: Final = _GRANT_USED + _NEW
# Whether anything ended by it is told, and only of that people are: a token that opened something until then.
_END_FAMILY: Final = """
    update vendor_token_family f set ended_at = $3 where organisation_id = $1 and id = $2 and ended_at is null
    returning grant_id, exists (select from vendor_grant g where g.organisation_id = $1 and g.id = f.grant_id
        and g.ended_at is null) and exists (select from vendor_token t where t.organisation_id = $1
        and t.family_id = f.id and t.used_at is null and t.revoked_at is null and t.expires_at > $3) as was_open
"""
_REVOKE: Final = (
    "update vendor_token set revoked_at = $3 where organisation_id = $1 and id = $2 and revoked_at is null"
    " returning family_id"
)


async def redeem(services: Services, code: KnownCode, texts: dict[TokenKind, str], request_id: str) -> bool:
    """Use up a code and write its tokens; tell whether nobody was there first."""
    async with _writing(services, code.organisation_id, request_id) as access:
        return bool(await access.fetch(_REDEEM, access.now, code.id, *_rows(access, texts)))


async def refresh(services: Services, token: KnownToken, texts: dict[TokenKind, str], request_id: str) -> bool:
    """Use up a refresh token and write those that follow; tell whether nobody was there first."""
    async with _writing(services, token.organisation_id, request_id) as access:
        return bool(await access.fetch(_REFRESH, access.now, token.id, *_rows(access, texts)))


async def issue(services: Services, grant: KnownGrant, texts: dict[TokenKind, str], request_id: str) -> bool:
    """Write a token for a client itself; tell whether the grant was still open."""
    async with _writing(services, grant.organisation_id, request_id) as access:
        return bool(await access.fetch(_ISSUE, access.now, grant.id, *_rows(access, texts), uuid7()))


async def end_family(services: Services, used: KnownCode | KnownToken, request_id: str) -> None:
    """End all tokens that came of one consent, because a code or refresh token was shown twice."""
    async with _writing(services, used.organisation_id, request_id) as access:
        for row in await access.fetch(_END_FAMILY, used.family_id, access.now):
            await access.audit("vendor_grant.shown_twice", "vendor_grant", row["grant_id"])
            if row["was_open"]:
                await tell_shown_twice(access, used)


async def revoke(services: Services, token: KnownToken, request_id: str) -> None:
    """End a token that its client gives back: a refresh token with its family, an access token alone."""
    async with _writing(services, token.organisation_id, request_id) as access:
        if token.kind is TokenKind.ACCESS:
            await access.execute(_REVOKE, token.id, access.now)
        else:
            await access.fetch(_END_FAMILY, token.family_id, access.now)


@asynccontextmanager
async def _writing(services: Services, organisation_id: UUID, request_id: str) -> AsyncIterator[Access]:
    """Open a transaction of the system's own in the organisation whose grant it is."""
    async with services.database.tenant(organisation_id) as transaction:
        yield Access(system_actor(organisation_id), transaction, services, request_id)


def _rows(access: Access, texts: dict[TokenKind, str]) -> tuple[list[object], ...]:
    kinds = list(texts)
    return (
        [uuid7() for _ in kinds],
        [kind.value for kind in kinds],
        [text_hash(texts[kind]) for kind in kinds],
        [access.now + LIVES[kind] for kind in kinds],
    )
