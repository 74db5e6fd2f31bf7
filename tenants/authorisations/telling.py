"""Tell that a vendor has ended an authorisation, where the installation's state does not tell it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.plugins.host.reply import Fault
from wardship.tenants.access import Access
from wardship.tenants.installations.notices import INSTALLATION_FAILS, OWN_INSTALLATION_FAILS
from wardship.tenants.installations.problems import problem_of
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.installations.telling import tell_keepers

_TOLD_BY_STATE: Final = frozenset({InstallationState.ACTIVE, InstallationState.DEGRADED})
"""From these it becomes degraded by the call that finds out, and that is told."""


async def tell_of_expired(access: Access, installation: InstallationRecord, authorisation_id: UUID) -> None:
    """Tell those who look after an installation that somebody has to connect it again."""
    if installation.state in _TOLD_BY_STATE:
        return
    reason = Fault.NOT_CONNECTED.value
    await tell_keepers(
        access,
        installation,
        INSTALLATION_FAILS if installation.member_id is None else OWN_INSTALLATION_FAILS,
        once=str(authorisation_id),
        state=installation.state.value.replace("_", " "),
        reason=reason,
        problem=problem_of(reason),
    )
