"""An installation whose settings name another place: what is held at the old one is owed back there (decision 0025)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Cause, Manifest, Settings, Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.plugins.host.settings import InvalidSettingsError, SplitSettings, build_settings
from wardship.tenants.access import Access
from wardship.tenants.authorisations.records import has_access
from wardship.tenants.installations.authority import is_ending
from wardship.tenants.installations.changes import (
    begin_leaving,
    have_left,
    insert_place,
    move_installation,
    replace_settings,
    return_to_place,
)
from wardship.tenants.installations.place_address import address_of
from wardship.tenants.installations.read import places_by_installation
from wardship.tenants.installations.records import InstallationRecord, InstallationState, PlaceRecord, PlaceState
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.enqueue import Demand, enqueue, erase_everywhere
from wardship.tenants.obligations.states import cancel_for_everybody, cancel_waiting, take_from_people
from wardship.tenants.received.standing import drop_unfounded_at

_S = InstallationState
OUTGOING: Final = frozenset({Verb.SHARE, Verb.GRANT, Verb.RECONCILE, Verb.CHECK})
"""What is done for the installation's own sake: it ends where the installation, or the place, is left."""


class PlaceChangeRefusedError(ConflictError):
    """The settings name another place, and what is held at the present one can't be owed: the message says why."""

    code = "PLACE_CHANGE_REFUSED"


async def take_settings(
    access: Access, installation: InstallationRecord, manifest: Manifest, settings: SplitSettings
) -> InstallationRecord:
    """Connect an installation with these settings, where they name another place after it has moved there.

    The caller holds the installation against deliveries. While it is being taken away the settings may name any place
    where something is still owed, and are then what that place is reached by.

    Raises:
        PlaceChangeRefusedError: it is being taken away, or the place is being emptied at this moment.
    """
    places = (await places_by_installation(access, [installation.id]))[installation.id]
    named = next((each for each in _present_first(installation, places) if _is_at(each, manifest, settings)), None)
    if named is not None and named.id == installation.place_id:
        await replace_settings(access, named.id, manifest, settings)
        return installation
    if is_ending(installation):
        if named is None or named.state is PlaceState.LEFT:
            raise PlaceChangeRefusedError(
                "An installation that is being taken away does not move: give the settings of the place where the data"
                " is, or install the integration anew for another place.",
                path=("settings",),
            )
        await replace_settings(access, named.id, manifest, settings)
        return installation
    return await _move(access, installation, named, manifest, settings)


async def take_everything_back(access: Access, installation: InstallationRecord, place_id: UUID, cause: Cause) -> None:
    """Owe at a place first the erasures, for which the access is still needed, then the end of the access itself.

    Where people do both, that is one task: they ask the vendor once.
    """
    time = timedelta(hours=installation.manifest.deadlines.revoke_h)
    by = {doer(installation.manifest, verb) for verb in (Verb.ERASE, Verb.REVOKE)}
    if Doer.CONNECTOR in by:
        await erase_everywhere(access, installation, access.now + time / 2, cause=cause, place_id=place_id)
    await enqueue(access, [Demand(installation=installation, verb=Verb.REVOKE, place_id=place_id, cause=cause)])


async def _move(
    access: Access,
    installation: InstallationRecord,
    known: PlaceRecord | None,
    manifest: Manifest,
    settings: SplitSettings,
) -> InstallationRecord:
    old = installation.place_id
    is_owed = await _leave(access, installation)
    if known is None:
        place_id = uuid7()
        await insert_place(access, installation.id, place_id, manifest, settings)
    else:
        place_id = known.id
        await _come_back(access, installation, known)
        await replace_settings(access, place_id, manifest, settings)
    moved = await move_installation(access, installation.id, place_id)
    await drop_unfounded_at(access, installation.id)
    await access.audit("installation.moved", "installation", installation.id, left=old, to=place_id, owed=is_owed)
    # It shares when the check at the new place has succeeded; one that is paused or needs something else stays so.
    connected = await transition_installation(
        access,
        installation.id,
        to=_S.INSTALLED,
        only_from={_S.CHECKED, _S.ACTIVE, _S.DEGRADED, _S.NEEDS_APPROVAL},
        reason="moved",
    )
    return connected or moved


async def _leave(access: Access, installation: InstallationRecord) -> bool:
    """End what waits for the present place, and owe back what may be there; return whether anything may."""
    place_id = installation.place_id
    is_erased = doer(installation.manifest, Verb.ERASE) is Doer.CONNECTOR
    ending = OUTGOING | {Verb.CORRECT} | ({Verb.RESTRICT} if is_erased else frozenset())
    await cancel_waiting(access, installation, ending, "moved", place_id=place_id)
    await take_from_people(access, installation, OUTGOING, "moved", place_id=place_id)
    if not await was_used(access, installation) and not await has_access(access, place_id):
        await have_left(access, [place_id])
        return False
    await begin_leaving(access, place_id)
    await take_everything_back(access, installation, place_id, Cause.MOVE)
    return True


async def was_used(access: Access, installation: InstallationRecord) -> bool:
    """Return whether the present place may know of anybody: a name was made for somebody, or a connection."""
    return bool(
        await access.fetchval(
            "select exists (select from subject_link where organisation_id = $1 and installation_id = $2"
            "  and place_id = $3)"
            " or exists (select from obligation where organisation_id = $1 and installation_id = $2 and place_id = $3"
            "  and (verb = 'grant' and state <> 'cancelled'"
            "   or verb not in ('grant', 'check', 'share', 'reconcile') and ended_at is null))",
            installation.id,
            installation.place_id,
        )
    )


async def _come_back(access: Access, installation: InstallationRecord, place: PlaceRecord) -> None:
    """Let a place be the present one again: what was owed back of everybody there would destroy what is shared now.

    What is owed about single people goes on: it comes before what is shared of them.

    Raises:
        PlaceChangeRefusedError: a call that takes everything back is under way there.
    """
    is_busy = await access.fetchval(
        "select exists (select from obligation where organisation_id = $1 and installation_id = $2 and place_id = $3"
        " and member_id is null and verb in ('erase', 'revoke', 'attest') and state = 'leased')",
        installation.id,
        place.id,
    )
    if is_busy:
        raise PlaceChangeRefusedError(
            "Everything at this place is being taken back at this moment: try again in a few minutes.",
            path=("settings",),
        )
    await cancel_for_everybody(access, installation, place.id, "moved_back")
    await return_to_place(access, place.id)


def _present_first(installation: InstallationRecord, places: Sequence[PlaceRecord]) -> list[PlaceRecord]:
    return sorted(places, key=lambda place: (place.id != installation.place_id, place.state is PlaceState.LEFT))


def _is_at(place: PlaceRecord, manifest: Manifest, settings: SplitSettings) -> bool:
    """Return whether the settings name this place."""
    wanted = address_of(manifest, settings.public)
    if place.state is PlaceState.LEFT:
        return bool(place.address) and json.loads(place.address) == wanted
    stored = json.loads(place.settings)
    if place.settings_version == manifest.settings.version:
        return address_of(manifest, stored) == wanted
    return _has_same_address(manifest, _brought_up(manifest, place, stored), wanted)


def _brought_up(manifest: Manifest, place: PlaceRecord, stored: Mapping[str, object]) -> Mapping[str, object]:
    """Return stored settings as the present form has them, as far as they can be brought there."""
    form: type[Settings] = manifest.settings
    blank = {name: "-" for name in form.model_fields if name not in stored}
    try:
        built = build_settings(form, stored, blank, stored_version=place.settings_version)
    except InvalidSettingsError:
        return stored
    return built.settings.model_dump(mode="json")


def _has_same_address(manifest: Manifest, stored: Mapping[str, object], wanted: Mapping[str, str]) -> bool:
    """Return whether settings of an earlier form say the same, as far as they say where the data goes."""
    address = address_of(manifest, stored)
    common = address.keys() & wanted.keys()
    return (bool(common) or not wanted) and all(address[name] == wanted[name] for name in common)
