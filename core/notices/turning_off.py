"""Turn mails of some kinds off from the mail itself, by one click of the reader or of the mail program (RFC 8058).

The address holds sealed whose mails and which kinds: who has the mail can turn these off, and nothing else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.errors import NotFoundError
from wardship.core.keys import KeyRing, UnreadableSecretError
from wardship.core.notice_kind import NoticeKind
from wardship.core.settings import Settings

_PURPOSE: Final = "turn-off-notices"
_ACCOUNT_BYTES: Final = 16
_TURN_OFF: Final = """
    insert into notice_preference as p (id, created_at, account_id, pace, turned_off)
    select gen_random_uuid(), $2, id, 'daily', $3 from account where id = $1
    on conflict (account_id) do update set turned_off =
        array(select distinct name from unnest(p.turned_off || excluded.turned_off) as kind (name) order by name)
"""


class NothingToTurnOffError(NotFoundError):
    """The address from a mail is not whole, or too old: choose in the console which notices are mailed."""

    code: ClassVar[str] = "NOTHING_TO_TURN_OFF"


def turn_off_url(settings: Settings, keys: KeyRing, account_id: UUID | None, kinds: Sequence[NoticeKind | None]) -> str:
    """Return where the kinds of a mail are turned off; empty where there is no account, or one of them can't be."""
    names = {kind.name for kind in kinds if kind is not None and kind.can_be_turned_off}
    if account_id is None or not names or any(kind is None or kind.name not in names for kind in kinds):
        return ""
    sealed = keys.encrypt(_PURPOSE, account_id.bytes + ",".join(sorted(names)).encode())
    token = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    return f"{settings.public_url}/auth/notices/{token}"


def open_turning_off(keys: KeyRing, token: str) -> tuple[UUID, list[str]]:
    """Return whose mails a token turns off, and the names of the kinds.

    Raises:
        NothingToTurnOffError: it was changed, or its key is gone.
    """
    try:
        plain = keys.decrypt(_PURPOSE, base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (UnreadableSecretError, binascii.Error, ValueError) as error:
        raise NothingToTurnOffError(
            "This address is not whole, or too old: choose in the console which notices are mailed."
        ) from error
    return UUID(bytes=plain[:_ACCOUNT_BYTES]), plain[_ACCOUNT_BYTES:].decode().split(",")


async def turn_off(transaction: Transaction, account_id: UUID, kinds: Sequence[str], *, at: datetime) -> None:
    """Mail an account some kinds no more, besides those that it has turned off; the transaction reaches the directory.

    Nothing happens where the account is gone. A kind that can't be turned off any more is mailed all the same.
    """
    await transaction.execute(_TURN_OFF, account_id, at, list(kinds))
