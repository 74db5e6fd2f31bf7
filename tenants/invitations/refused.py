"""Letters of invitations that did not reach their addresses: who invited is told."""

from __future__ import annotations

from wardship.core.actor import system_actor
from wardship.core.mail.refusals import organisations_of_refusals, take_refusals
from wardship.tenants.access import Access, Services
from wardship.tenants.invitations.notices import INVITATION_REFUSED
from wardship.tenants.notices import tell

ABOUT = "invitation"
"""The word by which a refusal of a letter is known; the letter has the id of its invitation."""


async def follow_refused_invitations(services: Services) -> None:
    """Tell who invited that a letter was given up: a sweep."""
    async with services.database.directory() as transaction:
        places = await organisations_of_refusals(transaction, ABOUT)
    for organisation_id in places:
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            access = Access(system_actor(organisation_id), transaction, services, "invitations")
            await _follow(access)


async def _follow(access: Access) -> None:
    for mail in await take_refusals(access.transaction, ABOUT, access.organisation_id):
        inviter = await access.fetchval(
            "select invited_by from invitation where organisation_id = $1 and id = $2", mail.id
        )
        if inviter is not None:
            target = ("invitation", mail.id)
            await tell(access, INVITATION_REFUSED, [inviter], target=target, reason=mail.reason)
