"""Whether the mail server can be reached and lets us in, told without sending anything."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

_TIMEOUT_SECONDS: Final = 5.0


async def mail_fault(url: str) -> str | None:
    """Return what keeps the server of an address from taking mail from us, in a few words; None when nothing does."""
    parts = urlsplit(url)
    client = aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        timeout=_TIMEOUT_SECONDS,
    )
    try:
        async with client:
            await client.noop()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return type(error).__name__
    return None
