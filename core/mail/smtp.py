"""Hand one mail to an SMTP server, and tell what its answer means for the mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from wardship.core.settings import Settings

_TIMEOUT_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 5.0
_PERMANENT: Final = 500
_ENHANCED: Final = re.compile(r"\b5\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})\b")
_POLICY: Final = "7"
"""The subject of enhanced status codes about policy (RFC 3463): relaying denied, authentication wanted."""


@dataclass(frozen=True, slots=True)
class MailFault:
    """Why a mail was not sent.

    Attributes:
        reason: a word or a code of ours or of SMTP: never the server's words, which repeat the address.
        is_final: whether trying again is in vain.
    """

    reason: str
    is_final: bool = False


async def send_message(message: EmailMessage, settings: Settings) -> MailFault | None:
    """Hand a mail to the server that is set; return None when it took it."""
    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    try:
        async with _server(url, _TIMEOUT_SECONDS) as server:
            if not str(message["To"]).isascii() and not server.supports_extension("smtputf8"):
                return MailFault("SMTPUTF8_MISSING", is_final=True)
            await server.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _refusal(error.recipients)
    except aiosmtplib.SMTPDataError as error:
        return MailFault(f"SMTPDataError {error.code}", is_final=_is_final(error))
    except aiosmtplib.SMTPResponseException as error:
        return MailFault(f"{type(error).__name__} {error.code}")
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return MailFault(type(error).__name__)
    return None


async def mail_fault(url: str) -> str | None:
    """Return what keeps the server of an address from taking mail from us, in a few words; None when nothing does."""
    try:
        async with _server(url, _LOOK_SECONDS) as server:
            await server.noop()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return type(error).__name__
    return None


def _refusal(refused: Sequence[aiosmtplib.SMTPRecipientRefused]) -> MailFault:
    error = refused[0]
    return MailFault(f"SMTPRecipientRefused {error.code}", is_final=_is_final(error))


def _is_final(error: aiosmtplib.SMTPResponseException) -> bool:
    """Return whether an answer is about the recipient or the mail for good, not about what we may do at this server."""
    enhanced = _ENHANCED.search(error.message)
    return error.code >= _PERMANENT and not (enhanced and enhanced["subject"] == _POLICY)


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
