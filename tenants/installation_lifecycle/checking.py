"""Look again whether an installation's settings work."""

from __future__ import annotations

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.states import cancel_waiting, take_from_people, wake


async def check_again(access: Access, installation: InstallationRecord) -> None:
    """Owe a check in the place of those that wait, and let what waited for its settings be tried now."""
    await cancel_waiting(access, installation, {Verb.CHECK}, "superseded")
    await take_from_people(access, installation, {Verb.CHECK}, "superseded")
    await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK)])
    await wake(access, installation)
