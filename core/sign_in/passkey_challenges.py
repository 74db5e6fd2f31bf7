"""Challenges: made for one browser and one purpose, and good for one attempt, however it ends."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.passkey_ceremonies import CEREMONY_LASTS_S, Asked, PasskeyRefusedError, relying_party
from wardship.core.sign_in.sessions import Session

_LASTS: Final = timedelta(seconds=CEREMONY_LASTS_S)


class ChallengePurpose(StrEnum):
    """What a challenge is for; an answer to it does nothing else."""

    REGISTER = "register"
    PROVE = "prove"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Challenged:
    """Whom a challenge is for: a session, or, before there is one, the browser that holds a cookie.

    Attributes:
        purpose: what for.
        session: None for a sign-in.
        browser: the cookie's value; empty where there is a session.
    """

    purpose: ChallengePurpose
    session: Session | None = None
    browser: str = ""

    @property
    def browser_hash(self) -> bytes | None:
        """Return what is stored of the cookie's value."""
        return hashlib.sha256(self.browser.encode()).digest() if self.session is None else None


async def make_challenge(
    transaction: Transaction, call: Call, whom: Challenged, *, user_handle: bytes | None = None
) -> Asked:
    """Return a new challenge, which is good for five minutes and one attempt.

    Raises:
        PasskeysUnavailableError: browsers make no passkeys for this deployment's address.
    """
    asked = Asked(relying_party(call.settings), call.settings.public_url, secrets.token_bytes(32))
    await transaction.execute(
        "insert into passkey_challenge (id, created_at, account_id, session_id, browser_hash, purpose, challenge,"
        " user_handle, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        uuid7(),
        call.now,
        whom.session.account_id if whom.session else None,
        whom.session.id if whom.session else None,
        whom.browser_hash,
        whom.purpose.value,
        asked.challenge,
        user_handle,
        call.now + _LASTS,
    )
    return asked


async def use_challenge(call: Call, whom: Challenged, challenge: bytes) -> tuple[Asked, bytes | None]:
    """Use a challenge up, in a transaction of its own, and return it with the handle that a new passkey belongs to.

    Raises:
        PasskeyRefusedError: it was used, is too old, for another browser or purpose, or not ours.
        PasskeysUnavailableError: browsers make no passkeys for this deployment's address.
    """
    asked = Asked(relying_party(call.settings), call.settings.public_url, challenge)
    async with call.database.directory() as transaction:
        row = await transaction.fetchrow(
            "delete from passkey_challenge where challenge = $1 and purpose = $2 and expires_at > $3"
            " and session_id is not distinct from $4 and browser_hash is not distinct from $5 returning user_handle",
            challenge,
            whom.purpose.value,
            call.now,
            whom.session.id if whom.session else None,
            whom.browser_hash,
        )
    if row is None:
        raise PasskeyRefusedError
    return asked, row["user_handle"]
