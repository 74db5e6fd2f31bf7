"""Provisioning tokens: what a directory shows, of one organisation, always expiring, and good for nothing else."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import NoticeKind
from wardship.core.text import one_line
from wardship.core.tokens.scopes import LONGEST
from wardship.tenants.access import Access
from wardship.tenants.notices.tell import Telling, tell_each
from wardship.tenants.organisations.states import require_active
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.provisioning.notices import PROVISIONING_TOKEN_MADE, PROVISIONING_TOKEN_REVOKED

PREFIX: Final = "wsd_"
"""How a provisioning token begins: by it leaked ones are recognised."""
MOST_TOKENS: Final = 10
"""Living tokens of one organisation."""
USUAL_LIFE: Final = timedelta(days=180)
_LONGEST_NAME: Final = 100

_COLUMNS: Final = "id, created_at, name, created_by, expires_at, last_used_at, revoked_at"
_SELECT: Final = "select "
_FROM: Final = " from provisioning_token"
_BY_ID: Final = " where organisation_id = $1 and id = $2"
_LIST: Final = _SELECT + _COLUMNS + _FROM
_ONE: Final = _LIST + _BY_ID
_INSERT: Final = (
    "insert into provisioning_token (organisation_id, id, created_at, name, token_hash, created_by, expires_at)"
    " values ($1, $2, $3, $4, $5, $6, $7) returning "
)
_MAKE: Final = _INSERT + _COLUMNS
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2032))"
_LIVING: Final = (
    "select name from provisioning_token where organisation_id = $1 and revoked_at is null and expires_at > $2"
)
_UPDATE: Final = (
    "update provisioning_token set revoked_at = $3 where organisation_id = $1 and id = $2 and revoked_at is null"
    " returning "
)
_USED: Final = "update provisioning_token set last_used_at = $3 where organisation_id = $1 and id = $2"
_REVOKE: Final = _UPDATE + _COLUMNS


class TooManyProvisioningTokensError(ConflictError):
    """The organisation has ten provisioning tokens: revoke one first."""

    code: ClassVar[str] = "TOO_MANY_PROVISIONING_TOKENS"


class ProvisioningTokenNameTakenError(ConflictError):
    """A provisioning token in use has this name: choose another, or revoke that one if its text was never received."""

    code: ClassVar[str] = "PROVISIONING_TOKEN_NAME_TAKEN"


class ProvisioningTokenRecord(Row):
    """A token as it is listed: without the token itself.

    Attributes:
        created_by: the member who made it; None for the operator.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    name: str = column("name")
    created_by: UUID | None = column("created_by")
    expires_at: datetime = column("expires_at")
    last_used_at: datetime | None = column("last_used_at")
    revoked_at: datetime | None = column("revoked_at")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token, and its text, which is told this once."""

    token: ProvisioningTokenRecord
    text: str


def token_hash(text: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(text.encode()).digest()


async def create_provisioning_token(access: Access, name: str, expires_at: datetime | None = None) -> IssuedToken:
    """Make a token for the organisation's directory, and tell those who could have done so.

    Args:
        access: the caller.
        name: by which administrators recognise it.
        expires_at: within 366 days; in 180 days when not given.

    Raises:
        PermissionDeniedError: the caller may not.
        StepUpRequiredError: the second factor was not shown a moment ago.
        OrganisationNotActiveError: the organisation is suspended or ends.
        InvalidInputError: the name or the end can't be.
        ProvisioningTokenNameTakenError: one in use has this name.
        TooManyProvisioningTokensError: ten are in use.
    """
    access.require(Permission.PROVISIONING_MANAGE)
    access.require_step_up()
    await require_active(access)
    label, until = one_line(name, "name", least=1, most=_LONGEST_NAME), _checked_end(access, expires_at)
    await access.transaction.execute(_LOCK, access.organisation_id)
    await _require_room(access, label)
    text = PREFIX + secrets.token_urlsafe(32)
    by = access.actor.member_id
    token = await access.fetchrow_as(
        ProvisioningTokenRecord, _MAKE, uuid7(), access.now, label, token_hash(text), by, until
    )
    if token is None:
        raise RuntimeError("an insert returns its row")
    await access.audit("provisioning_token.created", "provisioning_token", token.id, expires_at=until.isoformat())
    await _tell_others(access, PROVISIONING_TOKEN_MADE, token)
    return IssuedToken(token, text)


async def _require_room(access: Access, label: str) -> None:
    names = [row["name"] for row in await access.fetch(_LIVING, access.now)]
    # Who did not get the answer asks again: a second token would live on with nobody knowing of it.
    if label in names:
        raise ProvisioningTokenNameTakenError(
            "A token of this name is in use: choose another name, or revoke that one if you never saw its text.",
            path=("name",),
        )
    if len(names) >= MOST_TOKENS:
        raise TooManyProvisioningTokensError(f"There are {MOST_TOKENS} provisioning tokens: revoke one first.")


async def _tell_others(access: Access, kind: NoticeKind, token: ProvisioningTokenRecord) -> None:
    by = access.actor.member_id
    telling = Telling(
        kind=kind,
        holders=Permission.PROVISIONING_MANAGE,
        but=[] if by is None else [by],
        target=("provisioning_token", token.id),
        values={"token": token.name, "until": token.expires_at},
    )
    await tell_each(access, telling)


def _checked_end(access: Access, expires_at: datetime | None) -> datetime:
    until = expires_at or access.now + USUAL_LIFE
    if not access.now < until <= access.now + LONGEST:
        raise InvalidInputError(f"Let it expire within {LONGEST.days} days from now.", path=("expires_at",))
    return until


async def revoke_provisioning_token(access: Access, token_id: UUID) -> ProvisioningTokenRecord:
    """End a token at once, and tell the others; people and groups stay as the directory left them.

    Raises:
        PermissionDeniedError: the caller may not.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: there is none such, or it was revoked before.
    """
    await provisioning_token_by_id(access, token_id)
    access.require(Permission.PROVISIONING_MANAGE)
    access.require_step_up()
    token = await access.fetchrow_as(ProvisioningTokenRecord, _REVOKE, token_id, access.now)
    if token is None:
        raise NotFoundError("This token was revoked before.", path=("token_id",))
    await access.audit("provisioning_token.revoked", "provisioning_token", token_id)
    await _tell_others(access, PROVISIONING_TOKEN_REVOKED, token)
    return token


async def note_use(access: Access, token_id: UUID) -> None:
    """Note that a token is used now."""
    await access.execute(_USED, token_id, access.now)


async def list_provisioning_tokens(access: Access, page: PageRequest) -> Page[ProvisioningTokenRecord]:
    """Return a page of the organisation's tokens, ended ones among them, by the time they were made.

    Raises:
        PermissionDeniedError: the caller may not see them.
    """
    access.require(Permission.PROVISIONING_READ)
    parameters = Parameters(access.organisation_id)
    sql = _LIST + page_sql(page, parameters, ["organisation_id = $1"])
    return page_of_rows(await access.transaction.fetch_as(ProvisioningTokenRecord, sql, *parameters.values), page)


async def provisioning_token_by_id(access: Access, token_id: UUID) -> ProvisioningTokenRecord:
    """Return one token.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    found = None
    if access.may(Permission.PROVISIONING_READ):
        found = await access.fetchrow_as(ProvisioningTokenRecord, _ONE, token_id)
    if found is None:
        raise NotFoundError("There is no such provisioning token: use the id of one in the list.", path=("token_id",))
    return found
