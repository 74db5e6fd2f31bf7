"""Make the message of one mail: plain text first, then HTML of the same content (RFC 2046), in short lines."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Final, Self
from urllib.parse import urlsplit
from uuid import UUID

from wardship.core.accounts.address import ascii_domain
from wardship.core.mail import blocks
from wardship.core.mail.parts import html, plain_line, plain_text
from wardship.core.mail.text import MailText
from wardship.core.settings import Settings

_ENCODING: Final = "quoted-printable"
_SIGNATURE: Final = "-- \n"
"""What parts a mail from who sends it, so that an answer leaves it out."""


def make_message(mail_id: UUID, recipient: str, text: MailText, settings: Settings, now: datetime) -> EmailMessage:
    """Return a mail to one recipient, whose domain stands in it in ASCII (RFC 5891), since every server knows that."""
    to = ascii_domain(recipient)
    message = EmailMessage(policy=SMTP.clone(utf8=not to.isascii()))
    name, sender = parseaddr(settings.mail_from)
    message["From"] = Address(name, addr_spec=ascii_domain(sender))
    message["To"] = to
    message["Subject"] = plain_line(text.title, isolates=True)
    message["Date"] = format_datetime(now)
    host = ascii_domain(urlsplit(settings.public_url).hostname or "localhost")
    message["Message-ID"] = f"<{mail_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    _set_parts(message, text, settings)
    message["Content-Language"] = "en"  # of both parts: set before, it would become that of the first
    _set_way_out(message, text)
    return message


class _OneLineHeader(str):
    """A header that is an address: on several lines, or encoded because it is long, it would be none.

    The policy takes a value that has a name as a parsed header, and lets it write itself.
    """

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str, value: str) -> Self:
        header = super().__new__(cls, value)
        header.name = name
        return header

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


def _set_parts(message: EmailMessage, text: MailText, settings: Settings) -> None:
    signature = [f"Wardship, {_address(settings.public_url)}"]
    if text.turn_off_url:
        signature.append(f"Be mailed this no more: {_address(text.turn_off_url)}")
    below = "".join(f"{plain_line(line)}\n" for line in signature)
    message.set_content(f"{plain_text(text.source, isolates=True)}\n{_SIGNATURE}{below}", cte=_ENCODING)
    message.add_alternative(html(text.title, text.source, signature), subtype="html", cte=_ENCODING)


def _address(url: str) -> object:
    return blocks.marked(blocks.Address(url))


def _set_way_out(message: EmailMessage, text: MailText) -> None:
    """Let mail programs offer to turn the mails off (RFC 2369), by themselves where nobody can listen (RFC 8058)."""
    if text.turn_off_url:
        message["List-Unsubscribe"] = _OneLineHeader("List-Unsubscribe", f"<{text.turn_off_url}>")
        if text.turn_off_url.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
