"""What happened to an account: its own security log, for its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.database.literals import identifier, microseconds, octets
from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.core.nouns import Deployment

KEPT: Final = timedelta(days=366)
"""How long an event is kept."""


class EventKind(StrEnum):
    """What happened."""

    SIGNED_IN = auto()
    SIGNED_IN_FROM_NEW_DEVICE = auto()
    CODE_REFUSED = auto()
    PASSKEY_REFUSED = auto()
    PASSKEY_COPIED = auto()
    RECOVERY_CODE_USED = auto()
    STEPPED_UP = auto()
    SIGNED_OUT = auto()
    SESSION_ENDED = auto()
    OTHER_SESSIONS_ENDED = auto()
    REGISTERED = auto()
    PASSWORD_CHANGED = auto()
    SECOND_FACTOR_SET_UP = auto()
    SECOND_FACTOR_REMOVED = auto()
    PASSKEY_ADDED = auto()
    PASSKEY_RENAMED = auto()
    PASSKEY_REMOVED = auto()
    IDENTITY_LINKED = auto()
    IDENTITY_UNLINKED = auto()
    RECOVERY_CODES_RENEWED = auto()
    TOKEN_MADE = auto()
    TOKEN_REVOKED = auto()
    ADDRESS_ASKED = auto()
    ADDRESS_ADDED = auto()
    ADDRESS_REMOVED = auto()
    PRIMARY_ADDRESS_CHANGED = auto()
    RECOVERY_ASKED = auto()
    RECOVERY_APPROVED = auto()
    RECOVERY_OPENED = auto()
    RECOVERY_ENDED = auto()
    RECOVERED = auto()
    CLOSING_BEGUN = auto()
    CLOSING_ENDED = auto()
    IDENTITY_CONNECTED = auto()
    SESSIONS_ENDED_BY_ORGANISATION = auto()
    SEEN_BY_STAFF = auto()


DESCRIPTIONS: Final[Mapping[EventKind, str]] = MappingProxyType(
    {
        EventKind.SIGNED_IN: "You signed in, with both steps.",
        EventKind.SIGNED_IN_FROM_NEW_DEVICE: "You signed in from a browser or network that was new.",
        EventKind.CODE_REFUSED: "Somebody who knew your password, or was signed in, showed a wrong code.",
        EventKind.PASSKEY_REFUSED: "One of your passkeys was shown, and refused.",
        EventKind.PASSKEY_COPIED: "A passkey was refused because it counts fewer uses than before: it may be a copy.",
        EventKind.RECOVERY_CODE_USED: "A recovery code was used.",
        EventKind.STEPPED_UP: "The second factor was shown again, for a dangerous act.",
        EventKind.SIGNED_OUT: "You signed out.",
        EventKind.SESSION_ENDED: "One of your sessions was ended from another.",
        EventKind.OTHER_SESSIONS_ENDED: "All your other sessions were ended.",
        EventKind.REGISTERED: "You registered.",
        EventKind.PASSWORD_CHANGED: "Your password was changed.",
        EventKind.SECOND_FACTOR_SET_UP: "An authenticator was set up, with new recovery codes.",
        EventKind.SECOND_FACTOR_REMOVED: "The authenticator was removed: passkeys are the second factor.",
        EventKind.PASSKEY_ADDED: "A passkey was added.",
        EventKind.PASSKEY_RENAMED: "A passkey was renamed.",
        EventKind.PASSKEY_REMOVED: "A passkey was removed.",
        EventKind.IDENTITY_LINKED: "An account at a provider of sign-in was linked.",
        EventKind.IDENTITY_UNLINKED: "An account at a provider of sign-in was unlinked.",
        EventKind.RECOVERY_CODES_RENEWED: "Your recovery codes were renewed.",
        EventKind.TOKEN_MADE: "An access token was made for an organisation.",
        EventKind.TOKEN_REVOKED: "An access token was revoked.",
        EventKind.ADDRESS_ASKED: "An address was to be added: it waits for its mailed link.",
        EventKind.ADDRESS_ADDED: "An address was added by its mailed link.",
        EventKind.ADDRESS_REMOVED: "An address was removed.",
        EventKind.PRIMARY_ADDRESS_CHANGED: "Another address became the one to which mail goes.",
        EventKind.RECOVERY_ASKED: "A recovery from a lost second factor was asked for.",
        EventKind.RECOVERY_APPROVED: "Two people approved the recovery: it waits.",
        EventKind.RECOVERY_OPENED: "The wait is over: the link that sets a new second factor was mailed.",
        EventKind.RECOVERY_ENDED: "The recovery ended, and nothing was changed.",
        EventKind.RECOVERED: "A new second factor was set by a recovery; all sessions and tokens ended.",
        EventKind.CLOSING_BEGUN: "You asked to close the account.",
        EventKind.CLOSING_ENDED: "The account is not closed: you signed in, or used the link.",
        EventKind.IDENTITY_CONNECTED: "Sign-in by an organisation's provider was connected with your account.",
        EventKind.SESSIONS_ENDED_BY_ORGANISATION: "An administrator, or your provider, ended sessions there.",
        EventKind.SEEN_BY_STAFF: "Somebody of the provider's staff looked at your account.",
    }
)
"""Each kind in words."""


class AccountEvent(Row):
    """One event, as the account's owner sees it; the organisation is null where it is about none."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    kind: EventKind = column("kind", EventKind)
    organisation_id: UUID | None = column("organisation_id")
    organisation_name: str = column("organisation_name")
    network: str = column("network")
    user_agent: str = column("user_agent")
    method: str = column("method")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """When something happened to an account, and from where.

    Attributes:
        at: when.
        organisation_id: where it belongs to one: that of a token, or whose staff looked.
        network: of the device that acted, as a session shows it.
        user_agent: likewise.
        session_id: a session of this account that acted, whose device is taken.
        method: of a sign-in, by what its first step was passed; see ``SignInMethod``.
    """

    at: datetime
    organisation_id: UUID | None = None
    network: str = ""
    user_agent: str = ""
    session_id: UUID | None = None
    method: str = ""


async def record_account_event(transaction: Transaction, account_id: UUID, kind: EventKind, origin: Origin) -> None:
    """Write what happened into an account's own log, in a transaction of any scope."""
    await transaction.execute(
        "select record_account_event($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        uuid7(),
        origin.at,
        account_id,
        kind.value,
        origin.organisation_id,
        origin.network,
        origin.user_agent,
        origin.session_id,
        origin.method,
    )


def event_statement(account_id: UUID, kind: EventKind, origin: Origin) -> str:
    """Return a statement that writes an event of no device, for ``after_commit``."""
    return (
        f"select record_account_event({identifier(uuid7())}, timestamptz 'epoch' + {microseconds(origin.at)}"
        f" * interval '1 microsecond', {identifier(account_id)}, convert_from({octets(kind.value.encode())}, 'UTF8'),"
        f" {identifier(origin.organisation_id)}, '', '', null)"
    )


async def account_events(
    transaction: Transaction, account_id: UUID, *, before: UUID | None, ceiling: int
) -> list[AccountEvent]:
    """Return what happened to an account, latest first, in a transaction of any scope.

    Args:
        transaction: of any scope.
        account_id: the caller's own.
        before: the last event that was seen.
        ceiling: how many at most.
    """
    return await transaction.fetch_as(
        AccountEvent, "select * from account_events($1, $2, $3)", account_id, before, ceiling
    )


async def sweep_account_events(deployment: Deployment) -> None:
    """Remove events after a year; the worker calls it."""
    async with deployment.database.directory() as transaction:
        await transaction.execute("delete from account_event where created_at <= $1", deployment.clock.now() - KEPT)
