"""Access tokens that are good for a call: renewed before they end, by one request however many processes ask.

The row is locked while the vendor is asked. What it answers is committed before anything else is done with it. Should
the process die between the vendor's answer and that commit, a refresh token that the vendor has replaced is lost with
it: then the vendor refuses the old one, and an administrator connects again. Nothing on this side can mend that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.database.engine import Transaction
from wardship.core.keys import UnreadableSecretError
from wardship.core.outbound.pacing import PacedPlace
from wardship.plugins.api import IntegrationError, OAuth, Rejected, TemporarilyUnavailable
from wardship.plugins.host.authorisations import HeldAccess, NotConnectedError, VendorTokens
from wardship.tenants.access import Access, Services
from wardship.tenants.authorisations.authorization_server import (
    AuthorisationGoneError,
    AuthorizationServer,
    VendorClientRefusedError,
    VendorRefusedError,
    VendorUnavailableError,
)
from wardship.tenants.authorisations.clients import IntegrationClient, find_integration_client, redirect_uri
from wardship.tenants.authorisations.records import (
    SELECT,
    AuthorisationRecord,
    AuthorisationState,
    held_authorisations,
    open_tokens,
    present_authorisations,
)
from wardship.tenants.authorisations.telling import tell_of_expired
from wardship.tenants.authorisations.writing import expire, keep_renewed
from wardship.tenants.installations.records import InstallationRecord, find_installations

_log = structlog.get_logger(__name__)
_LOCKED: Final = SELECT + " and id = $2 for update"
_MOST_AT_ONCE: Final = 2
"""How many places are renewed at once in a process: each holds a connection to the database meanwhile."""
_NOBODY: Final = "nobody has let it in at the vendor: connect it"
_OVER: Final = "the vendor has ended the authorisation: connect it again"
_IS_GOOD: Final = frozenset({AuthorisationState.CONNECTED, AuthorisationState.ENDING})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """For how long a token has to be good, and which one is not."""

    lasts_s: float
    refused: str = field(default="", repr=False)


class PlaceTokens:
    """The tokens of all places, in the database: one for a process, so that its calls wait for one another.

    Args:
        services: the deployment.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._under_way: dict[PacedPlace, asyncio.Task[str | IntegrationError]] = {}
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)

    async def fresh(self, place: PacedPlace, *, lasts_s: float, refused: str = "") -> str:
        """Return a token that is good for some seconds more; see ``AccessTokens``."""
        wanted = _Wanted(lasts_s, refused)
        async with self._tenant(place, read_only=True) as transaction:
            access = self._access(place, transaction)
            present = (await present_authorisations(access, [UUID(place.id)])).get(UUID(place.id))
            found = _usable(access, present, wanted)
        if isinstance(found, IntegrationError):
            raise found
        if isinstance(found, str):
            return found
        return await self._renewed(place, found, wanted)

    async def held(self, place: PacedPlace) -> list[HeldAccess]:
        """Return what is to be ended at a place; see ``AccessTokens``."""
        async with self._tenant(place, read_only=True) as transaction:
            access = self._access(place, transaction)
            rows = await held_authorisations(access, UUID(place.id))
            if not rows:
                return []
            client = await _client(access, await _installation(access, rows[0]))
            return [
                HeldAccess(oauth, client.client_id, client.client_secret, tuple(tokens))
                for oauth, tokens in _by_server(access, rows)
            ]

    async def _renewed(self, place: PacedPlace, present: AuthorisationRecord, wanted: _Wanted) -> str:
        """Return what one renewal gives, which all calls of this process wait for that want it."""
        task = self._under_way.get(place)
        if task is None:
            task = asyncio.create_task(self._renew(place, present.id, wanted))
            self._under_way[place] = task
            task.add_done_callback(lambda _: self._under_way.pop(place, None))
        # A call that is cancelled takes nothing from the others, nor the answer that is on its way.
        found = await asyncio.shield(task)
        if isinstance(found, IntegrationError):
            raise found
        return found

    async def _renew(self, place: PacedPlace, authorisation_id: UUID, wanted: _Wanted) -> str | IntegrationError:
        async with self._places, self._tenant(place) as transaction:
            access = self._access(place, transaction)
            # Who waited here for another process finds what that has brought.
            locked = await access.fetchrow_as(AuthorisationRecord, _LOCKED, authorisation_id)
            found = _usable(access, locked, wanted)
            if not isinstance(found, AuthorisationRecord):
                return found
            return await self._asked(access, found)

    async def _asked(self, access: Access, present: AuthorisationRecord) -> str | IntegrationError:
        """Ask the vendor for other tokens, and keep them; return the new one, or why there is none."""
        installation = await _installation(access, present)
        try:
            client = await _client(access, installation)
        except IntegrationError as error:
            return error
        tokens = _opened(access, present) or VendorTokens("")
        if present.oauth is None or not tokens.refresh_token or present.client_id != client.client_id:
            return await _expired(access, installation, present)
        uri = redirect_uri(access.services.settings, installation.integration_key)
        try:
            given = await AuthorizationServer(access.services, present.oauth, client, uri).renew(tokens)
        except AuthorisationGoneError:
            return await _expired(access, installation, present)
        except (VendorClientRefusedError, VendorUnavailableError) as error:
            # An operator looks here: nobody else can mend a client that is refused.
            _log.warning("authorisation.not_renewed", integration=installation.integration_key, code=error.code)
            return TemporarilyUnavailable(error.message)
        except VendorRefusedError as error:
            return Rejected(error.message)
        await keep_renewed(access, present, given, client.client_id)
        return given.tokens.access_token

    def _tenant(self, place: PacedPlace, *, read_only: bool = False) -> Transaction:
        return self._services.database.tenant(UUID(place.organisation_id), read_only=read_only)

    def _access(self, place: PacedPlace, transaction: Transaction) -> Access:
        return Access(system_actor(UUID(place.organisation_id)), transaction, self._services, "authorisations")


async def _expired(access: Access, installation: InstallationRecord, present: AuthorisationRecord) -> IntegrationError:
    if await expire(access, present.id):
        await access.audit("authorisation.expired", "installation", installation.id)
        await tell_of_expired(access, installation, present.id)
    return NotConnectedError(_OVER)


async def _installation(access: Access, authorisation: AuthorisationRecord) -> InstallationRecord:
    installation_id = authorisation.installation_id
    return (await find_installations(access, [installation_id]))[installation_id]


async def _client(access: Access, installation: InstallationRecord) -> IntegrationClient:
    """Return the deployment's client; without it nothing is renewed or ended until its operator enters it again."""
    try:
        client = await find_integration_client(access, installation.integration_key)
    except UnreadableSecretError as error:
        raise TemporarilyUnavailable(error.message) from None
    if client is None:
        raise TemporarilyUnavailable(
            "this deployment has no client at the vendor any more: its operator enters it again"
        )
    return client


def _usable(
    access: Access, present: AuthorisationRecord | None, wanted: _Wanted
) -> str | IntegrationError | AuthorisationRecord:
    """Return the token where it is good; why there is none; or the authorisation whose token has to be renewed."""
    if present is None:
        return NotConnectedError(_NOBODY)
    if present.state not in _IS_GOOD:
        return NotConnectedError(_OVER)
    tokens = _opened(access, present)
    if tokens is None:
        return NotConnectedError(_OVER)
    # One that there is no other for is used to its end.
    lasts_s = wanted.lasts_s if tokens.refresh_token else 0
    is_over = present.expires_at is not None and present.expires_at < access.now + timedelta(seconds=lasts_s)
    return present if is_over or tokens.access_token == wanted.refused else tokens.access_token


def _opened(access: Access, authorisation: AuthorisationRecord) -> VendorTokens | None:
    """Return the tokens; None where their key is gone: then it is connected again."""
    try:
        return open_tokens(access, authorisation)
    except UnreadableSecretError:
        return None


def _by_server(access: Access, rows: Sequence[AuthorisationRecord]) -> list[tuple[OAuth, list[VendorTokens]]]:
    """Return what can be read of some authorisations by the server that gave it, in their order."""
    found: list[tuple[OAuth, list[VendorTokens]]] = []
    for row in rows:
        oauth, tokens = row.oauth, _opened(access, row)
        if oauth is None:
            continue
        if not found or found[-1][0] != oauth:
            found.append((oauth, []))
        if tokens is not None:
            found[-1][1].append(tokens)
    return found
