"""Reconnect, pause, resume and uninstall."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from wardship.plugins.api import Cause, Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.new_recipient import NewRecipient, granted_uses, tell_new_recipient
from wardship.tenants.grants.granting import withdraw_all
from wardship.tenants.installation_lifecycle.changed_settings import changed_settings
from wardship.tenants.installation_lifecycle.checking import check_again
from wardship.tenants.installation_lifecycle.duplicates import require_account_of_its_own, stored_settings
from wardship.tenants.installation_lifecycle.forbidden_countries import require_settings_allowed
from wardship.tenants.installation_lifecycle.holding import HELD
from wardship.tenants.installation_lifecycle.moving import OUTGOING, take_everything_back, take_settings
from wardship.tenants.installations.authority import manageable_installation
from wardship.tenants.installations.countries import require_allowed_countries
from wardship.tenants.installations.records import (
    InstallationRecord,
    InstallationState,
    find_installations,
    read_places,
)
from wardship.tenants.installations.states import require_state, transition_installation
from wardship.tenants.members.fields import ENDED
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.obligations.states import cancel_waiting, take_from_people, wake
from wardship.tenants.received.standing import drop_unfounded_at
from wardship.tenants.vendor_access.granting import end_vendor_grants

_S = InstallationState
_CONNECTED = frozenset(
    {
        _S.INSTALLED,
        _S.CHECKED,
        _S.ACTIVE,
        _S.DEGRADED,
        _S.PAUSED,
        _S.NEEDS_APPROVAL,
        _S.LOAD_FAILED,
        _S.MIGRATION_FAILED,
    }
)


async def update_settings(
    access: Access, installation_id: UUID, raw: Mapping[str, object], *, accepts_same_account: bool = False
) -> InstallationRecord:
    """Change settings and secrets, check them, and let what waited for that be tried again.

    What is not given stays as it is; None takes a setting out.

    Settings that name another place move the installation there: what was shared at the old one is owed back there,
    with the old settings, and is shared again at the new one once it is checked.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it is being taken away.
        IntegrationUnavailableError: the integration can't be loaded at present.
        InvalidSettingsError: the settings do not fit the integration's form.
        ForbiddenCountryError: they name a place in a country where the organisation wants no data.
        PlaceChangeRefusedError: they name another place, and what is held at the present one can't be owed.
        SameVendorAccountError: they name the account of another installation, and that is not accepted.
    """
    installation = await manageable_installation(access, installation_id)
    require_state(installation, _CONNECTED | {_S.REVOKING, _S.REVOCATION_OVERDUE}, act="reconnected")
    manifest, _ = access.services.integrations.require(installation.integration_key).declaration
    settings = await changed_settings(access, installation, manifest, raw)
    await require_settings_allowed(access, installation, manifest, settings)
    if not accepts_same_account:
        place = (await read_places(access, [installation.place_id]))[installation.place_id]
        before = stored_settings(access, installation, place)
        await require_account_of_its_own(access, installation, manifest, before, settings)
    installation = await take_settings(access, installation, manifest, settings)
    await check_again(access, installation)
    await access.audit(
        "installation.reconnected",
        "installation",
        installation_id,
        fields=sorted(raw),
    )
    return installation


async def pause(access: Access, installation_id: UUID) -> InstallationRecord:
    """Stop sharing until it is resumed; what the vendor has stays there, and people's requests still reach it.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it does not share.
    """
    installation = await manageable_installation(access, installation_id, needs_step_up=False, takes_back=True)
    require_state(installation, {_S.ACTIVE, _S.DEGRADED, _S.NEEDS_APPROVAL}, act="paused")
    paused = await transition_installation(access, installation_id, to=_S.PAUSED, only_from={installation.state})
    await cancel_waiting(access, installation, {Verb.SHARE, Verb.RECONCILE}, "installation_paused")
    return paused or installation


async def resume(access: Access, installation_id: UUID) -> InstallationRecord:
    """Share again after a pause, everything once more, since anything may have changed meanwhile.

    What was held because organisations became one is checked again from the beginning, and members are told of a
    recipient that is new to them; its countries must be allowed.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it is not paused.
        ForbiddenCountryError: it was held, and stores data where the organisation wants none.
    """
    installation = await manageable_installation(access, installation_id)
    require_state(installation, {_S.PAUSED}, act="resumed")
    if installation.state_reason == HELD:
        return await _release_held(access, installation)
    to = _S.NEEDS_APPROVAL if installation.has_pending_declaration else _S.ACTIVE
    resumed = await transition_installation(access, installation_id, to=to, only_from={_S.PAUSED})
    await wake(access, installation)
    await share_with_audience(access, installation)
    return resumed or installation


async def _release_held(access: Access, installation: InstallationRecord) -> InstallationRecord:
    place = (await read_places(access, [installation.place_id]))[installation.place_id]
    await require_allowed_countries(access, installation.manifest, json.loads(place.settings))
    released = await transition_installation(access, installation.id, to=_S.INSTALLED, only_from={_S.PAUSED})
    await access.audit("installation.held_approved", "installation", installation.id)
    new = NewRecipient(installation, await granted_uses(access, installation), place)
    await tell_new_recipient(access, new, once=str(place.id))
    await check_again(access, installation)
    return released or installation


async def uninstall(access: Access, installation_id: UUID) -> InstallationRecord:
    """End an installation: sharing stops with this commit, then the vendor erases, loses its access, and is probed.

    It is removed when all of that has ended; secrets and settings are kept until then, because the vendor is told
    with them.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        InstallationStateError: it is being taken away already.
    """
    installation = await manageable_installation(access, installation_id, takes_back=True)
    require_state(installation, _CONNECTED, act="uninstalled")
    return await _end(access, installation)


async def end_installations_of_leavers(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """End the installations that members had for themselves, once they have left or were erased."""
    if ENDED not in columns:
        return
    rows = await access.fetch(
        "select i.id from installation i join member m on m.organisation_id = i.organisation_id and m.id = i.member_id"
        " where i.organisation_id = $1 and i.member_id = any($2::uuid[]) and m.state in ('removed', 'erased')"
        " and i.state = any($3::text[])",
        list(member_ids),
        [state.value for state in _CONNECTED],
    )
    found = await find_installations(access, [row["id"] for row in rows], lock="for no key update")
    for installation in found.values():
        await _end(access, installation)


async def end_every_installation(access: Access) -> int:
    """End all installations of the organisation that have not ended, and return how many there were.

    For the end of the organisation itself, which others have decided.
    """
    rows = await access.fetch(
        "select id from installation where organisation_id = $1 and state = any($2::text[]) order by id",
        [state.value for state in _CONNECTED],
    )
    found = await find_installations(access, [row["id"] for row in rows], lock="for no key update")
    for installation in found.values():
        await _end(access, installation)
    return len(found)


async def _end(access: Access, installation: InstallationRecord) -> InstallationRecord:
    ending = await transition_installation(access, installation.id, to=_S.REVOKING, only_from=_CONNECTED)
    await withdraw_all(access, installation.id)
    await drop_unfounded_at(access, installation.id)
    await end_vendor_grants(access, installation.id)
    await cancel_waiting(access, installation, OUTGOING | {Verb.CORRECT, Verb.RESTRICT}, "uninstalled")
    await take_from_people(access, installation, OUTGOING, "uninstalled")
    await take_everything_back(access, installation, installation.place_id, Cause.UNINSTALLATION)
    await wake(access, installation)
    return ending or installation
