"""Hold installations that would reach further than they were approved for, because organisations became one.

Nothing leaves until an administrator has looked at each and resumed it; then it is checked again from the beginning.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.plugins.api import Holder, Verb
from wardship.tenants.access import Access
from wardship.tenants.installation_lifecycle.forbidden_countries import stored_in, take_back_from_forbidden
from wardship.tenants.installations.authority import is_ending
from wardship.tenants.installations.records import ENDING, InstallationRecord, InstallationState, find_installations
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.states import cancel_waiting
from wardship.tenants.organisations.settings import read_settings

HELD: Final = "organisations_merged"
"""The reason that a held installation is paused for."""
_S = InstallationState
_HOLDABLE: Final = frozenset(set(_S) - ENDING - {_S.PAUSED})
_CANDIDATES: Final = (
    "select id from installation where organisation_id = $1 and state <> 'removed'"
    " and (audience = 'organisation' or id = any($2::uuid[])) order by id"
)


async def hold_widened(access: Access, came: Collection[UUID], forbade: Collection[str]) -> int:
    """Hold what would reach more people, or go where it might not before; return how many are held.

    What is for everybody in the organisation has more people now, on both sides. What came, and stores data in a
    country that its own organisation forbade and this one allows, would begin to be sent it.

    Args:
        access: the system's own, in the organisation that both are now.
        came: the installations that came from the other.
        forbade: the countries that the other had forbidden.
    """
    allowed_here = read_settings(await access.fetchval("select settings from organisation where id = $1"))
    forbids = frozenset(allowed_here.forbidden_countries)
    rows = await access.fetch(_CANDIDATES, list(came))
    found = await find_installations(access, [row["id"] for row in rows], lock="for no key update")
    held = 0
    for installation in found.values():
        if is_ending(installation):
            continue
        countries = await stored_in(access, installation)
        if installation.id in came and countries & forbids:
            await take_back_from_forbidden(access, installation)
        opens = installation.id in came and countries & frozenset(forbade) and not countries & forbids
        if installation.holder is Holder.ORGANISATION or opens:
            held += await _hold(access, installation)
    return held


async def _hold(access: Access, installation: InstallationRecord) -> bool:
    paused = {_S.PAUSED} if installation.state is _S.PAUSED else _HOLDABLE
    held = await transition_installation(access, installation.id, to=_S.PAUSED, only_from=paused, reason=HELD)
    await cancel_waiting(access, installation, {Verb.SHARE, Verb.RECONCILE}, "installation_paused")
    return held is not None
