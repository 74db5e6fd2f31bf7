"""Tell of an installation's trouble once for each outage, and of its end when it has worked for a while.

A vendor that fails and answers again by the minute is one outage: it is over when nothing has failed for an hour.
Within one it is told again only if it becomes worse.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.plugins.host.reply import Fault
from wardship.tenants.access import Access, Services
from wardship.tenants.installations.notices import INSTALLATION_FAILS, INSTALLATION_WORKS, OWN_INSTALLATION_FAILS
from wardship.tenants.installations.records import InstallationRecord, InstallationState, returning
from wardship.tenants.installations.telling import tell_keepers

WORKS_FOR: Final = timedelta(hours=1)
"""How long an installation works before its trouble is over."""
_MOST: Final = 500


class Trouble(IntEnum):
    """How bad it is."""

    NONE = 0
    PASSING = 1
    """It may end by itself."""
    LASTING = 2
    """Somebody has to do something."""
    OVERDUE = 3
    """What the vendor was told to take back is not taken back in time."""


_S = InstallationState
_LASTING: Final = frozenset(
    fault.value for fault in (Fault.UNAUTHORISED, Fault.BAD_SETTINGS, Fault.NOT_LOADED, Fault.NOT_CONNECTED)
)
_OF_STATE: Final = {
    _S.LOAD_FAILED: Trouble.LASTING,
    _S.MIGRATION_FAILED: Trouble.LASTING,
    _S.REVOCATION_OVERDUE: Trouble.OVERDUE,
}
_GETS_WORSE: Final = "update installation set trouble = $3 where organisation_id = $1 and id = $2 and trouble < $3"
_IS_OVER: Final = returning(
    "update installation set trouble = 0, works_since = null where organisation_id = $1 and id = any($2::uuid[])"
    " and works_since <= $3"
)


def trouble_of(installation: InstallationRecord) -> Trouble:
    """Return how bad the state of an installation is."""
    if installation.state is _S.DEGRADED:
        is_lasting = installation.state_reason in _LASTING or installation.state_reason.startswith("delivery_failed:")
        return Trouble.LASTING if is_lasting else Trouble.PASSING
    return _OF_STATE.get(installation.state, Trouble.NONE)


async def follow_trouble(access: Access, installation: InstallationRecord) -> None:
    """Tell of the state that an installation has come into, if it is worse than what was told of this outage."""
    trouble = trouble_of(installation)
    if not trouble or not await access.execute(_GETS_WORSE, installation.id, trouble.value):
        return
    await tell_keepers(
        access,
        installation,
        INSTALLATION_FAILS if installation.member_id is None else OWN_INSTALLATION_FAILS,
        state=installation.state.value.replace("_", " "),
        reason=installation.state_reason or "no reason given",
        problem=installation.problem,
    )


async def tell_of_recovered(services: Services) -> None:
    """Tell that installations work again, once they have for an hour: a sweep."""
    since = services.clock.now() - WORKS_FOR
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from installations_working($1, $2)", since, _MOST)
    of_organisation: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        of_organisation[row["organisation_id"]].append(row["installation_id"])
    for organisation_id, ids in of_organisation.items():
        async with services.database.tenant(organisation_id) as transaction:
            access = Access(system_actor(organisation_id), transaction, services, "troubles")
            for installation in await access.fetch_as(InstallationRecord, _IS_OVER, ids, since):
                await tell_keepers(access, installation, INSTALLATION_WORKS)
