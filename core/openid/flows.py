"""Sign-ins that were begun at a provider: each comes back once, into the browser that began it, within ten minutes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from litestar.datastructures import Cookie

from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.core.nouns import Deployment
from wardship.core.openid.refusals import FlowRefusedError
from wardship.core.settings import Settings

FLOW_LASTS: Final = timedelta(minutes=10)
LOGOUTS_KEPT: Final = timedelta(minutes=15)
"""Longer than a logout token can be shown."""
_LONGEST_STATE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlow:
    """What a sign-in at a provider is begun for.

    Attributes:
        provider: the key of the provider, which its redirect address names.
        purpose: what follows when it comes back.
        account_id: who is signed in already, where it is an act of theirs.
        session_id: the session that is to be renewed or ends with it.
    """

    provider: str
    purpose: str
    account_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BegunFlow:
    """A sign-in that was begun.

    Attributes:
        state: goes to the provider and comes back.
        browser: goes into the browser's cookie, and nowhere else.
    """

    state: str
    browser: str


class Flow(Row):
    """A sign-in that has come back: it is ended, and its state is of no use any more."""

    __slots__ = ()

    created_at: datetime = column("created_at")
    account_id: UUID | None = column("account_id")
    session_id: UUID | None = column("session_id")
    purpose: str = column("purpose")


async def begin_flow(transaction: Transaction, new: NewFlow, *, at: datetime) -> BegunFlow:
    """Begin a sign-in at a provider; the transaction reaches the directory."""
    begun = BegunFlow(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    await transaction.execute(
        "insert into openid_flow (id, created_at, account_id, session_id, provider, purpose, state_hash, browser_hash,"
        " expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        uuid7(),
        at,
        new.account_id,
        new.session_id,
        new.provider,
        new.purpose,
        _digest(begun.state),
        _digest(begun.browser),
        at + FLOW_LASTS,
    )
    return begun


async def end_flow(transaction: Transaction, provider: str, state: str, browser: str | None, *, at: datetime) -> Flow:
    """Return the sign-in that has come back, and end it; the caller commits before asking the provider anything.

    Args:
        transaction: it reaches the directory.
        provider: whose redirect address was called.
        state: as it came back.
        browser: the value of the browser's cookie for this state.
        at: the present moment.

    Raises:
        FlowRefusedError: it is unknown, another browser's or provider's, too old, or has come back before.
    """
    if not browser or len(state) > _LONGEST_STATE or len(browser) > _LONGEST_STATE:
        raise FlowRefusedError
    flow = await transaction.fetchrow_as(
        Flow,
        "delete from openid_flow where state_hash = $1 and browser_hash = $2 and provider = $3 and expires_at > $4"
        " returning created_at, account_id, session_id, purpose",
        _digest(state),
        _digest(browser),
        provider,
        at,
    )
    if flow is None:
        raise FlowRefusedError
    return flow


def flow_cookie_name(settings: Settings, state: str) -> str:
    """Return the name of the cookie of one sign-in, so that two at a time do not disturb each other."""
    prefix = "__Host-" if settings.public_url.startswith("https") else ""
    return f"{prefix}wardship-flow-{_digest(state).hex()[:12]}"


def flow_cookie(settings: Settings, state: str, browser: str) -> Cookie:
    """Return the cookie that ties a sign-in to its browser; an empty value takes it out again.

    It is sent along when the provider leads the browser back (``SameSite=Lax``), and unseen by scripts. By its prefix
    no other host of the site can put one there (RFC 6265bis, section 4.1.3), and so end a sign-in of its own here.
    """
    return Cookie(
        key=flow_cookie_name(settings, state),
        value=browser,
        max_age=int(FLOW_LASTS.total_seconds()) if browser else 0,
        path="/",
        secure=settings.public_url.startswith("https"),
        httponly=True,
        samesite="lax",
    )


async def note_logout(transaction: Transaction, issuer: str, token_id: str, *, at: datetime) -> bool:
    """Note that a logout token was shown; return whether it was the first time."""
    made = await transaction.execute(
        "insert into openid_logout (id, created_at, token_hash) values ($1, $2, $3) on conflict do nothing",
        uuid7(),
        at,
        _digest(f"{issuer} {token_id}"),
    )
    return made > 0


async def sweep_flows(deployment: Deployment) -> None:
    """Remove sign-ins that did not come back, and logouts that can't be shown again; the worker calls it."""
    now = deployment.clock.now()
    async with deployment.database.directory() as transaction:
        await transaction.execute("delete from openid_flow where expires_at <= $1", now)
        await transaction.execute("delete from openid_logout where created_at <= $1", now - LOGOUTS_KEPT)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
