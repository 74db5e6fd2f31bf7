"""Sessions: made by the server, renewed at each step, ended by time, by their owner or by a change of credential."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import NotFoundError, PermissionDeniedError, WardshipError
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.nouns import Deployment
from wardship.core.tokens.tokens import remove_ended_tokens

IDLE: Final = timedelta(hours=12)
"""A session that was not used for so long is over."""
ABSOLUTE: Final = timedelta(days=7)
"""A session is over so long after its second step, however much it is used."""
UNFINISHED: Final = timedelta(minutes=20)
"""A session that waits for its second step, or for an authenticator, is over after this."""
STEP_UP_LASTS: Final = timedelta(minutes=10)
"""A second factor counts as just shown for this long."""
_KEPT: Final = timedelta(days=1)
_TOKENS_KEPT: Final = timedelta(days=90)
SEEN_EVERY: Final = timedelta(minutes=1)
"""The moment of last use is written at most so often."""


class NotAuthenticatedError(WardshipError):
    """The request shows no credential, or one that is unknown or over: sign in."""

    code: ClassVar[str] = "NOT_AUTHENTICATED"
    status: ClassVar[int] = 401


class SecondStepRequiredError(NotAuthenticatedError):
    """The session waits for its second step: POST /auth/second-step, or /auth/enrol-second-factor."""

    code: ClassVar[str] = "SECOND_STEP_REQUIRED"


class FreshSecondFactorRequiredError(PermissionDeniedError):
    """The act needs the second factor shown a moment ago: POST /auth/step-up, then call again."""

    code: ClassVar[str] = "STEP_UP_REQUIRED"


class Stage(StrEnum):
    """How far a sign-in has come."""

    SECOND_STEP = "second_step"
    ENROLMENT = "enrolment"
    COMPLETE = "complete"


class SignInMethod(StrEnum):
    """By what the first step of a sign-in was passed; that of a provider is its name."""

    PASSWORD = auto()
    MAILED_LINK = auto()
    PASSKEY = auto()
    REGISTRATION = auto()
    RECOVERY = auto()
    DEMONSTRATION = auto()


class Session(Row):
    """One session as stored; its cookie's value is known to the browser alone.

    Attributes:
        organisation_id: whose provider opened it: it reaches that organisation alone; None where the account did.
        identity_id: by whom the provider vouched.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID = column("account_id")
    stage: Stage = column("stage", Stage)
    csrf_token: str = column("csrf_token")
    expires_at: datetime = column("expires_at")
    last_seen_at: datetime = column("last_seen_at")
    stepped_up_at: datetime | None = column("stepped_up_at")
    user_agent: str = column("user_agent")
    network: str = column("network")
    recovery_id: UUID | None = column("recovery_id")
    method: str = column("method")
    organisation_id: UUID | None = column("organisation_id")
    identity_id: UUID | None = column("identity_id")

    def is_stepped_up(self, now: datetime) -> bool:
        """Return whether the second factor was shown a moment ago."""
        return self.stepped_up_at is not None and now - self.stepped_up_at <= STEP_UP_LASTS

    def require_step_up(self, now: datetime) -> None:
        """Refuse unless the second factor was shown a moment ago.

        Raises:
            FreshSecondFactorRequiredError: it was not.
        """
        if not self.is_stepped_up(now):
            raise FreshSecondFactorRequiredError(
                "Show your second factor again (POST /auth/step-up), then repeat this."
            )


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was just made or renewed, with the value for its cookie.

    Attributes:
        must_choose: whether its owner has to choose about a claim of the account first.
    """

    session: Session
    cookie: str
    must_choose: bool = False


_COLUMNS = (
    "id, created_at, account_id, stage, csrf_token, expires_at, last_seen_at, stepped_up_at, user_agent, network,"
    " recovery_id, method, organisation_id, identity_id"
)


def token_hash(token: str) -> bytes:
    """Return what is stored of a random token: SHA-256 is enough, since there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


async def open_session(
    transaction: Transaction, account_id: UUID, stage: Stage, client: Client, *, at: datetime
) -> OpenedSession:
    """Make a session, by password unless ``note_method`` says otherwise; a complete one counts as stepped up."""
    cookie = secrets.token_urlsafe(32)
    is_complete = stage is Stage.COMPLETE
    (session,) = await transaction.fetch_as(
        Session,
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at,"
        " stepped_up_at, user_agent, network) values ($1, $2, $3, $4, $5, $6, $7, $2, $8, $9, $10)"
        f" returning {_COLUMNS}",
        uuid7(),
        at,
        account_id,
        token_hash(cookie),
        secrets.token_urlsafe(32),
        stage.value,
        at + (ABSOLUTE if is_complete else UNFINISHED),
        at if is_complete else None,
        client.shown_user_agent,
        client.shown_network,
    )
    return OpenedSession(session, cookie)


async def note_method(
    transaction: Transaction, opened: OpenedSession, method: str, *, identity_id: UUID | None = None
) -> OpenedSession:
    """Note by what the first step of a new session was passed.

    Args:
        transaction: scoped to the directory.
        opened: the session.
        method: a ``SignInMethod``, or the name of a provider.
        identity_id: for whom the provider has vouched: the session ends with it.
    """
    (session,) = await transaction.fetch_as(
        Session,
        f"update session set method = $2, identity_id = $3 where id = $1 returning {_COLUMNS}",
        opened.session.id,
        str(method),
        identity_id,
    )
    return OpenedSession(session, opened.cookie)


@dataclass(frozen=True, slots=True)
class SessionBinding:
    """What a session has of the organisation's provider that opened it.

    Attributes:
        organisation_id: the only organisation that it reaches.
        identity_id: by whom the provider vouched.
        provider_session: how the provider calls its own session, for a logout there; empty when it says nothing.
        id_token: what the provider signed, encrypted, for a sign-out there; None where it need not be shown.
        is_fresh: whether the provider has just asked the person; one that was signed in there before shows nothing.
    """

    organisation_id: UUID
    identity_id: UUID
    provider_session: str = ""
    id_token: bytes | None = None
    is_fresh: bool = False


async def bind_session(transaction: Transaction, opened: OpenedSession, binding: SessionBinding) -> OpenedSession:
    """Let a session that was just made reach one organisation alone."""
    bound = await transaction.fetchrow_as(
        Session,
        "update session set organisation_id = $2, identity_id = $3, provider_session = $4, id_token = $5,"
        " stepped_up_at = case when $6 then stepped_up_at end"
        f" where id = $1 returning {_COLUMNS}",
        opened.session.id,
        binding.organisation_id,
        binding.identity_id,
        binding.provider_session,
        binding.id_token,
        binding.is_fresh,
    )
    return OpenedSession(bound or opened.session, opened.cookie)


async def let_replace_factor(transaction: Transaction, session: Session, recovery_id: UUID) -> None:
    """Let a session that waits for an authenticator put it in the place of the one that was lost."""
    await transaction.execute("update session set recovery_id = $2 where id = $1", session.id, recovery_id)


async def renew_session(
    transaction: Transaction, session: Session, *, at: datetime, is_stepped_up: bool = True
) -> OpenedSession:
    """Complete a session, with a new cookie and CSRF token; the old ones die with it.

    Args:
        transaction: scoped to the directory.
        session: as it was read; its second factor was just shown, or else it was complete before.
        at: the present moment.
        is_stepped_up: whether the second factor was just shown.

    Raises:
        NotAuthenticatedError: the session was renewed or ended meanwhile.
    """
    cookie = secrets.token_urlsafe(32)
    expires_at = session.expires_at if session.stage is Stage.COMPLETE else at + ABSOLUTE
    renewed = await transaction.fetchrow_as(
        Session,
        "update session set token_hash = $3, csrf_token = $4, stage = 'complete', expires_at = $5, last_seen_at = $6,"
        " recovery_id = null, stepped_up_at = case when $7 then $6 else stepped_up_at end"
        f" where id = $1 and csrf_token = $2 returning {_COLUMNS}",
        session.id,
        session.csrf_token,
        token_hash(cookie),
        secrets.token_urlsafe(32),
        expires_at,
        at,
        is_stepped_up,
    )
    if renewed is None:
        raise NotAuthenticatedError("This session has ended or was renewed elsewhere: sign in again.")
    return OpenedSession(renewed, cookie)


async def find_session(transaction: Transaction, cookie: str, *, at: datetime) -> Session | None:
    """Return the living session of an active account behind a cookie; a value that the server did not make is none."""
    return await transaction.fetchrow_as(
        Session,
        f"select {', '.join(f's.{name}' for name in _COLUMNS.split(', '))} from session s"
        " join account a on a.id = s.account_id and a.state = 'active'"
        " where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3",
        token_hash(cookie),
        at,
        at - IDLE,
    )


async def find_session_by_id(
    transaction: Transaction, session_id: UUID | None, *, at: datetime, cookie: str
) -> Session | None:
    """Return a living session of an active account, which is the cookie's."""
    return await transaction.fetchrow_as(
        Session,
        f"select {', '.join(f's.{name}' for name in _COLUMNS.split(', '))} from session s"
        " join account a on a.id = s.account_id and a.state = 'active'"
        " where s.id = $1 and s.expires_at > $2 and s.last_seen_at > $3 and s.token_hash = $4",
        session_id,
        at,
        at - IDLE,
        token_hash(cookie),
    )


async def list_sessions(transaction: Transaction, account_id: UUID, *, at: datetime) -> list[Session]:
    """Return the living sessions of an account that have passed both steps, the latest used first."""
    return await transaction.fetch_as(
        Session,
        f"select {_COLUMNS} from session where account_id = $1 and stage = 'complete'"
        " and expires_at > $2 and last_seen_at > $3 order by last_seen_at desc, id",
        account_id,
        at,
        at - IDLE,
    )


async def end_session(transaction: Transaction, account_id: UUID, session_id: UUID) -> None:
    """End one session of an account.

    Raises:
        NotFoundError: it has none such.
    """
    ended = await transaction.execute("delete from session where account_id = $1 and id = $2", account_id, session_id)
    if not ended:
        raise NotFoundError("There is no such session.")


async def end_sessions(
    transaction: Transaction, account_id: UUID, *, but: UUID | None = None, identity_id: UUID | None = None
) -> int:
    """End all sessions of an account, or of one of its identities, or all but one; return how many there were."""
    ended = "delete from session where account_id = $1 and id is distinct from $2 and ($3::uuid is null or"
    return await transaction.execute(f"{ended} identity_id = $3)", account_id, but, identity_id)


async def end_every_sign_in(transaction: Transaction, account_id: UUID) -> None:
    """End all sessions of an account, and make its one-time links useless."""
    await end_sessions(transaction, account_id)
    await transaction.execute("delete from sign_in_link where account_id = $1", account_id)


async def end_cookie(transaction: Transaction, cookie: str | None) -> None:
    """End the session behind a cookie, if there is one."""
    if cookie:
        await transaction.execute("delete from session where token_hash = $1", token_hash(cookie))


async def note_use(transaction: Transaction, session_ids: Sequence[UUID], *, at: datetime) -> None:
    """Note that sessions were used, unless that was noted within the last minute."""
    await transaction.execute(
        "update session set last_seen_at = $2 where id = any($1) and last_seen_at <= $3",
        list(session_ids),
        at,
        at - SEEN_EVERY,
    )


async def sweep_sign_in(deployment: Deployment) -> None:
    """Remove sessions that are over, links and counters a day after, tokens 90 days after; the worker calls it."""
    now = deployment.clock.now()
    async with deployment.database.directory() as transaction:
        await transaction.execute("delete from session where expires_at <= $1 or last_seen_at <= $2", now, now - IDLE)
        await transaction.execute("delete from sign_in_link where expires_at <= $1", now - _KEPT)
        await transaction.execute("delete from passkey_challenge where expires_at <= $1", now)
        await transaction.execute(
            "delete from sign_in_attempt where window_started_at <= $1 and coalesce(locked_until, $1) <= $1",
            now - _KEPT,
        )
        await remove_ended_tokens(transaction, before=now - _TOKENS_KEPT)
