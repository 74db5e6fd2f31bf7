"""Queue a mail in the transaction that causes it, so that it is sent if that commits; sealed until it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing
from wardship.core.mail.text import MailText

_PURPOSE: Final = "outgoing-mail"
_UNSEALED: Final = bytes(4)
"""Stands where a key's id would, before what was queued by an earlier version: see the migration m0005."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """A mail to be queued.

    Attributes:
        account_id: whose mail it is, so that it goes with the account; None when there is none.
        recipient: the address, in canonical form.
        text: as ``render`` makes it from a template.
        id: also its Message-ID; that of what it is about, where a refusal of the address must be known there.
        about: the word of what has that id, which then learns of a refusal; empty for a mail of no consequence.
        organisation_id: where that is.
    """

    account_id: UUID | None
    recipient: str
    text: MailText
    id: UUID = field(default_factory=uuid7)
    about: str = ""
    organisation_id: UUID | None = None


async def queue_mail(transaction: Transaction, keys: KeyRing, mail: QueuedMail, *, at: datetime) -> None:
    """Queue one mail; see ``queue_mails``."""
    await queue_mails(transaction, keys, [mail], at=at)


async def queue_mails(transaction: Transaction, keys: KeyRing, mails: Sequence[QueuedMail], *, at: datetime) -> None:
    """Queue mails in one statement, in a transaction of any scope: the database opens the queue by a function.

    Subject and body, which may hold one-time links, are kept encrypted, for this mail to this address alone.

    Args:
        transaction: the transaction of the act that the mails are about.
        keys: of the deployment.
        mails: what is queued.
        at: the present moment: from then on they may be sent.
    """
    if mails:
        await transaction.execute(
            "select queue_mail($1, $2, $3, $4, $5, $6, $7)",
            at,
            [mail.id for mail in mails],
            [mail.account_id for mail in mails],
            [mail.recipient for mail in mails],
            [seal_text(keys, mail.id, mail.recipient, mail.text) for mail in mails],
            [mail.about for mail in mails],
            [mail.organisation_id for mail in mails],
        )


def seal_text(keys: KeyRing, mail_id: UUID, recipient: str, text: MailText) -> bytes:
    """Return what a mail says encrypted: it opens for this mail to this recipient only."""
    said = {"subject": text.title, "body": text.source, "turn_off_url": text.turn_off_url}
    plain = msgspec.json.encode(said)
    return keys.encrypt(_PURPOSE, plain, bound_to=mail_id.bytes + recipient.encode())


def open_text(keys: KeyRing, mail_id: UUID, recipient: str, content: bytes) -> MailText:
    """Return what ``seal_text`` was given.

    Raises:
        UnreadableSecretError: it was changed, belongs to another mail or recipient, or its key is gone.
    """
    if content[:4] == _UNSEALED:
        return _text(content[4:])
    return _text(keys.decrypt(_PURPOSE, content, bound_to=mail_id.bytes + recipient.encode()))


def _text(plain: bytes) -> MailText:
    """Return what was sealed; an earlier version marked no values, and its plain text is a source too."""
    said = msgspec.json.decode(plain, type=dict[str, str])
    return MailText(said["subject"], said["body"], said.get("turn_off_url", ""))
