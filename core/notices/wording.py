"""What a notice says: its kind's template with its details, in the time zone of who reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from wardship.core.identifiers import uuid7
from wardship.core.mail import MailText, render
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.addresses import NOWHERE, ToldWhere, notice_url
from wardship.core.settings import Settings


def details_of(kind: NoticeKind, settings: Settings, values: Mapping[str, object]) -> str:
    """Return values as they are kept: JSON, moments as ISO 8601.

    The text is made once to try it, so that a value that the template misses is an error where the event is told.
    """
    plain = plain_values(values)
    wording(kind, settings, plain)
    return msgspec.json.encode(plain).decode()


def plain_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return values as JSON has them: moments as ISO 8601, identifiers as text."""
    return {name: _plain(value) for name, value in values.items()}


def wording(
    kind: NoticeKind,
    settings: Settings,
    details: Mapping[str, Any],
    *,
    zone: str = "UTC",
    told: ToldWhere = NOWHERE,
) -> MailText:
    """Return subject and body of a notice.

    Args:
        kind: its kind.
        settings: of the deployment, whose address the links begin with.
        details: what the template names, besides ``site`` and ``link``; of what is told in an organisation its name,
            ``organisation``, and ``grievance_contact``: whom a person turns to there, as it is now. Both are empty
            where they are not given.
        zone: the reader's time zone, an IANA name, in which moments are written.
        told: where and of what, for the address that it leads to.
    """
    values = {
        "organisation": "",
        "link": notice_url(settings, kind, told),
        "grievance_contact": "",
        **details,
    }
    return render(kind.name, package=kind.package, zone=zone, site=settings.public_url, **values)


def event_key(kind: NoticeKind, target: tuple[str, UUID] | None, details: str, once: str | datetime) -> bytes:
    """Return by what two tellings of the same event are known.

    Args:
        kind: its kind.
        target: what it is about.
        details: as ``details_of`` gives them; they do not count where a word tells the event.
        once: a word that tells the event from others of its kind; or the moment of an event that has none.
    """
    said = details if isinstance(once, datetime) else ""
    parts = (kind.name, *(map(str, target) if target else ()), said, str(once))
    return hashlib.sha256("\n".join(parts).encode()).digest()[:16]


def ordered() -> str:
    """Return how the ids of rows begin that one statement makes, so that they are in the order of the telling."""
    return str(uuid7())[:18]


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float, bool, list, tuple)) else str(value)
