"""A merger with everything in flight loses nothing: counts, identifiers, moments and chains before and after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_group, make_member, system_access
from tests.tenants.mergers.merging import Merging
from wardship.core.actor import Role
from wardship.core.audit.export import export_audit
from wardship.core.audit.verify import verify_export
from wardship.tenants.installations.records import encrypt_secrets, read_places
from wardship.tenants.mergers import carrying
from wardship.tenants.mergers.clocks import follow_mergers
from wardship.tenants.mergers.fates import FATES, Fate
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

pytestmark = pytest.mark.anyio
MOVING = sorted(name for name, fate in FATES.items() if fate is Fate.GO_OVER)
WRITTEN_BY_IT = {"notice", "role_assignment", "consent_withdrawal"}


async def _verified(merging: Merging, organisation) -> int:
    services = merging.services
    lines = [line async for line in export_audit(services.database, services.keys, services.clock, organisation.id)]
    return verify_export(b"".join(lines).splitlines()).entries


async def test_every_row_of_every_table_goes_over_as_it_was(merging):
    await merging.fill()
    before = {
        table: {row["id"]: dict(row) for row in await merging.owner.fetch(f"select * from {table}")} for table in MOVING
    }
    await merging.merge()
    assert await merging.counts(MOVING, merging.orchard) == dict.fromkeys(MOVING, 0)
    for table in MOVING:
        after = {row["id"]: dict(row) for row in await merging.owner.fetch(f"select * from {table}")}
        if table not in WRITTEN_BY_IT:
            assert set(after) == set(before[table]), table
        kept = {"data_request", "request_right", "request_event", "disclosure", "certificate", "restriction", "post"}
        if table in kept:
            for key, row in before[table].items():
                assert after[key] == row | {"organisation_id": merging.harbour.id}, table


async def test_chains_of_both_verify_and_the_one_that_stays_names_the_other(merging):
    await merging.announce()
    before = await _verified(merging, merging.orchard)
    await merging.begin()
    await merging.finish()
    assert await _verified(merging, merging.orchard) > before
    assert await _verified(merging, merging.harbour) > 0
    joined = await merging.owner.fetchrow(
        "select entry::jsonb -> 'details' ->> 'chain_hash' as hash, target_id from audit_entry"
        " where organisation_id = $1 and action = 'organisation.joined'",
        merging.harbour.id,
    )
    assert joined["target_id"] == merging.orchard.id
    hashes = await merging.owner.fetch("select hash from audit_entry where organisation_id = $1", merging.orchard.id)
    assert joined["hash"] in {row["hash"].hex() for row in hashes}


async def test_who_was_in_both_has_one_membership_with_everything(merging):
    database = merging.services.database
    ann = await make_member(
        database, merging.orchard, Role.ORG_ADMIN, name="Ann", email="ann@orchard.example", phone="1"
    )
    here = await make_member(database, merging.harbour, name="Ann", email="ann@example.org", account_id=ann.account_id)
    theirs = await make_group(database, merging.orchard, "Crew", ann)
    ours = await make_group(database, merging.harbour, "Crew", here)
    await merging.fill()
    await merging.owner.execute(
        "update post set author_id = $1, group_id = $2, body = $3 where organisation_id = $4",
        ann.member_id,
        theirs,
        f"I am <@{ann.member_id}>",
        merging.orchard.id,
    )
    await merging.merge()
    rows = await merging.owner.fetch("select id, phone, email from member where account_id = $1", ann.account_id)
    assert [(row["id"], row["phone"], row["email"]) for row in rows] == [(here.member_id, "1", "ann@example.org")]
    post = await merging.owner.fetchrow("select author_id, body from post")
    assert (post["author_id"], post["body"]) == (here.member_id, f"I am <@{here.member_id}>")
    groups = await merging.owner.fetch(
        "select g.id, g.name from user_group g join group_membership m on m.group_id = g.id and m.member_id = $1",
        here.member_id,
    )
    assert {row["id"]: row["name"] for row in groups} == {theirs: "Crew (Orchard Søren & Ida)", ours: "Crew"}
    roles = await merging.owner.fetch("select role from role_assignment where member_id = $1", here.member_id)
    assert [row["role"] for row in roles] == ["member"], "what she administered there she does not administer here"


async def test_who_owned_it_is_a_member_and_one_owns_both(merging):
    await merging.merge()
    rows = await merging.owner.fetch(
        "select member_id, role from role_assignment where organisation_id = $1 order by role", merging.harbour.id
    )
    assert {(row["member_id"], row["role"]) for row in rows} == {
        (merging.hanna.member_id, "member"),
        (merging.hanna.member_id, "org_owner"),
        (merging.oscar.member_id, "member"),
    }


async def test_killed_in_the_middle_nothing_has_happened_and_it_is_done_again(merging, monkeypatch):
    await merging.fill()
    merger = await merging.announce()
    await merging.begin()
    before = await merging.counts(MOVING, merging.orchard)

    async def dies(*_):
        raise ConnectionError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "arrive", dies)
        await merging.finish()
    assert await merging.state(merger.id) == "merging"
    assert await merging.counts(MOVING, merging.orchard) == before
    await merging.finish()
    assert await merging.state(merger.id) == "merged"


async def test_what_is_encrypted_opens_afterwards(merging):
    await merging.fill()
    place_id = await merging.owner.fetchval("select id from installation_place")
    async with system_access(merging.services, merging.orchard) as access:
        sealed = encrypt_secrets(access, place_id, {"token": "söcret"})
    await merging.owner.execute("update installation_place set secrets = $1", sealed)
    await merging.merge()
    async with system_access(merging.services, merging.harbour) as access:
        place = (await read_places(access, [place_id]))[place_id]
        assert access.decrypt("integration-settings", place_id, place.secrets) == b'{"token": "s\\u00f6cret"}'


async def test_request_filed_meanwhile_goes_over_with_its_due_date(merging):
    await merging.announce()
    async with merging.access(merging.oscar) as access:
        request = (await submit_request(access, [RequestedRight(RightKind.ACCESS)])).request
    await merging.begin()
    await merging.finish()
    row = await merging.owner.fetchrow("select organisation_id, due_at, member_id from data_request")
    assert dict(row) == {
        "organisation_id": merging.harbour.id,
        "due_at": request.due_at,
        "member_id": merging.oscar.member_id,
    }


async def test_waits_for_what_is_being_delivered(merging):
    await merging.fill()
    merger = await merging.announce()
    await merging.owner.execute(
        "update obligation set state = 'leased', lease_owner = 'w', lease_until = $1, ended_at = null",
        merging.clock.now() + timedelta(days=30),
    )
    await merging.begin()
    await merging.finish()
    assert await merging.state(merger.id) == "merging"
    assert await merging.owner.fetchval("select waits_for from merger") == "deliveries"
    await merging.owner.execute("update obligation set state = 'pending', lease_owner = ''")
    await follow_mergers(merging.services)
    assert await merging.state(merger.id) == "merged"
