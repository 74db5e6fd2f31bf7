"""Mail written into a folder, where no server is set: for development."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import structlog

from wardship.core.keys import KeyRing
from wardship.core.settings import Settings

_log = structlog.get_logger(__name__)


async def write_mail(message: EmailMessage, mail_id: UUID, recipient: str, settings: Settings, keys: KeyRing) -> None:
    """Write a mail into the folder of its recipient, and log where."""
    path = await asyncio.to_thread(_write, message, next(_folders(settings, keys, recipient)), mail_id)
    _log.info("mail_written", path=str(path))


def written_mail(settings: Settings, keys: KeyRing, recipient: str) -> list[Path]:
    """Return the mails written for one address, oldest first: for development, where no server is set."""
    return sorted(path for folder in _folders(settings, keys, recipient) for path in folder.glob("*.eml"))


async def remove_written(settings: Settings, keys: KeyRing, recipient: str) -> None:
    """Remove the mails written for one address."""
    for folder in _folders(settings, keys, recipient):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


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
