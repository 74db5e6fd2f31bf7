"""Send queued mail: by SMTP, or into a folder where no server is set."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import structlog

from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.database.engine import Transaction
from wardship.core.keys import KeyRing
from wardship.core.nouns import Deployment
from wardship.core.settings import Settings

LEASE: Final = timedelta(minutes=5)
"""How long a claimed mail is left alone by other workers; one whose worker died is sent again after it."""
ATTEMPTS: Final = 12
"""Attempts before a mail is given up; with the delays below, after about two days."""
BATCH: Final = 20
_FIRST_DELAY: Final = timedelta(minutes=1)
_LONGEST_DELAY: Final = timedelta(hours=6)
_TIMEOUT_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 5.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """A claimed mail; ``attempt`` fences off a worker whose lease ran out."""

    id: UUID
    recipient: str
    subject: str
    body: str
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
        " returning id, recipient, subject, body, attempt",
        now + LEASE,
        now,
        BATCH,
    )
    return [Mail(**dict(row)) for row in rows]


async def _settle(transaction: Transaction, mail: Mail, fault: str | None, now: datetime) -> None:
    if fault is None or mail.attempt >= ATTEMPTS:
        await transaction.execute("delete from outgoing_mail where id = $1 and attempt = $2", mail.id, mail.attempt)
    else:
        delay = min(_FIRST_DELAY * 2 ** (mail.attempt - 1), _LONGEST_DELAY)
        await transaction.execute(
            "update outgoing_mail set next_at = $3 where id = $1 and attempt = $2", mail.id, mail.attempt, now + delay
        )
    if fault is not None:
        event = "mail_given_up" if mail.attempt >= ATTEMPTS else "mail_postponed"
        _log.warning(event, mail_id=str(mail.id), attempt=mail.attempt, fault=fault)


async def _send(mail: Mail, settings: Settings, clock: Clock, keys: KeyRing) -> str | None:
    """Return None when sent, else the kind of fault: never the server's words, which repeat the address."""
    try:
        message = _message(mail, settings, clock.now())
        if settings.smtp_url is None:
            folder = next(_folders(settings, keys, mail.recipient))
            path = await asyncio.to_thread(_write, message, folder, mail.id)
            _log.info("mail_written", path=str(path))
        else:
            async with _server(settings.smtp_url.get_secret_value(), _TIMEOUT_SECONDS) as server:
                await server.send_message(message)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return type(error).__name__
    return None


def _message(mail: Mail, settings: Settings, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(utf8=not mail.recipient.isascii()))
    message["From"] = settings.mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{urlsplit(settings.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


async def mail_fault(url: str) -> str | None:
    """Return what keeps the server of an address from taking mail from us, in a few words; None when nothing does."""
    try:
        async with _server(url, _LOOK_SECONDS) as server:
            await server.noop()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return type(error).__name__
    return None


def _server(url: str, timeout_s: float) -> aiosmtplib.SMTP:
    parts = urlsplit(url)
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        timeout=timeout_s,
    )


def _write(message: EmailMessage, folder: Path, mail_id: UUID) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{mail_id}.eml"
    path.touch(mode=0o600)
    path.write_bytes(bytes(message))
    return path


def _folders(settings: Settings, keys: KeyRing, recipient: str) -> Iterator[Path]:
    """Give the folder for an address under each of our secrets, the present one's first."""
    for fingerprint in keys.fingerprints("mail-folder", recipient):
        yield settings.data_dir / "mail" / fingerprint.hex()[:32]


def written_mail(settings: Settings, keys: KeyRing, recipient: str) -> list[Path]:
    """Return the mails written for one address, oldest first: for development, where no server is set."""
    return sorted(path for folder in _folders(settings, keys, recipient) for path in folder.glob("*.eml"))


async def forget_account_mail(transaction: Transaction, account_id: UUID, recipient: str) -> None:
    """Remove what waits for one address of an account; needs the directory's scope."""
    await transaction.execute(
        "delete from outgoing_mail where account_id = $1 and recipient = $2", account_id, recipient
    )


async def forget_mail(transaction: Transaction, settings: Settings, keys: KeyRing, recipient: str) -> None:
    """Remove what waits for an address and what was written for it; in a transaction of any scope.

    The files go at once, even if the transaction fails later: none of them is needed, and the caller runs again.
    """
    await transaction.execute("select forget_mail($1)", recipient)
    for folder in _folders(settings, keys, recipient):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
