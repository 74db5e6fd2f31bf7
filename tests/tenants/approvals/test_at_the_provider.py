"""At the provider nobody administers: what is held there waits for another of the privacy team, who can approve it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, system_access
from tests.tenants.fulfilment.test_customers import PROVIDER, Customer
from tests.tenants.operating import register
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, StaffRole
from wardship.tenants.approvals.limit import ALWAYS, HeldForApprovalError
from wardship.tenants.fulfilment.due import do_due_requests
from wardship.tenants.fulfilment.second_person import OwnDeletionError, approve_deletion
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

GRACE_ENDED = """select g.id from request_right g join data_request r on r.organisation_id = $1 and r.id = g.request_id
    where g.organisation_id = $1 and g.kind = 'erasure' order by g.created_at, g.id"""


async def _team(services, address: str) -> Actor:
    account_id = await register(services, address)
    async with services.database.directory() as transaction:
        await add_staff(transaction, account_id, StaffRole.PRIVACY_TEAM, at=services.clock.now())
    session, staff = CredentialKind.SESSION, frozenset({StaffRole.PRIVACY_TEAM})
    return Actor(
        account_id, PROVIDER_ID, None, frozenset(), session, stepped_up_at=services.clock.now(), staff_roles=staff
    )


async def _closed_for_90_days(services, team: Actor, count: int) -> list:
    """Return the erasures of customers whose grace period is over, approved."""
    for number in range(count):
        customer = Customer(services, await register(services, f"customer{number}@example.net"))
        await customer.ask(RightKind.DEACTIVATION)
    async with system_access(services, PROVIDER) as access:
        rights = [row["id"] for row in await access.fetch("select id from request_right where organisation_id = $1")]
    for right_id in rights:
        async with access_for(services, team) as access:
            await approve_right(access, right_id)
    for days in (1, 60, 23, 5, 2):
        await do_due_requests(services)
        services.clock.advance(timedelta(days=days))
    await do_due_requests(services)
    async with system_access(services, PROVIDER) as access:
        return [row["id"] for row in await access.fetch(GRACE_ENDED)]


async def test_what_is_held_at_the_provider_is_approved_by_another_of_the_privacy_team(services, owner):
    first, second = await _team(services, "priya@example.org"), await _team(services, "paul@example.org")
    erasures = await _closed_for_90_days(services, first, ALWAYS + 1)
    assert len(erasures) == ALWAYS + 1
    at = services.clock.now()
    first, second = [Actor(who.account_id, PROVIDER_ID, None, frozenset(), CredentialKind.SESSION, stepped_up_at=at,
        staff_roles=who.staff_roles) for who in (first, second)]  # fmt: skip
    for number, right_id in enumerate(erasures):
        async with access_for(services, first) as access:
            await approve_right(access, right_id)
        async with access_for(services, second) as access:
            preview = await preview_erasure(access, right_id)
            if number < ALWAYS:
                await commit_erasure(access, right_id, preview.digest)
            else:
                with pytest.raises(HeldForApprovalError, match="privacy team"):
                    await commit_erasure(access, right_id, preview.digest)
    approval_id = await owner.fetchval("select id from approval where state = 'asked'")
    with pytest.raises(OwnDeletionError):
        async with access_for(services, second) as access:
            await approve_deletion(access, approval_id)
    async with access_for(services, first) as access:
        await approve_deletion(access, approval_id)
    assert await owner.fetchval("select state from request_right where id = $1", erasures[-1]) == "scheduled"
