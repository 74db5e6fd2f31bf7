"""What was mailed to somebody in the demonstration, where no server is set: read from the folder of written mail."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


def mails_to(folder: Path, address: str) -> list[EmailMessage]:
    """Return the mails that were written for an address, oldest first.

    Args:
        folder: of the demonstration.
        address: as the mail names it.
    """
    found = [
        message_from_bytes(path.read_bytes(), policy=default) for path in (folder / "data" / "mail").glob("*/*.eml")
    ]
    return sorted((mail for mail in found if mail["To"] == address), key=lambda mail: mail["Date"].datetime)


def text_of(mail: EmailMessage, kind: str) -> str:
    """Return what one part of a mail says: ``plain`` or ``html``."""
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())
