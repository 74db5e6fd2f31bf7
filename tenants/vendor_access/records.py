"""What is known of a client, a code, a token and a grant at one moment, each in one statement."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.plugins.api import Direction, Manifest, Receives
from wardship.tenants.access import Services
from wardship.tenants.vendor_access.tokens import TokenKind, text_hash
from wardship.tenants.vendor_clients.secrets import secret_hash


class KnownClient(Row):
    """An active client of a vendor whose account is active, with the hashes of the secrets that work now."""

    __slots__ = ()

    id: UUID = column("id")
    name: str = column("name")
    integration_key: str = column("integration_key")
    is_confidential: bool = column("is_confidential")
    redirect_uris: tuple[str, ...] = column("redirect_uris", tuple)
    hashes: tuple[bytes, ...] = column("hashes", tuple)

    def knows(self, secret: str) -> bool:
        """Return whether a secret is the client's; all are compared, each in the same time."""
        shown = secret_hash(secret)
        return sum(hmac.compare_digest(shown, each) for each in self.hashes) > 0


class KnownCode(Row):
    """A code: whose, for what, and whether its grant opens anything now."""

    __slots__ = ()

    organisation_id: UUID = column("organisation_id")
    id: UUID = column("id")
    grant_id: UUID = column("grant_id")
    client_id: UUID = column("client_id")
    installation_id: UUID = column("installation_id")
    redirect_uri: str = column("redirect_uri")
    code_challenge: str = column("code_challenge")
    expires_at: datetime = column("expires_at")
    used_at: datetime | None = column("used_at")
    opens: bool = column("opens")

    @property
    def family_id(self) -> UUID:
        """The tokens that came of it."""
        return self.id


class KnownToken(Row):
    """A token: whose, for what, and whether family and grant open anything now."""

    __slots__ = ()

    organisation_id: UUID = column("organisation_id")
    id: UUID = column("id")
    kind: TokenKind = column("kind", TokenKind)
    family_id: UUID = column("family_id")
    grant_id: UUID = column("grant_id")
    client_id: UUID = column("client_id")
    installation_id: UUID = column("installation_id")
    created_at: datetime = column("created_at")
    expires_at: datetime = column("expires_at")
    used_at: datetime | None = column("used_at")
    opens: bool = column("opens")

    def is_living(self, now: datetime) -> bool:
        """Return whether it opens what it was made for."""
        return self.opens and self.used_at is None and self.expires_at > now


@dataclass(frozen=True, slots=True)
class KnownGrant:
    """A grant that a client has at an installation."""

    organisation_id: UUID
    id: UUID
    installation_id: UUID


_CLIENT: Final = """
    select c.id, c.name, c.integration_key, c.is_confidential, c.redirect_uris, array(
        select s.secret_hash from vendor_client_secret s where s.organisation_id = $1 and s.client_id = c.id
            and (s.expires_at is null or s.expires_at > $3)) as hashes
    from vendor_client c
    join account a on a.id = c.account_id and a.state = 'active'
    join staff f on f.account_id = c.account_id and f.role = 'vendor'
    where c.organisation_id = $1 and c.id = $2 and c.state = 'active'
"""
_CODE: Final = "select * from find_vendor_code($1)"
_BY_TEXT: Final = "select * from find_vendor_token($1)"
_GRANT: Final = "select organisation_id, grant_id, opens from find_vendor_grant($1, $2)"


async def find_client(services: Services, client_id: str) -> KnownClient | None:
    """Return the client of an identifier as it was sent, if it is let in at present."""
    identifier = as_uuid(client_id)
    if identifier is None:
        return None
    scope = Scope(PROVIDER_ID, directory=True, read_only=True)
    async with services.database.transaction(scope) as transaction:
        return await transaction.fetchrow_as(KnownClient, _CLIENT, PROVIDER_ID, identifier, services.clock.now())


async def find_code(services: Services, text: str) -> KnownCode | None:
    """Return a code, used or not."""
    async with services.database.transaction(Scope(read_only=True)) as transaction:
        return await transaction.fetchrow_as(KnownCode, _CODE, text_hash(text))


async def find_token(services: Services, text: str) -> KnownToken | None:
    """Return a token, living or not."""
    async with services.database.transaction(Scope(read_only=True)) as transaction:
        return await transaction.fetchrow_as(KnownToken, _BY_TEXT, text_hash(text))


async def find_grant(services: Services, client_id: UUID, installation_id: UUID) -> KnownGrant | None:
    """Return what a client was let into at an installation, if that opens anything at present."""
    row = await services.database.look_up(_GRANT, client_id, installation_id)
    if row is None or not row["opens"]:
        return None
    return KnownGrant(row["organisation_id"], row["grant_id"], installation_id)


def as_uuid(text: str) -> UUID | None:
    """Return an identifier in the one form in which it is told, None for anything else."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def fetched_entries(manifest: Manifest) -> tuple[Receives, ...]:
    """Return what a declaration says that the vendor fetches."""
    return tuple(entry for entry in manifest.receives if entry.direction is Direction.PULL)


def fetched_part(manifest: Manifest) -> Manifest:
    """Return a declaration without what its vendor is sent: what a consent is about."""
    return manifest.model_copy(update={"receives": fetched_entries(manifest)})


def consented_text(manifest: Manifest) -> str:
    """Return what is consented to, as it is kept: each category and purpose with its fields."""
    entries = fetched_entries(manifest)
    return json.dumps([[entry.category, entry.purpose, sorted(entry.fields)] for entry in entries])


def consented_fields(text: str) -> frozenset[tuple[str, str, str]]:
    """Return what was consented to: category, purpose and field."""
    return frozenset((category, purpose, name) for category, purpose, names in json.loads(text) for name in names)
