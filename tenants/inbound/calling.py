"""Take a call for an installation to its connector, and what that believes of it into the organisation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar, Final
from uuid import UUID

import structlog

from wardship.core.actor import vendor_actor
from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.identifiers import uuid7
from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import InboundCall, OutcomeStatus, Received, Verb
from wardship.plugins.host.call import Installed
from wardship.plugins.host.registry import Form
from wardship.plugins.host.reply import Fault, Reply
from wardship.tenants.access import Access, Services
from wardship.tenants.inbound.admission import Turn
from wardship.tenants.inbound.applying import apply_message, is_from_now, reply_to
from wardship.tenants.inbound.messages import InboundReply
from wardship.tenants.inbound.telling import Caller
from wardship.tenants.installations.records import (
    NOT_YET_SHARING,
    SHARING,
    InstallationRecord,
    InstallationState,
    find_installations,
    installed,
    read_places,
)

TAKES_CALLS: Final = SHARING | NOT_YET_SHARING
"""The states in which calls are taken: a vendor may ask whether the address is ours before anything is shared."""
RESTS: Final = frozenset({InstallationState.PAUSED, InstallationState.LOAD_FAILED, InstallationState.MIGRATION_FAILED})
"""The states from which an installation comes back: a vendor is told to tell again what it tells meanwhile."""
ENDS: Final = frozenset({InstallationState.REVOKING, InstallationState.REVOCATION_OVERDUE})
"""The states in which a remote integration's vendor may tell what became of what it has begun, and nothing else."""
_BELIEVED: Final = frozenset({OutcomeStatus.COMPLETED, OutcomeStatus.IN_PROGRESS})
_NOT_TOLD: Final = frozenset({Fault.NOT_LOADED, Fault.BAD_SETTINGS})
"""Where no connector could look at a call at all."""
_AGAIN_IN_S: Final = 60
_RESTS_FOR_S: Final = 3600
_log = structlog.get_logger(__name__)


class InboundRefusedError(WardshipError):
    """The call was not believed: it is not signed as agreed, or not of now. Nothing has changed."""

    code: ClassVar[str] = "INBOUND_REFUSED"
    status: ClassVar[int] = 400


class InboundUnavailableError(WardshipError):
    """The call could not be looked at now: send it again after the seconds that `Retry-After` tells."""

    code: ClassVar[str] = "INBOUND_UNAVAILABLE"
    status: ClassVar[int] = 503
    retry_after = _AGAIN_IN_S


@dataclass(frozen=True, slots=True)
class Called:
    """Which installation was called, as far as its connector needs it.

    Attributes:
        installed: None where no connector can verify a call: its package is not there, or its secrets can't be read.
        rests: why no call is taken at present; None where calls are taken.
    """

    organisation_id: UUID
    installation_id: UUID
    place_id: UUID
    installed: Installed | None
    rests: InboundUnavailableError | None = None


def nobody_there() -> NotFoundError:
    """Return the one answer for an installation that is absent, ending, or takes no calls."""
    return NotFoundError("Nothing takes calls at this address.")


def resting() -> InboundUnavailableError:
    """Return the answer for an installation that takes no calls now, and may again: what is sent then is not lost."""
    error = InboundUnavailableError("No calls are taken here at present: send it again later.")
    error.retry_after = _RESTS_FOR_S
    return error


async def find_called(services: Services, installation_id: UUID, request_id: str) -> Called:
    """Return the installation at an address, also one that is paused, or whose package or secrets have gone.

    Raises:
        NotFoundError: nothing takes calls there, for whatever reason.
    """
    row = await services.database.look_up("select * from inbound_place($1)", installation_id)
    if row is None:
        raise nobody_there()
    organisation_id = row["organisation_id"]
    async with services.database.tenant(organisation_id, read_only=True) as transaction:
        access = Access(vendor_actor(organisation_id, installation_id), transaction, services, request_id)
        found = (await find_installations(access, [installation_id])).get(installation_id)
        if found is None or not found.manifest.supports.receive:
            raise nobody_there()
        loaded = services.integrations.get(found.integration_key)
        if found.state in ENDS and (loaded.form is Form.PACKAGE or loaded.manifest is None):
            raise nobody_there()
        rests = resting() if loaded.manifest is None or found.state in RESTS else None
        if rests is None and not (loaded.manifest and loaded.manifest.supports.receive):
            raise nobody_there()
        return await _called(access, found, rests)


async def _called(access: Access, found: InstallationRecord, rests: InboundUnavailableError | None) -> Called:
    place = (await read_places(access, [found.place_id]))[found.place_id]
    try:
        there = installed(access, found, place)
    except UnreadableSecretError:
        there = None
        rests = rests or InboundUnavailableError("The call can't be verified now: send it again later.")
    return Called(found.organisation_id, found.id, place.id, there, rests)


async def answer_call(
    services: Services, called: Called, call: InboundCall, turn: Turn, request_id: str
) -> InboundReply:
    """Have the connector verify a call, act on what it brings, and return what the vendor is answered.

    Raises:
        InboundRefusedError: the connector does not believe it, or it is of another time.
        InboundUnavailableError: the connector could not say, or the installation rests: whosever call it is.
        RateLimitedError: the vendor calls too often.
        NotFoundError: the installation takes no calls any more.
    """
    if called.installed is None or called.rests is not None:
        await _count_resting(services, called, call, turn)
        raise called.rests or resting()
    reply = await services.dispatcher.call(called.installed, Verb.RECEIVE, call, obligation_id=str(uuid7()))
    received = _believed(called, reply)
    if not is_from_now(received, services.clock.now()):
        _log.info("inbound.refused", installation=str(called.installation_id), reason="late")
        raise InboundRefusedError("The call is not of now: sign it again, and see that your clock is right.")
    turn.vouch()
    if not (received.all_events or received.outcomes):
        return reply_to(received, ())
    async with services.database.tenant(called.organisation_id) as transaction:
        actor = vendor_actor(called.organisation_id, called.installation_id)
        access = Access(actor, transaction, services, request_id)
        takes_calls = TAKES_CALLS if received.all_events else TAKES_CALLS | ENDS
        return await apply_message(access, await _hold(access, called, takes_calls), call, received)


async def _count_resting(services: Services, called: Called, call: InboundCall, turn: Turn) -> None:
    """Count a call that is not taken as the vendor's own, where it proves to be; it reaches and acts on nothing.

    Where nothing can prove it, because the package or its settings are not there, it counts as the vendor's from the
    networks from which that has called lately.

    Raises:
        RateLimitedError: the vendor calls too often.
    """
    if called.installed is None:
        turn.vouch_where_known()
        return
    resting_there = replace(called.installed, is_resting=True)
    reply = await services.dispatcher.call(resting_there, Verb.RECEIVE, call, obligation_id=str(uuid7()))
    if reply.fault in _NOT_TOLD:
        turn.vouch_where_known()
    elif (received := _brought(reply)) is not None and is_from_now(received, services.clock.now()):
        turn.vouch()


async def _hold(access: Access, called: Called, takes_calls: Collection[InstallationState]) -> Caller:
    """Return the installation, held against its end, if it still is as it was when the call was verified."""
    found = await find_installations(access, [called.installation_id], lock="for share")
    installation = found.get(called.installation_id)
    if installation is not None and installation.state in RESTS:
        raise resting()
    if installation is None or installation.state not in takes_calls or installation.place_id != called.place_id:
        raise nobody_there()
    return Caller(installation, (await read_places(access, [called.place_id]))[called.place_id])


def _believed(called: Called, reply: Reply) -> Received:
    """Return what a connector says came in, if it believes it; why not is told to the log, by words of ours."""
    if (received := _brought(reply)) is not None:
        return received
    reason = reply.fault.value if reply.fault else reply.outcome.status.value
    _log.info("inbound.refused", installation=str(called.installation_id), reason=reason)
    if reply.fault in {None, Fault.REJECTED}:
        raise InboundRefusedError("The call is not believed: sign it as agreed.")
    raise InboundUnavailableError("The call can't be looked at now: send it again later.")


def _brought(reply: Reply) -> Received | None:
    """Return what a connector says came in; None where it does not believe the call, or can't say."""
    if reply.fault is None and reply.outcome.status in _BELIEVED and isinstance(reply.value, Received):
        return reply.value
    return None
