"""Who may be asked to let a client in, where, and what is said to them: the declaration, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from wardship.core.actor import Actor
from wardship.core.database.scope import Scope
from wardship.core.errors import NotFoundError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.sign_in.authentication import authenticate
from wardship.core.sign_in.pages.page import Section
from wardship.core.sign_in.sessions import Session
from wardship.plugins.api import plain_words
from wardship.tenants.access import Access, Services
from wardship.tenants.installations.authority import require_authority, visible_installation
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.vendor_access.granting import require_consentable
from wardship.tenants.vendor_access.records import KnownClient, fetched_part

_MOST: Final = 50
_PLACES: Final = (
    "select organisation_id, slug, organisation_name, installation_id from consentable_installations($1, $2, $3)"
)


@dataclass(frozen=True, slots=True)
class ConsentPlace:
    """An installation that somebody may be asked about, with its organisation."""

    organisation_id: UUID
    slug: str
    organisation_name: str
    installation_id: UUID


async def consent_places(services: Services, session: Session, client: KnownClient) -> list[ConsentPlace]:
    """Return where the person of a session is a member and the client's integration shares.

    A session that an organisation's provider opened reaches that organisation alone.
    """
    async with services.database.transaction(Scope(read_only=True)) as transaction:
        rows = await transaction.fetch(_PLACES, session.account_id, client.integration_key, _MOST)
    found = [ConsentPlace(**dict(row)) for row in rows]
    bound = session.organisation_id
    return [place for place in found if bound is None or place.organisation_id == bound]


def chosen_place(places: list[ConsentPlace], wanted: str | None) -> ConsentPlace | None:
    """Return the place that was chosen, or the only one; None while there is a choice to make.

    Raises:
        NotFoundError: there is none, or not the one that is wanted.
    """
    if wanted is not None:
        places = [place for place in places if str(place.installation_id) == wanted]
    if not places:
        raise NotFoundError(
            "No organisation of yours shares with this integration at present: install it there first, then come back."
        )
    return places[0] if len(places) == 1 else None


async def actor_at(services: Services, credentials: RequestCredentials, place: ConsentPlace) -> Actor:
    """Return the caller in the organisation of a place; see ``authenticate``."""
    return await authenticate(services, replace(credentials, organisation=place.slug))


async def read_consentable(access: Access, client: KnownClient, place: ConsentPlace) -> InstallationRecord:
    """Return an installation that the caller may let a client into.

    Raises:
        NotFoundError, PermissionDeniedError: the caller may not manage it.
        InstallationStateError, NothingToFetchError, OtherIntegrationError: it can't be consented to.
    """
    installation = await visible_installation(access, place.installation_id)
    require_authority(access, installation.member_id)
    require_consentable(installation, client)
    return installation


def consent_words(installation: InstallationRecord) -> tuple[Section, ...]:
    """Return what the vendor would fetch, and how each thing is taken back, from the one generator of plain words."""
    words = plain_words(fetched_part(installation.manifest), installation.plan)
    return tuple(Section(section.title, section.lines) for section in words.sections)


def where_to(parameters: Mapping[str, str]) -> str:
    """Return the host to which the browser goes back, for people to recognise."""
    return urlsplit(parameters.get("redirect_uri", "")).netloc
