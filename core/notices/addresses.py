"""Where a notice leads: the console's page of what it is about."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from uuid import UUID

from wardship.core.notice_kind import Audience, NoticeKind
from wardship.core.settings import Settings

_OBJECT: Final = re.compile(r"/\{(?P<type>\w+)\}")
_OF_NO_ORGANISATION: Final = frozenset({Audience.OPERATORS, Audience.ACCOUNT})


@dataclass(frozen=True, slots=True)
class ToldWhere:
    """Where and of what somebody was told.

    Attributes:
        slug: the short name of the organisation; empty for what an account is told.
        target_id: of what it is about; None where that is nothing of its own.
        is_by_name: whether the reader is told by name, rather than as one of those who hold a permission.
    """

    slug: str = ""
    target_id: UUID | None = None
    is_by_name: bool = False


NOWHERE: Final = ToldWhere()
"""Of what is told in no organisation."""


def console_url(settings: Settings, slug: str = "", page: str = "") -> str:
    """Return the address of a page of an organisation in the console; without one, where people sign in."""
    where = f"/o/{quote(slug)}" if slug else ""
    return f"{settings.public_url}/console{where}{f'/{page}' if slug and page else ''}"


def installation_url(settings: Settings, slug: str, installation_id: UUID) -> str:
    """Return the address of the page of an installation."""
    return console_url(settings, slug, f"integrations{_object('Installation', installation_id)}")


def notice_url(settings: Settings, kind: NoticeKind | None, told: ToldWhere) -> str:
    """Return the address of the page that a notice leads to; whoever is signed out signs in there first."""
    if kind is None:
        return console_url(settings, told.slug)
    page = kind.own_page if kind.own_page and told.is_by_name else kind.page
    if page.startswith("/"):
        return f"{settings.public_url}/console{page.rstrip('/')}"
    slug = "" if kind.audience in _OF_NO_ORGANISATION else told.slug
    return console_url(settings, slug, _OBJECT.sub(lambda found: _object(found["type"], told.target_id), page))


def _object(type_name: str, identifier: UUID | None) -> str:
    """Return the last part of the address of an object's page: its id as the API has it (unpadded base 64)."""
    if identifier is None:
        return ""
    return "/" + urlsafe_b64encode(f"{type_name}:{identifier}".encode()).rstrip(b"=").decode()
