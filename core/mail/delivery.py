"""Send queued mail: by SMTP, or into a folder where no server is set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.database.engine import Transaction
from wardship.core.keys import KeyRing, UnreadableSecretError
from wardship.core.mail.folder import remove_written, write_mail
from wardship.core.mail.message import make_message
from wardship.core.mail.queue import open_text
from wardship.core.mail.smtp import MailFault, send_message
from wardship.core.nouns import Deployment
from wardship.core.settings import Settings

LEASE: Final = timedelta(minutes=5)
"""How long a claimed mail is left alone by other workers; one whose worker died is sent again after it."""
ATTEMPTS: Final = 12
"""Attempts before a mail is given up; with the delays below, after about two days."""
BATCH: Final = 20
_FIRST_DELAY: Final = timedelta(minutes=1)
_LONGEST_DELAY: Final = timedelta(hours=6)
_log = structlog.get_logger(__name__)

mail_counts: Final[Counter[str]] = Counter(sent=0, postponed=0, refused=0, given_up=0)
"""What became of attempts to send mail in this process: for the metrics."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A claimed mail; ``attempt`` fences off a worker whose lease ran out."""

    id: UUID
    recipient: str
    content: bytes
    attempt: int


async def deliver_mail(deployment: Deployment) -> None:
    """Send what is due: the form in which the worker takes its sweeps."""
    await deliver_due(deployment.database, deployment.settings, deployment.clock, deployment.keys)


async def deliver_due(database: Database, settings: Settings, clock: Clock, keys: KeyRing) -> int:
    """Send what is due, at most one batch, and return how many were sent; several workers may run it at once."""
    async with database.directory() as transaction:
        mails = await _claim(transaction, clock.now())
    sent = 0
    for mail in mails:
        fault = await _send(mail, settings, clock, keys)
        async with database.directory() as transaction:
            await _settle(transaction, mail, fault, clock.now())
        sent += fault is None
    return sent


async def _claim(transaction: Transaction, now: datetime) -> list[Mail]:
    rows = await transaction.fetch(
        "update outgoing_mail set attempt = attempt + 1, next_at = $1 where id in ("
        " select id from outgoing_mail where next_at <= $2 order by next_at limit $3 for update skip locked)"
        " returning id, recipient, content, attempt",
        now + LEASE,
        now,
        BATCH,
    )
    return [Mail(**dict(row)) for row in rows]


async def _settle(transaction: Transaction, mail: Mail, fault: MailFault | None, now: datetime) -> None:
    if fault is None:
        mail_counts["sent"] += 1
        await transaction.execute("delete from outgoing_mail where id = $1 and attempt = $2", mail.id, mail.attempt)
    elif fault.is_final or mail.attempt >= ATTEMPTS:
        await _give_up(transaction, mail, fault, now)
    else:
        mail_counts["postponed"] += 1
        _log.warning("mail_postponed", mail_id=str(mail.id), attempt=mail.attempt, fault=fault.reason)
        delay = min(_FIRST_DELAY * 2 ** (mail.attempt - 1), _LONGEST_DELAY)
        await transaction.execute(
            "update outgoing_mail set next_at = $3 where id = $1 and attempt = $2", mail.id, mail.attempt, now + delay
        )


async def _give_up(transaction: Transaction, mail: Mail, fault: MailFault, now: datetime) -> None:
    """Let a mail go, and leave word for what it was about."""
    mail_counts["refused" if fault.is_final else "given_up"] += 1
    event = "mail_refused" if fault.is_final else "mail_given_up"
    _log.warning(event, mail_id=str(mail.id), attempt=mail.attempt, fault=fault.reason)
    await transaction.execute(
        "with gone as (delete from outgoing_mail where id = $1 and attempt = $2"
        " returning id, account_id, about, organisation_id)"
        " insert into refused_mail (id, created_at, account_id, about, organisation_id, reason)"
        " select id, $3, account_id, about, organisation_id, $4 from gone where about <> '' or account_id is not null"
        " on conflict do nothing",
        mail.id,
        mail.attempt,
        now,
        fault.reason,
    )


async def _send(mail: Mail, settings: Settings, clock: Clock, keys: KeyRing) -> MailFault | None:
    try:
        text = open_text(keys, mail.id, mail.recipient, mail.content)
        message = make_message(mail.id, mail.recipient, text, settings, clock.now())
        if settings.smtp_url is None:
            await write_mail(message, mail.id, mail.recipient, settings, keys)
            return None
    except UnreadableSecretError as error:
        return MailFault(error.code, is_final=True)
    except ValueError as error:  # an address that no header can hold
        return MailFault(type(error).__name__, is_final=True)
    except OSError as error:
        return MailFault(type(error).__name__)
    return await send_message(message, settings)


async def forget_account_mail(transaction: Transaction, account_id: UUID, recipient: str) -> None:
    """Remove what waits for one address of an account; needs the directory's scope."""
    await transaction.execute(
        "delete from outgoing_mail where account_id = $1 and recipient = $2", account_id, recipient
    )


async def forget_organisation_mail(transaction: Transaction, account_id: UUID, organisation_id: UUID) -> None:
    """Remove what waits for an account and tells of one organisation; needs the directory's scope."""
    await transaction.execute(
        "delete from outgoing_mail where account_id = $1 and organisation_id = $2", account_id, organisation_id
    )


async def forget_mail(transaction: Transaction, settings: Settings, keys: KeyRing, recipient: str) -> None:
    """Remove what waits for an address and what was written for it; in a transaction of any scope.

    The files go at once, even if the transaction fails later: none of them is needed, and the caller runs again.
    """
    await transaction.execute("select forget_mail($1)", recipient)
    await remove_written(settings, keys, recipient)
