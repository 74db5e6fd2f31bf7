"""Create, list and revoke personal access tokens: bound to one organisation, scoped, always expiring."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import Actor, CredentialKind
from wardship.core.audit.log import AuditEvent, record
from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.text import one_line
from wardship.core.tokens.scopes import LONGEST, SCOPES

TOKEN_PREFIX: Final = "wsp_"  # noqa: S105 - the prefix by which leaked tokens are recognised
_LONGEST_NAME: Final = 100


class InvalidTokenRequestError(InvalidInputError):
    """A token was asked for with a name, scopes or an expiry that can't be."""

    code: ClassVar[str] = "INVALID_TOKEN_REQUEST"


class AccessToken(Row):
    """A token as its owner sees it later: without the token itself."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    organisation_id: UUID = column("organisation_id")
    name: str = column("name")
    scopes: frozenset[str] = column("scopes", frozenset)
    expires_at: datetime = column("expires_at")
    last_used_at: datetime | None = column("last_used_at")
    revoked_at: datetime | None = column("revoked_at")


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What somebody wants a token for.

    Attributes:
        name: how its owner recognises it.
        scopes: of ``read``, ``write``, ``admin``; each is needed by itself.
        expires_at: at most 366 days from now.
    """

    name: str
    scopes: Collection[str]
    expires_at: datetime

    def named(self) -> str:
        """Return the name in the form in which it is kept.

        Raises:
            InvalidInputError: it can't be one.
        """
        return one_line(self.name, "name", least=1, most=_LONGEST_NAME)

    def check(self, now: datetime) -> None:
        """Refuse what can't be.

        Raises:
            InvalidTokenRequestError: with the field.
        """
        try:
            self.named()
        except InvalidInputError as refusal:
            raise InvalidTokenRequestError(refusal.message, path=("name",)) from None
        if not self.scopes or not set(self.scopes) <= set(SCOPES):
            raise InvalidTokenRequestError(f"Choose scopes of {', '.join(SCOPES)}.", path=("scopes",))
        if not now < self.expires_at <= now + LONGEST:
            raise InvalidTokenRequestError(f"Let it expire within {LONGEST.days} days from now.", path=("expires_at",))


_COLUMNS = "id, created_at, organisation_id, name, scopes, expires_at, last_used_at, revoked_at"


async def create_token(  # noqa: PLR0913 - what a token is bound to, each needed
    transaction: Transaction,
    account_id: UUID,
    organisation_id: UUID,
    request: TokenRequest,
    *,
    at: datetime,
    request_id: str = "",
) -> tuple[AccessToken, str]:
    """Create a token and return it with its text, which is told this once; enter it in the organisation's audit.

    Args:
        transaction: scoped to the organisation and to the directory.
        account_id: whose token it is.
        organisation_id: the only organisation in which it works.
        request: name, scopes, expiry.
        at: the present moment.
        request_id: the call, for the audit.

    Raises:
        NotFoundError: the account isn't an active member of such an organisation.
        InvalidTokenRequestError: name, scopes or expiry can't be.
    """
    request.check(at)
    member_id = await _active_member(transaction, account_id, organisation_id)
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    (token,) = await transaction.fetch_as(
        AccessToken,
        "insert into access_token (id, created_at, account_id, organisation_id, name, token_hash, scopes, expires_at)"
        f" values ($1, $2, $3, $4, $5, $6, $7, $8) returning {_COLUMNS}",
        uuid7(),
        at,
        account_id,
        organisation_id,
        request.named(),
        hashlib.sha256(text.encode()).digest(),
        sorted(set(request.scopes)),
        request.expires_at,
    )
    details = {"scopes": sorted(token.scopes), "expires_at": token.expires_at.isoformat()}
    event = AuditEvent("access_token.created", "access_token", token.id, details=details)
    actor = Actor(account_id, organisation_id, member_id, frozenset(), CredentialKind.SESSION)
    await record(transaction, actor, event, at=at, request_id=request_id)
    return token, text


async def list_tokens(
    transaction: Transaction, account_id: UUID, organisation_id: UUID | None = None
) -> list[AccessToken]:
    """Return the tokens of an account that aren't revoked, in one organisation or in all, the newest first."""
    return await transaction.fetch_as(
        AccessToken,
        f"select {_COLUMNS} from access_token where account_id = $1 and revoked_at is null"
        " and coalesce(organisation_id = $2, true) order by created_at desc, id desc",
        account_id,
        organisation_id,
    )


async def find_token(
    transaction: Transaction, account_id: UUID, token_id: UUID, organisation_id: UUID | None = None
) -> AccessToken:
    """Return one token of an account, of one organisation where that is named.

    Raises:
        NotFoundError: it has none such, or it is revoked.
    """
    token = await transaction.fetchrow_as(
        AccessToken,
        f"select {_COLUMNS} from access_token where account_id = $1 and id = $2 and revoked_at is null"
        " and coalesce(organisation_id = $3, true)",
        account_id,
        token_id,
        organisation_id,
    )
    if token is None:
        raise NotFoundError("There is no such token.")
    return token


async def revoke_token(
    transaction: Transaction, account_id: UUID, token: AccessToken, *, at: datetime, request_id: str = ""
) -> None:
    """Revoke a token at once; enter it in the organisation's audit.

    Args:
        transaction: scoped to the token's organisation and to the directory.
        account_id: whose token it is.
        token: the token.
        at: the present moment.
        request_id: the call, for the audit.

    Raises:
        NotFoundError: it was revoked meanwhile.
    """
    revoked = await transaction.execute(
        "update access_token set revoked_at = $3 where account_id = $1 and id = $2 and revoked_at is null",
        account_id,
        token.id,
        at,
    )
    if not revoked:
        raise NotFoundError("There is no such token.")
    actor = Actor(account_id, token.organisation_id, None, frozenset(), CredentialKind.SESSION)
    event = AuditEvent("access_token.revoked", "access_token", token.id)
    await record(transaction, actor, event, at=at, request_id=request_id)


async def revoke_tokens_of(transaction: Transaction, member_ids: Collection[UUID], *, at: datetime) -> list[UUID]:
    """Revoke the tokens of these members of the transaction's organisation, and return which they were.

    A token dies with the membership, be it suspended or ended, and does not come back with it.
    """
    rows = await transaction.fetch("select revoke_tokens_of as id from revoke_tokens_of($1, $2)", list(member_ids), at)
    return [row["id"] for row in rows]


async def remove_tokens(transaction: Transaction, account_id: UUID, organisation_id: UUID) -> None:
    """Remove an account's tokens for one organisation, which it has left for good."""
    await transaction.execute(
        "delete from access_token where account_id = $1 and organisation_id = $2", account_id, organisation_id
    )


async def remove_tokens_of_organisation(transaction: Transaction, organisation_id: UUID) -> None:
    """Remove all tokens for one organisation, which has ended."""
    await transaction.execute("delete from access_token where organisation_id = $1", organisation_id)


async def revoke_all_tokens(transaction: Transaction, account_id: UUID, *, at: datetime) -> None:
    """Revoke all tokens of an account, in all organisations: somebody else may have made them."""
    await transaction.execute(
        "update access_token set revoked_at = $2 where account_id = $1 and revoked_at is null", account_id, at
    )


async def remove_ended_tokens(transaction: Transaction, *, before: datetime) -> None:
    """Remove every token that expired or was revoked before a moment."""
    await transaction.execute("delete from access_token where least(expires_at, revoked_at) <= $1", before)


async def note_token_use(transaction: Transaction, token_id: UUID, *, at: datetime, every: timedelta) -> None:
    """Note that a token was used, unless that was noted a moment ago."""
    await transaction.execute(
        "update access_token set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)",
        token_id,
        at,
        at - every,
    )


async def _active_member(transaction: Transaction, account_id: UUID, organisation_id: UUID) -> UUID:
    # Held until the commit: a membership that ends meanwhile waits for the token, and takes it along.
    member_id: UUID | None = await transaction.fetchval("select hold_membership($1, $2)", account_id, organisation_id)
    if member_id is None:
        raise NotFoundError("There is no such organisation, or the account isn't an active member of it.")
    return member_id
