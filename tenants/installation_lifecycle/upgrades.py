"""Look after installations when the server's packages have changed: gone, back, narrower, or wanting more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.plugins.api import Manifest, RevocationPlan, Verb
from wardship.plugins.host.declaration_diff import compare_declarations
from wardship.plugins.host.registry import NOT_LOADED
from wardship.tenants.access import Access, Services
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installation_lifecycle.approval import adopt
from wardship.tenants.installation_lifecycle.checking import check_again
from wardship.tenants.installation_lifecycle.forbidden_countries import take_back_from_forbidden
from wardship.tenants.installations.changes import drop_pending_declaration, keep_pending_declaration
from wardship.tenants.installations.countries import (
    ForbiddenCountryError,
    countries_of,
    require_allowed_countries,
)
from wardship.tenants.installations.notices import DECLARATION_WAITS
from wardship.tenants.installations.records import (
    ENDING,
    InstallationRecord,
    InstallationState,
    find_installations,
    read_places,
)
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.installations.telling import tell_keepers
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.settle import DUTIES
from wardship.tenants.obligations.states import cancel_waiting, hand_over
from wardship.tenants.remote_integrations.adopting import adopt_remote_integrations
from wardship.tenants.remote_integrations.following import changed_registrations, note_followed

_S = InstallationState
_log = structlog.get_logger(__name__)
_MOST_TOLD = 20
"""Differences that a notice names; the whole stands in the product."""
# One that is paused stays so, or the return of its package would end the pause.
_USABLE = frozenset({_S.INSTALLED, _S.CHECKED, _S.ACTIVE, _S.DEGRADED, _S.NEEDS_APPROVAL, _S.MIGRATION_FAILED})


async def look_after_installations(services: Services) -> None:
    """Compare every installation with the packages of this server; run when a worker starts."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from installations_in_use()")
    await _look_after_each(services, [(row["organisation_id"], row["installation_id"]) for row in rows])


async def follow_remote_integrations(services: Services) -> None:
    """Look after the installations of remote integrations that have changed, gone or come back: a sweep."""
    await adopt_remote_integrations(services)
    for changed in await changed_registrations(services):
        if await _look_after_each(services, changed.installations):
            await note_followed(services, changed)


async def _look_after_each(services: Services, installations: Sequence[tuple[UUID, UUID]]) -> bool:
    """Look after installations, each named by its organisation and its id; return whether all could be."""
    is_whole = True
    for organisation_id, installation_id in installations:
        try:
            await _look_after(services, organisation_id, installation_id)
        except Exception as error:  # noqa: BLE001 - one that can't be looked after must not stop the others
            is_whole = False
            _log.exception("installation.not_looked_after", error=type(error).__name__)
    return is_whole


async def _look_after(services: Services, organisation_id: UUID, installation_id: UUID) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "upgrades")
        found = await find_installations(access, [installation_id], lock="for no key update")
        installation = found[installation_id]
        loaded = services.integrations.get(installation.integration_key)
        if loaded.manifest is None or loaded.plan is None:
            await package_gone(access, installation, loaded.absence)
            return
        if installation.state is _S.LOAD_FAILED:
            # When the check succeeds, it shares again.
            await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK, key="package_back")])
        elif installation.state is _S.MIGRATION_FAILED:
            # Another version of the package may know how to read what was stored.
            await check_again(access, installation)
        if installation.state not in ENDING:
            await _compare(access, installation, loaded.manifest, loaded.plan)


async def package_gone(access: Access, installation: InstallationRecord, reason: str = NOT_LOADED) -> None:
    """Show an installation whose integration is missing or broken, and give people what it still owes."""
    if installation.state not in ENDING:
        await transition_installation(access, installation.id, to=_S.LOAD_FAILED, only_from=_USABLE, reason=reason)
    await cancel_waiting(access, installation, frozenset(Verb) - DUTIES, reason)
    rows = await access.fetch(
        "select id from obligation where organisation_id = $1 and installation_id = $2"
        " and state in ('pending', 'waiting')",
        installation.id,
    )
    await hand_over(access, installation, [row["id"] for row in rows])


async def _compare(access: Access, installation: InstallationRecord, manifest: Manifest, plan: RevocationPlan) -> None:
    digest = declaration_digest(manifest, plan)
    if digest == installation.declaration_digest:
        await _drop_pending(access, installation)
        return
    differences = compare_declarations(installation.manifest, manifest, old_plan=installation.plan, new_plan=plan)
    if not differences:
        await adopt(access, installation, manifest, plan)
        await transition_installation(access, installation.id, to=_S.ACTIVE, only_from={_S.NEEDS_APPROVAL})
        await access.audit(
            "installation.declaration_narrowed", "installation", installation.id, declaration=digest.hex()
        )
        return
    changed = await keep_pending_declaration(access, installation.id, manifest, plan)
    await transition_installation(access, installation.id, to=_S.NEEDS_APPROVAL, only_from={_S.ACTIVE, _S.DEGRADED})
    if changed:
        await _take_back_if_forbidden(access, installation, manifest)
        kinds = sorted({difference.kind.value for difference in differences})
        words = [difference.sentence for difference in differences[:_MOST_TOLD]]
        await tell_keepers(access, installation, DECLARATION_WAITS, once=digest.hex(), differences=words)
        await access.audit(
            "installation.declaration_widened", "installation", installation.id, declaration=digest.hex(), wider=kinds
        )


async def _take_back_if_forbidden(access: Access, installation: InstallationRecord, manifest: Manifest) -> None:
    """Owe what is held back where the loaded plugin says that it stores it in a country that is now forbidden."""
    place = (await read_places(access, [installation.place_id]))[installation.place_id]
    settings = json.loads(place.settings)
    try:
        await require_allowed_countries(
            access, manifest, settings, already=countries_of(installation.manifest, settings)
        )
    except ForbiddenCountryError:
        await take_back_from_forbidden(access, installation)


async def _drop_pending(access: Access, installation: InstallationRecord) -> None:
    """Forget a wider declaration whose package was taken back to the approved version."""
    if installation.has_pending_declaration:
        await drop_pending_declaration(access, installation.id)
        await transition_installation(access, installation.id, to=_S.ACTIVE, only_from={_S.NEEDS_APPROVAL})
