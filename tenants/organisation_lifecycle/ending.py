"""The end of an organisation, and what the provider is told of it."""

from __future__ import annotations

from dataclasses import replace

from wardship.core.actor import PROVIDER_ID
from wardship.core.audit.log import AuditEvent, record
from wardship.core.database.scope import Scope
from wardship.tenants.access import Access
from wardship.tenants.appointments.appoint import cancel_owner
from wardship.tenants.organisations.names import SLUG_KEPT, forget_name, free_slug
from wardship.tenants.organisations.states import OrganisationState, transition_organisation


async def close_unowned(here: Access, reason: str = "") -> None:
    """Close an organisation that waited for its owner: nothing of anybody is in it, so its short name is free at once.

    Raises:
        OrganisationStateError: it does not wait for its owner.
    """
    await cancel_owner(here.transaction, here.organisation_id)
    awaiting = OrganisationState.AWAITING_OWNER
    await transition_organisation(here, OrganisationState.CLOSED, only_from={awaiting}, reason=reason)
    await forget_name(here)
    await free_slug(here)
    await here.audit("organisation.closed", "organisation", here.organisation_id)


async def end_organisation(here: Access) -> None:
    """Note that nothing of an organisation is left: its row keeps its identifier, and for a while its short name."""
    await transition_organisation(
        here,
        OrganisationState.CLOSED,
        only_from={OrganisationState.CLOSING},
        until=here.now + SLUG_KEPT,
    )
    await forget_name(here)
    await here.audit("organisation.closed", "organisation", here.organisation_id)


async def tell_provider(here: Access, action: str, *, outcome: str = "done", **details: object) -> None:
    """Enter in the provider's chain, too, what became of an organisation by its own act or by the clock."""
    actor = replace(here.actor, organisation_id=PROVIDER_ID)
    event = AuditEvent(action, "organisation", here.organisation_id, outcome=outcome, details=details)
    async with here.transaction.reaching(Scope(PROVIDER_ID)):
        await record(here.transaction, actor, event, at=here.now, request_id=here.request_id)
