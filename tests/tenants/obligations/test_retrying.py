"""What trying again leaves alone, and of whose integrations a vendor sees nothing."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import access_for
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.tenants.obligations.test_deliveries import failing, log, of, refused, retry, snapshot, vendors_log
from tests.tenants.obligations.test_leases import prepared, take
from tests.tenants.vendor_access.desk import make_client, make_vendor
from wardship.core.accounts.accounts import remove_staff
from wardship.core.actor import StaffRole
from wardship.plugins.api import Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.obligations.retrying import DeliveryNotRetryableError

pytestmark = pytest.mark.anyio
__all__ = ["failing"]


@pytest.fixture
async def share_that_failed(connections, recording, services, admin, ada):
    installation = await connections.connect()
    recording.always[Verb.SHARE] = refused
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    return next(each for each in await log(services, admin, installation) if each.state == "failed")


async def test_what_a_worker_has_in_hand_is_returned_as_it_is(failing, services, admin, clock, owner):
    installation, owed = failing
    clock.advance(owed.next_at - clock.now())
    batch = await take(services, "working")
    before = await snapshot(owner)
    assert (await retry(services, admin, owed)).state == "leased"
    assert await snapshot(owner) == before
    assert await prepared(services, batch), "the worker still has it"
    assert (await of(Verb.ERASE, services, admin, installation)).attempt == owed.attempt + 1


async def test_what_somebody_locks_at_this_moment_is_not_waited_for(failing, services, admin, owner):
    _, owed = failing
    before = await snapshot(owner)
    async with asyncio.timeout(10), owner.transaction():
        await owner.execute("select from obligation where id = $1 for update", owed.id)
        found = await retry(services, admin, owed)
    assert (found.state, found.next_at) == ("pending", owed.next_at)
    assert await snapshot(owner) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("update installation_place set state = 'left', left_at = now()", "Nothing reaches this place"),
        ("update installation set state = 'load_failed'", "tell the server's operator"),
    ],
)
async def test_what_reaches_nobody_is_refused(share_that_failed, services, admin, owner, change, why):
    await owner.execute(change)
    before = await snapshot(owner)
    with pytest.raises(DeliveryNotRetryableError, match=why):
        await retry(services, admin, share_that_failed)
    assert await snapshot(owner) == before


async def test_the_part_that_the_plan_leaves_to_a_person_is_not_taken_away(services, admin, owner):
    half = recorder("half", left_to_people="Have them delete the password.")
    services.integrations.register(half, "half")
    connections = Connections(services, admin)
    installation = await connections.connect("half")
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    owed = await of(Verb.REVOKE, services, admin, installation)
    assert (owed.state, owed.code) == ("manual", "manual_step_left")
    before = await snapshot(owner)
    with pytest.raises(DeliveryNotRetryableError, match="complete its task"):
        await retry(services, admin, owed)
    assert await snapshot(owner) == before


async def test_an_erasure_is_retried_though_the_integration_is_paused(
    failing, connections, recording, services, admin, owner
):
    installation, owed = failing
    await owner.execute("update installation set state = 'paused'")
    recording.always.clear()
    assert (await retry(services, admin, owed)).state == "pending"
    await connections.work()
    assert (await of(Verb.ERASE, services, admin, installation)).state == "completed"


async def test_vendor_sees_nothing_of_an_installation_of_another_vendors_by_its_id(failing, services, admin):
    theirs, _ = failing
    services.integrations.register(recorder("own"), "own")
    own = await Connections(services, admin).connect("own")
    vera = await make_vendor(services)
    await make_client(services, vera, integration="own")
    assert await vendors_log(services, vera, installation=str(own.id)) != []
    assert await vendors_log(services, vera, installation=str(theirs.id)) == []
    assert {each.integration_key for each in await vendors_log(services, vera)} == {"own"}


async def test_vendor_sees_its_log_in_pages(failing, services, connections, clock):
    clock.advance(failing[1].next_at - clock.now())
    await connections.work()
    vera = await make_vendor(services)
    await make_client(services, vera)
    whole = await vendors_log(services, vera)
    places = [(each.tried_at, each.id) for each in whole]
    assert (len(places) > 2, places) == (True, sorted(places, reverse=True))
    first = whole[0]
    rest = await vendors_log(services, vera, after=(first.tried_at, first.id))
    assert [each.id for each in rest] == [each.id for each in whole[1:]]


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("end", ["staff", "account"])
async def test_who_is_no_vendor_any_more_is_answered_nothing_by_the_database(services, owner, end):
    vera = await make_vendor(services)
    await make_client(services, vera)
    assert await vendors_log(services, vera) != []
    if end == "staff":
        async with services.database.directory() as transaction:
            await remove_staff(transaction, vera, StaffRole.VENDOR)
    else:
        await owner.execute("update account set state = 'erased' where id = $1", vera)
    assert await vendors_log(services, vera) == []
