"""An organisation that another legal entity takes over: everybody is told, and what is shared is looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wardship.tenants.access import Access
from wardship.tenants.installation_lifecycle.holding import hold_widened
from wardship.tenants.mergers.accepting import EVERYBODY
from wardship.tenants.mergers.notices import ORGANISATION_HANDED_OVER
from wardship.tenants.notices import tell_everybody
from wardship.tenants.organisations.read import own_organisation

_FIELD: Final = "legal_entity"


async def follow_legal_entity(access: Access, changes: Mapping[str, tuple[Any, Any]]) -> None:
    """Tell everybody of another controller, and hold what was approved for the one before: a listener.

    Naming it for the first time hands nothing over.
    """
    before, _ = changes.get(_FIELD, ("", ""))
    if not before:
        return
    after = (await own_organisation(access)).settings.legal_entity
    held = await hold_widened(access, (), ())
    await access.audit("organisation.handed_over", "organisation", access.organisation_id, held=held)
    await tell_everybody(access, ORGANISATION_HANDED_OVER, states=EVERYBODY, before=before, after=after, held=held)
