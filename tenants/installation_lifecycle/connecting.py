"""Connect an installation at a vendor that demands OAuth 2.0, and end that again (RFC 6749, 7009, 7636, 9207)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.plugins.api import OAuth, Verb
from wardship.tenants.access import Access, Services
from wardship.tenants.authorisations.authorization_server import (
    AuthorizationServer,
    GivenTokens,
    VendorAnswer,
    VendorUnavailableError,
)
from wardship.tenants.authorisations.clients import (
    IntegrationClient,
    NoOAuthError,
    redirect_uri,
    require_integration_client,
)
from wardship.tenants.authorisations.flows import ConnectionOverError, begin_authorisation
from wardship.tenants.authorisations.records import (
    AuthorisationRecord,
    AuthorisationState,
    authorisations_of,
    present_authorisations,
)
from wardship.tenants.authorisations.writing import begin_ending, insert_authorisation, is_other_account
from wardship.tenants.installation_lifecycle.checking import check_again
from wardship.tenants.installation_lifecycle.moving import OUTGOING, was_used
from wardship.tenants.installations.authority import manageable_installation
from wardship.tenants.installations.records import (
    ENDING,
    SHARING,
    InstallationRecord,
    InstallationState,
)
from wardship.tenants.installations.states import require_state, transition_installation
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.states import cancel_waiting, wake

_S: Final = InstallationState
_CONNECTABLE: Final = frozenset(_S) - {_S.REMOVED}
"""One that is being taken away too: what is owed back needs the access."""


class AuthorisationEndingError(ConflictError):
    """The access of before is being ended at the vendor: connect again when that is done."""

    code: ClassVar[str] = "AUTHORISATION_ENDING"


class NotConnectedHereError(ConflictError):
    """Nobody has let this deployment in at the vendor: there is nothing to end."""

    code: ClassVar[str] = "NOT_CONNECTED"


class OtherAccountError(ConflictError):
    """The vendor's account is another than the one that holds the data: sign in there with that one.

    For another account install the integration once more, and uninstall this one: that takes back what is held.
    """

    code: ClassVar[str] = "OTHER_VENDOR_ACCOUNT"


@dataclass(frozen=True, slots=True)
class Connecting:
    """A connecting that has come back, and was ended: what is done with the vendor's answer outside a transaction."""

    installation: InstallationRecord
    server: AuthorizationServer = field(repr=False)

    async def redeem(self, answer: VendorAnswer) -> GivenTokens:
        """Return what the vendor gives for its answer, with whose account it is.

        Raises:
            VendorRefusedError: it gives nothing.
            VendorUnavailableError: it can't be reached.
        """
        self.server.require_answer(answer)
        given = await self.server.redeem(answer)
        return GivenTokens(given.tokens, given.expires_at, await self.server.account(given))

    async def give_back(self, given: GivenTokens) -> None:
        """Revoke what was given and may not be kept, as far as the vendor can be asked at this moment."""
        with suppress(VendorUnavailableError):
            await self.server.revoke(given.tokens)


async def begin_connecting(access: Access, installation_id: UUID) -> str:
    """Return where the caller's browser goes to let this deployment in.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it has been taken away.
        NoOAuthError: the vendor demands no OAuth.
        ClientMissingError: the operator has entered no client for it.
        AuthorisationEndingError: the access of before is being ended.
        BrowserSessionRequiredError: the caller is no browser.
    """
    installation = await manageable_installation(access, installation_id)
    require_state(installation, _CONNECTABLE, act="connected")
    oauth = _declared(installation)
    present = await _present(access, installation)
    if present is not None and present.state is AuthorisationState.ENDING:
        raise AuthorisationEndingError(
            "The access of before is being ended at the vendor: connect it again when that is done.",
            path=("installation",),
        )
    client = await require_integration_client(access, installation.integration_key, installation.manifest.name)
    server = _server(access.services, installation, oauth, client)
    state = await begin_authorisation(access, installation.id, installation.place_id)
    await access.audit("authorisation.begun", "installation", installation.id)
    return server.address(state)


async def read_connecting(access: Access, installation_id: UUID, place_id: UUID) -> Connecting:
    """Return what is needed to redeem the answer to a connecting, which the caller has ended.

    Raises:
        NotFoundError: there is no such installation any more, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it any more.
        ConnectionOverError: its data goes to another place now.
        ClientMissingError: the operator's client has gone.
    """
    installation = await _connectable(access, installation_id, place_id)
    client = await require_integration_client(access, installation.integration_key, installation.manifest.name)
    server = _server(access.services, installation, _declared(installation), client)
    return Connecting(installation, server)


async def finish_connecting(access: Access, connecting: Connecting, given: GivenTokens) -> InstallationRecord:
    """Keep what the vendor has given, have it checked, and let what waited for it be tried again.

    Raises:
        NotFoundError, PermissionDeniedError, ConnectionOverError: see ``read_connecting``.
        NoOAuthError: a version was approved meanwhile that needs none.
        OtherAccountError: another account holds the data.
    """
    before = connecting.installation
    installation = await _connectable(access, before.id, before.place_id)
    _declared(installation)
    is_other = await is_other_account(access, installation.place_id, given.account)
    if is_other and await was_used(access, installation):
        raise OtherAccountError(
            f"This is another account at {installation.manifest.name} than the one that holds the data: sign in there"
            " with that one. For another account install the integration once more, then uninstall this one.",
            path=("installation",),
        )
    await insert_authorisation(access, installation, given, connecting.server)
    await access.audit("authorisation.connected", "installation", installation.id, is_other_account=is_other)
    await check_again(access, installation)
    return installation


async def disconnect(access: Access, installation_id: UUID) -> InstallationRecord:
    """Stop sharing and end this deployment's access at the vendor; what is held there stays until it is uninstalled.

    What is owed back of single people is done before, because it needs the access.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it is being taken away, which ends the access too.
        NoOAuthError: the vendor demands no OAuth.
        NotConnectedHereError: nobody has connected it.
    """
    installation = await manageable_installation(access, installation_id, takes_back=True)
    require_state(installation, _CONNECTABLE - ENDING, act="disconnected")
    _declared(installation)
    present = await _present(access, installation)
    if present is None or present.state is AuthorisationState.ENDING:
        raise NotConnectedHereError("Nobody has let this deployment in at the vendor.", path=("installation",))
    paused = await transition_installation(access, installation.id, to=_S.PAUSED, only_from=SHARING)
    await cancel_waiting(access, installation, OUTGOING, "disconnected")
    await owe_end_of_access(access, installation, [present])
    await wake(access, installation)
    return paused or installation


async def owe_end_of_access(
    access: Access, installation: InstallationRecord, authorisations: Sequence[AuthorisationRecord]
) -> None:
    """Owe the end of some authorisations at the vendor, by the servers that gave them."""
    ending = []
    for each in authorisations:
        await begin_ending(access, each.id)
        demand = Demand(
            installation=installation,
            verb=Verb.REVOKE,
            place_id=each.place_id,
            arguments={"is_access_only": True},
            key=f"disconnect:{each.id}",
        )
        ending.append(demand)
    await enqueue(access, ending)
    await access.audit("authorisation.disconnected", "installation", installation.id)


async def end_unneeded_access(access: Access, installation: InstallationRecord) -> None:
    """Owe the end of what lets this deployment in, where a version takes effect that demands no OAuth any more."""
    held = await authorisations_of(access, installation.id)
    if held := [each for each in held if each.state is not AuthorisationState.ENDING]:
        await owe_end_of_access(access, installation, held)


async def _connectable(access: Access, installation_id: UUID, place_id: UUID) -> InstallationRecord:
    installation = await manageable_installation(access, installation_id, needs_step_up=False)
    require_state(installation, _CONNECTABLE, act="connected")
    present = await _present(access, installation)
    is_ending = present is not None and present.state is AuthorisationState.ENDING
    if installation.place_id != place_id or is_ending:
        raise ConnectionOverError
    return installation


async def _present(access: Access, installation: InstallationRecord) -> AuthorisationRecord | None:
    return (await present_authorisations(access, [installation.place_id])).get(installation.place_id)


def _declared(installation: InstallationRecord) -> OAuth:
    oauth = installation.manifest.oauth
    if oauth is None:
        name = installation.manifest.name
        raise NoOAuthError(
            f"{name} demands no OAuth of this deployment: its settings say it all.", path=("installation",)
        )
    return oauth


def _server(
    services: Services, installation: InstallationRecord, oauth: OAuth, client: IntegrationClient
) -> AuthorizationServer:
    uri = redirect_uri(services.settings, installation.integration_key)
    return AuthorizationServer(services, oauth, client, uri)
