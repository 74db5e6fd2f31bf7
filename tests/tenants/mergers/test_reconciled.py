"""What stands in both organisations stands once afterwards, and what gave somebody a reach has ended."""

from __future__ import annotations

import pytest

from tests.builders import NOW, make_member, system_access
from tests.rows import insert_row
from wardship.core.accounts.tombstones import is_suppressed, suppress
from wardship.core.identifiers import uuid7

pytestmark = pytest.mark.anyio
ADDRESS = "ann@example.net"


@pytest.fixture
async def ann(merging, database):
    """Somebody with a membership in both: here and there."""
    there = await make_member(database, merging.orchard, name="Ann", email=ADDRESS)
    here = await make_member(database, merging.harbour, account_id=there.account_id, email="ann@example.org")
    return here, there


async def _put(merging, table, organisation, **known):
    values = {"id": uuid7(), "organisation_id": organisation.id, "created_at": NOW} | known
    await insert_row(merging.owner, table, values, "made")
    return values["id"]


@pytest.mark.parametrize(
    ("table", "known", "ended"),
    [
        ("consent", {"purpose": "marketing", "category": ""}, "withdrawn_at"),
        ("objection", {"purpose": "analytics"}, "withdrawn_at"),
        ("restriction", {"category": "", "cause": "requested"}, "lifted_at"),
    ],
    ids=["consent", "objection", "restriction"],
)
async def test_what_a_person_said_in_both_stands_once(merging, ann, table, known, ended):
    for person, organisation in zip(ann, (merging.harbour, merging.orchard), strict=True):
        await _put(merging, table, organisation, member_id=person.member_id, **known)
    await merging.merge()
    rows = await merging.owner.fetch(f"select member_id from {table} where {ended} is null")
    assert [row["member_id"] for row in rows] == [ann[0].member_id]
    assert await merging.owner.fetchval(f"select count(*) from {table}") == 2, "what was said stays to be read"


async def test_whom_the_other_lets_in_again_stays_out_where_one_of_both_has_erased(merging):
    services, kept = merging.services, {"email": [ADDRESS]}
    for organisation in (merging.harbour, merging.orchard):
        async with system_access(services, organisation) as access:
            await suppress(access.transaction, services.keys, kept, organisation_id=organisation.id, at=access.now)
    await merging.owner.execute("update tombstone set lifted_at = now() where organisation_id = $1", merging.harbour.id)
    await merging.merge()
    async with system_access(services, merging.harbour) as access:
        assert await is_suppressed(access.transaction, services.keys, merging.harbour.id, ADDRESS)
    assert await merging.owner.fetchval("select count(*) from tombstone") == 1


async def test_offers_approvals_questions_and_directories_end(merging):
    await merging.fill()
    run = merging.owner.execute
    await run("update ownership_transfer set state = 'offered'")
    await run("update approval set state = 'asked', decided_at = null")
    await run("update domain_policy set enrolment = 'invite'")
    await run("update account_claim set state = 'notified', decide_until = '2028-01-01'")
    await run("update user_group set managed_by = 'directory', external_id = 'x'")
    await merging.merge()
    row = await merging.owner.fetchrow(
        "select (select state from ownership_transfer) as offer, (select state from approval) as approval,"
        " (select enrolment from domain_policy) as policy, (select state from account_claim) as claim,"
        " (select managed_by || external_id from user_group) as directory"
    )
    assert dict(row) == {
        "offer": "cancelled",
        "approval": "expired",
        "policy": "off",
        "claim": "released",
        "directory": "people",
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "left"), [("exempt", "managed", "managed"), ("managed", "exempt", "managed")]
)
async def test_account_that_both_claim_is_claimed_once_by_that_which_manages_it(merging, ann, ours, theirs, left):
    for person, organisation, state in ((ann[0], merging.harbour, ours), (ann[1], merging.orchard, theirs)):
        domain = await _put(merging, "domain_claim", organisation, name=f"{organisation.slug}.example")
        await merging.owner.execute(
            "insert into account_claim (organisation_id, id, created_at, account_id, account_hash, domain_id, epoch,"
            " state, state_since, member_id) values ($1, $2, $5, $3, claimed_account($1, $3), $4, 1, $6, $5, $7)",
            organisation.id,
            uuid7(),
            person.account_id,
            domain,
            NOW,
            state,
            person.member_id,
        )
    await merging.merge()
    rows = await merging.owner.fetch(
        "select state, account_hash = claimed_account($1, account_id) as is_known from account_claim",
        merging.harbour.id,
    )
    assert [tuple(row) for row in rows] == [(left, True)]
