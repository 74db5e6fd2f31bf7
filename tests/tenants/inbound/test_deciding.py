"""What a person decides on what a vendor sent: a correction becomes part of the profile, or what came in goes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import timedelta, timezone

import pytest

from tests.builders import access_for, make_member
from tests.tenants.inbound.vendor_calls import VendorCalls, fields
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.inbound.deciding import NotACorrectionError, adopt_correction, dismiss_received
from wardship.tenants.members.ranks import NotBelowYouError

pytestmark = pytest.mark.anyio
NUMBER = "+49 30 1234"


async def only_datum(owner):
    (row,) = await owner.fetch("select id from received_datum")
    return row["id"]


async def profile_of(owner, person) -> str:
    return await owner.fetchval("select phone from member where id = $1", person.member_id)


async def audited(owner, event: str) -> list[dict]:
    rows = await owner.fetch("select entry from audit_entry where action = $1", event)
    return [json.loads(row["entry"])["details"] for row in rows]


@pytest.fixture
async def proposed(vendor_calls: VendorCalls, owner):
    """The vendor of Ada's integration says that she has another telephone number."""
    assert await vendor_calls.tell("corrected", fields=fields(phone=NUMBER)) == ["applied"]
    return await only_datum(owner)


async def test_the_person_takes_a_proposed_correction_over(services, ada, owner, proposed):
    async with access_for(services, ada) as access:
        member = await adopt_correction(access, proposed)
    assert (member.id, await profile_of(owner, ada)) == (ada.member_id, NUMBER)
    assert await owner.fetch("select from received_datum") == []
    (details,) = await audited(owner, "received_data.adopted")
    assert details["fields"] == ["phone"]
    assert NUMBER not in json.dumps(details)


async def test_an_administrator_takes_it_over_and_the_person_is_told(services, ada, connections, owner, proposed):
    async with access_for(services, connections.admin) as access:
        await adopt_correction(access, proposed)
    assert await profile_of(owner, ada) == NUMBER
    told = await owner.fetchval("select count(*) from notice where kind = 'profile_changed'")
    assert told == 1


@pytest.mark.parametrize(
    ("role", "error"), [(None, NotFoundError), (Role.PRIVACY_OFFICER, PermissionDeniedError)], ids=["peer", "officer"]
)
async def test_nobody_else_decides_on_it(services, database, acme, ada, owner, proposed, role, error):
    other = await make_member(database, acme, *([role] if role else []), name="Other")
    for decide in (adopt_correction, dismiss_received):
        with pytest.raises(error):
            async with access_for(services, other) as access:
                await decide(access, proposed)
    assert await only_datum(owner) == proposed
    assert await profile_of(owner, ada) != NUMBER


async def test_an_administrator_deletes_nothing_that_came_in_of_somebody(services, connections, owner, proposed):
    with pytest.raises(PermissionDeniedError, match="that person alone"):
        async with access_for(services, connections.admin) as access:
            await dismiss_received(access, proposed)
    assert await only_datum(owner) == proposed


async def test_who_ranks_as_high_is_not_corrected_by_a_peer(services, connections, acme, owner, ada, proposed):
    await owner.execute(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
        " values ($1, $2, now(), $3, 'org_admin')",
        acme.id,
        uuid7(),
        ada.member_id,
    )
    with pytest.raises(NotBelowYouError):
        async with access_for(services, connections.admin) as access:
            await adopt_correction(access, proposed)
    assert await only_datum(owner) == proposed


async def test_a_dismissed_correction_is_gone_and_only_a_newer_one_comes_back(
    services, ada, owner, clock, vendor_calls: VendorCalls, proposed
):
    before = clock.now() - timedelta(seconds=1)
    async with access_for(services, ada) as access:
        assert await dismiss_received(access, proposed) == proposed
    assert await owner.fetch("select from received_datum") == []
    assert await profile_of(owner, ada) != NUMBER
    assert [each["fields"] for each in await audited(owner, "received_data.dismissed")] == [["phone"]]
    old = fields(phone=NUMBER)
    assert await vendor_calls.tell("corrected", fields=old, at=before.isoformat()) == ["outdated"]
    assert await owner.fetch("select from received_datum") == []
    clock.advance(timedelta(minutes=1))
    assert await vendor_calls.tell("corrected", fields=fields(phone="+49 30 9")) == ["applied"]


DECISIONS = {"dismissed": dismiss_received, "adopted": adopt_correction}


@pytest.mark.parametrize("decision", [*DECISIONS])
async def test_what_was_decided_on_does_not_come_back_with_the_same_moment(
    services, ada, owner, clock, vendor_calls: VendorCalls, decision
):
    at = (clock.now() - timedelta(minutes=3)).isoformat()
    assert await vendor_calls.tell("corrected", fields=fields(phone=NUMBER), at=at) == ["applied"]
    async with access_for(services, ada) as access:
        await DECISIONS[decision](access, await only_datum(owner))
    before = await owner.fetchval("select count(*) from notice")
    clock.advance(timedelta(days=2))
    for kind in ("corrected", "new_data", "corrected"):
        assert await vendor_calls.tell(kind, fields=fields(phone=NUMBER), at=at) == ["nothing_new"]
    assert await owner.fetchval("select count(*) from received_datum") == 0
    assert await owner.fetchval("select count(*) from notice") == before, "nobody is told again"
    newer = (clock.now() - timedelta(minutes=1)).isoformat()
    assert await vendor_calls.tell("corrected", fields=fields(phone=NUMBER), at=newer) == ["applied"]


async def test_two_values_of_one_moment_are_dismissed_each_for_good(
    services, ada, owner, clock, vendor_calls: VendorCalls
):
    at = clock.now().astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
    values = ("Straßburg", "Zoë’s “Café” \U0001f469\u200d\U0001f680", "Köln")
    for city in values:
        assert await vendor_calls.tell("new_data", fields=fields(city=city), at=at) == ["applied"]
        async with access_for(services, ada) as access:
            await dismiss_received(access, await only_datum(owner))
    for city in values:
        told = fields(city=city)
        assert await vendor_calls.tell("new_data", fields=told, at=clock.now().isoformat()) == ["nothing_new"]
    assert await vendor_calls.tell("new_data", fields=fields(city="KÖLN"), at=at) == ["applied"]


async def test_a_field_that_was_dismissed_keeps_no_other_of_its_message_out(
    services, ada, owner, clock, vendor_calls: VendorCalls
):
    at = clock.now().isoformat()
    assert await vendor_calls.tell("new_data", fields=fields(visits=3.0), at=at) == ["applied"]
    async with access_for(services, ada) as access:
        await dismiss_received(access, await only_datum(owner))
    assert await vendor_calls.tell("new_data", fields=fields(visits=3, city="Bath"), at=at) == ["applied"]
    assert [row["name"] for row in await owner.fetch("select name from received_datum")] == ["city"]


async def test_what_was_decided_is_kept_as_a_keyed_hash_alone(services, ada, owner, clock, vendor_calls: VendorCalls):
    at = clock.now().isoformat()
    assert await vendor_calls.tell("corrected", fields=fields(phone=NUMBER), at=at) == ["applied"]
    async with access_for(services, ada) as access:
        await dismiss_received(access, await only_datum(owner))
    for table in await owner.fetch("select tablename from pg_tables where schemaname = 'public'"):
        rows = await owner.fetchval(f"select string_agg(t::text, ' ') from {table['tablename']} t") or ""
        assert NUMBER not in rows, table["tablename"]
    plain = hashlib.sha256(NUMBER.encode()).digest()
    assert plain not in await owner.fetchval("select decided_keys from inbound_order where topic = 'field:phone'")
    assert await vendor_calls.tell("corrected", fields=fields(phone=NUMBER), at=at) == ["nothing_new"]


async def test_a_decision_and_the_same_datum_at_once_leave_nothing_open(
    services, ada, owner, clock, vendor_calls: VendorCalls
):
    at, told = clock.now().isoformat(), fields(phone=NUMBER)
    assert await vendor_calls.tell("corrected", fields=told, at=at) == ["applied"]
    datum = await only_datum(owner)

    async def dismiss() -> None:
        async with access_for(services, ada) as access:
            await dismiss_received(access, datum)

    calls = (vendor_calls.tell("corrected", fields=told, at=at) for _ in range(8))
    results = await asyncio.gather(dismiss(), *calls)
    assert {result[0] for result in results if result} <= {"applied", "nothing_new"}
    assert await owner.fetchval("select count(*) from received_datum") == 0


async def test_new_data_is_no_correction_and_can_be_deleted(services, ada, owner, vendor_calls: VendorCalls):
    assert await vendor_calls.tell("new_data", fields=fields(visits=3)) == ["applied"]
    datum = await only_datum(owner)
    with pytest.raises(NotACorrectionError):
        async with access_for(services, ada) as access:
            await adopt_correction(access, datum)
    assert await only_datum(owner) == datum
    async with access_for(services, ada) as access:
        await dismiss_received(access, datum)
    assert await owner.fetch("select from received_datum") == []


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"city": "Bath"}, NotACorrectionError),
        ({"phone": ["+49 30 1", "+49 30 2"]}, InvalidInputError),
        ({"phone": "call me"}, InvalidInputError),
    ],
    ids=["no field of a profile", "several values", "no telephone number"],
)
async def test_what_a_profile_can_t_hold_stays_beside_it(services, ada, owner, vendor_calls: VendorCalls, told, error):
    before = await profile_of(owner, ada)
    assert await vendor_calls.tell("corrected", fields=fields(**told)) == ["applied"]
    datum = await only_datum(owner)
    with pytest.raises(error):
        async with access_for(services, ada) as access:
            await adopt_correction(access, datum)
    assert (await only_datum(owner), await profile_of(owner, ada)) == (datum, before)


async def test_of_two_decisions_at_once_one_finds_it_gone(services, ada, owner, proposed):
    async def decide(decision) -> str:
        try:
            async with access_for(services, ada) as access:
                await decision(access, proposed)
        except NotFoundError:
            return "gone"
        return "done"

    ends = await asyncio.gather(*(decide(each) for each in (adopt_correction, dismiss_received) * 5))
    assert sorted(ends) == ["done"] + ["gone"] * 9
    assert await owner.fetch("select from received_datum") == []
