"""What a vendor gets for a living access token: pages of the members' records that may be fetched at this moment."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.errors import InvalidInputError, WardshipError
from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import Record
from wardship.tenants.access import Access, Services
from wardship.tenants.egress.fetching import Fetching, authorise_fetching
from wardship.tenants.installations.records import InstallationRecord, find_installations, read_places
from wardship.tenants.vendor_access.records import KnownToken, consented_fields, find_token
from wardship.tenants.vendor_access.tokens import PREFIXES, TokenKind

LONGEST_PAGE: Final = 100
"""Members of one page."""
_SEALED_FOR: Final = "vendor-cursor"
_START: Final = UUID(int=0)
# Held until the commit: whoever withdraws meanwhile waits, and finds in the ledger what has gone.
_STILL: Final = """
    select g.consented from vendor_grant g
    join vendor_token_family f on f.organisation_id = $1 and f.grant_id = g.id and f.id = $3 and f.ended_at is null
    where g.organisation_id = $1 and g.id = $2 and g.ended_at is null for share
"""
_PAGE: Final = """
    select m.id from member m
    where m.organisation_id = $1 and m.id > $2 and m.state = 'active'
        and ($3::uuid is null or m.id = $3::uuid)
        and ($4::uuid is null or exists (select from group_membership s where s.organisation_id = $1
            and s.group_id = $4::uuid and s.member_id = m.id and s.left_at is null))
    order by m.id limit $5
"""


class InvalidVendorTokenError(WardshipError):
    """The access token is unknown, has ended, or opens nothing any more: refresh it, or ask for consent again."""

    code: ClassVar[str] = "INVALID_TOKEN"
    status: ClassVar[int] = 401


class InvalidCursorError(InvalidInputError):
    """The cursor is not one that this grant was given: begin again without one."""

    code: ClassVar[str] = "INVALID_CURSOR"


def require_length(first: int) -> None:
    """Refuse a page of a length that can't be.

    Raises:
        InvalidInputError: so it is.
    """
    if not 1 <= first <= LONGEST_PAGE:
        raise InvalidInputError(f"Ask for 1 to {LONGEST_PAGE} at a time, and page on.", path=("first",))


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """Records, and from where to go on; None when there are no more members."""

    records: Sequence[Record]
    next_cursor: str | None


def opens_nothing() -> InvalidVendorTokenError:
    """Return the one answer for every token that opens nothing, whatever the reason."""
    return InvalidVendorTokenError("Send `Authorization: Bearer` with an access token that is good.")


async def authenticate_vendor(services: Services, authorization: str | None) -> KnownToken:
    """Return the living access token that was sent, found in one statement whether there is one or not.

    Raises:
        InvalidVendorTokenError: there is none.
    """
    scheme, _, text = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not text.startswith(PREFIXES[TokenKind.ACCESS]):
        raise opens_nothing()
    token = await find_token(services, text)
    if token is None or token.kind is not TokenKind.ACCESS or not token.is_living(services.clock.now()):
        raise opens_nothing()
    return token


async def fetch_members(
    services: Services, token: KnownToken, *, first: int, after: str | None, request_id: str
) -> FetchedPage:
    """Return a page of records, committed to the ledger before it is handed out.

    A page may hold fewer records than were asked for, or none, and yet be followed by another: who may not be seen is
    left out after the page was cut.

    Args:
        services: the deployment.
        token: a living one.
        first: of how many members.
        after: the cursor of the page before; None begins.
        request_id: of the call, for the audit.

    Raises:
        InvalidVendorTokenError: what it opens has ended since.
        InvalidCursorError: the cursor is another grant's, or none of ours.
    """
    async with services.database.tenant(token.organisation_id) as transaction:
        access = Access(system_actor(token.organisation_id), transaction, services, request_id)
        installation = (await find_installations(access, [token.installation_id], lock="for share"))[
            token.installation_id
        ]
        consented = await access.fetchval(_STILL, token.grant_id, token.family_id)
        if consented is None or not installation.is_sharing:
            raise opens_nothing()
        members = await _members(access, installation, _opened(access, token.grant_id, after), first + 1)
        place = (await read_places(access, [installation.place_id]))[installation.place_id]
        by = Fetching(token.grant_id, consented_fields(consented))
        records = await authorise_fetching(access, installation, place, members[:first], by)
        more = _sealed(access, token.grant_id, members[first - 1]) if len(members) > first else None
    return FetchedPage(records, more)


async def _members(access: Access, installation: InstallationRecord, after: UUID, most: int) -> list[UUID]:
    rows = await access.fetch(_PAGE, after, installation.member_id, installation.group_id, most)
    return [row["id"] for row in rows]


# A vendor knows members by names of its own: a place in the list is told encrypted, and to one grant.


def _sealed(access: Access, grant_id: UUID, member_id: UUID) -> str:
    return base64.urlsafe_b64encode(access.encrypt(_SEALED_FOR, grant_id, member_id.bytes)).decode().rstrip("=")


def _opened(access: Access, grant_id: UUID, cursor: str | None) -> UUID:
    if cursor is None:
        return _START
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return UUID(bytes=access.decrypt(_SEALED_FOR, grant_id, sealed))
    except (UnreadableSecretError, binascii.Error, ValueError):
        raise InvalidCursorError("This cursor is none of this grant's: begin again without.", path=("after",)) from None
