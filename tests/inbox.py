"""A real SMTP server on loopback, and what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP


class Inbox:
    """Keeps what an SMTP server was given; refuses as told.

    Attributes:
        messages: the recipients of the envelope and the message, in the order in which they came.
        refusal: the answer to DATA, if not 250.
        recipient_refusal: the answer to RCPT, if not 250.
    """

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], EmailMessage]] = []
        self.refusal: str | None = None
        self.recipient_refusal: str | None = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if self.recipient_refusal:
            return self.recipient_refusal
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refusal:
            return self.refusal
        self.messages.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 ok"


@asynccontextmanager
async def serving(inbox: Inbox, *, knows_utf8: bool = True) -> AsyncIterator[str]:
    """Serve an inbox for as long as the context lasts, and give its address as WARDSHIP_SMTP_URL takes it."""

    def serve() -> SMTP:
        return SMTP(inbox, enable_SMTPUTF8=knows_utf8, hostname="localhost")

    async with await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0) as server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
