"""What looks like absence at a vendor and is not is never called probed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import access_for
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from tests.tenants.obligations.test_leases import call, prepared, settled, take
from wardship.plugins.api import AttestationLevel, RevocationMethod, RevocationStep, Verb
from wardship.tenants.egress.holdings import places_holding
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.proofs import read_proof

PAGE = (200, {"content-type": "text/html"}, b"<!DOCTYPE html><title>Sign in</title>")
SEARCH = "/find?name={name}"


@pytest.fixture
def shelf():
    with running_shelf() as running:
        yield running


@pytest.fixture
def connect(connections, services, shelf):
    async def connect(**plugin):
        made = credulous()
        services.integrations.register(replace(made, **plugin), KEY)
        return await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})

    return connect


@pytest.fixture
def again(connections, services):
    """Share a member's record anew, or erase it, and work off what follows."""

    async def again(member, verb=Verb.SHARE):
        async with access_for(services, connections.admin.actor(at=services.clock.now())) as access:
            if verb is Verb.SHARE:
                await bring_in_line(access, [member.member_id])
            else:
                await enqueue_for_member(access, member.member_id, verb)
        await connections.pass_time(minutes=5)

    return again


async def _proof(owner, member):
    row = await owner.fetchrow(
        "select attestation::text as text from obligation where verb = 'erase' and member_id = $1"
        " order by created_at desc, id desc limit 1",
        member.member_id,
    )
    return read_proof(row["text"])


async def _held(owner, shelf, member) -> list[str]:
    reference = await owner.fetchval("select subject_ref from subject_link where member_id = $1", member.member_id)
    return [name for name, card in shelf.cards.items() if reference in card]


async def test_vendor_that_makes_another_card_at_each_writing_is_not_proven_by_the_last(
    connect, again, shelf, ada, owner
):
    shelf.renames, shelf.tells_name = lambda _: f"card-{len(shelf.cards)}", True
    await connect(heeds_location=True)
    await again(ada)
    assert len(await _held(owner, shelf, ada)) == 2
    await again(ada, Verb.ERASE)

    assert len(await _held(owner, shelf, ada)) == 1, "nobody looked for the first"
    proof = await _proof(owner, ada)
    assert (proof.level, proof.basis) == ("unverifiable", "not_looked_again")


async def test_page_in_place_of_every_answer_is_no_find_of_what_is_kept_under_another_name(
    connect, again, shelf, ada, owner
):
    shelf.renames = lambda name: name[::-1]
    await connect()
    pages = [PAGE]
    shelf.answers["GET", "/cards/"] = lambda: pages[0] if pages else None
    shelf.answers["DELETE", "/cards/"] = lambda: pages.pop() if pages else None
    await again(ada, Verb.ERASE)

    assert await _held(owner, shelf, ada)
    proof = await _proof(owner, ada)
    assert (proof.level, proof.basis) == ("unverifiable", "never_found")


@pytest.mark.parametrize(
    "answer", [PAGE, (200, {}, b""), (200, {}, b'{"errors": ["slow down"]}')], ids=["page", "empty", "error"]
)
async def test_success_that_tells_nothing_does_not_show_that_a_search_finds_nobody(
    connect, again, shelf, ada, owner, answer
):
    await connect(looks=(SEARCH, "/me"), looks_before=(SEARCH,))
    shelf.forgets = False
    found = [True]
    shelf.answers["GET", "/find"] = lambda: (
        (200, {}, "".join(shelf.cards.values()).encode()) if found and found.pop() else answer
    )
    await again(ada, Verb.ERASE)

    assert await _held(owner, shelf, ada)
    proof = await _proof(owner, ada)
    assert (proof.level, proof.basis) == ("unverifiable", "never_found")


async def test_server_whose_application_is_away_and_that_shows_a_page_at_its_root_proves_nothing(
    connect, again, shelf, ada, owner
):
    await connect(looks=("/cards/{name}", "/me"))
    shelf.forgets = False
    looked = [None]
    shelf.answers["GET", "/cards/"] = lambda: looked.pop() if looked else (404, {}, b"{}")
    shelf.answers["GET", "/me"] = lambda: PAGE
    await again(ada, Verb.ERASE)

    assert await _held(owner, shelf, ada)
    proof = await _proof(owner, ada)
    assert (proof.level, proof.basis) == ("unverifiable", "only_refusals")


async def test_delivery_that_comes_after_the_proof_because_its_worker_slept_is_erased_and_proven_again(
    connect, connections, services, shelf, ada, owner, clock
):
    installation = await connect()
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    (late,) = await prepared(services, await take(services, "sleeper"))
    clock.advance(timedelta(minutes=2))
    await owner.execute("update member set state = 'removed' where id = $1", ada.member_id)
    async with access_for(services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    assert (await _proof(owner, ada)).level == "probed"
    clock.advance(timedelta(minutes=2))
    await settled(services, late, await call(services, late))
    assert await _held(owner, shelf, ada)
    async with access_for(services, connections.admin) as access:
        held = await places_holding(access, ada.member_id)
    assert [each.place.id for each in held] == [installation.place_id]
    await connections.pass_time(minutes=5)
    assert await _held(owner, shelf, ada) == []
    proof = await _proof(owner, ada)
    assert proof.level == "probed"
    arrived = await owner.fetchval("select max(settled_at) from disclosure where member_id = $1", ada.member_id)
    assert proof.checked_at >= arrived == clock.now() - timedelta(minutes=5)


async def test_what_a_plan_leaves_to_a_person_is_not_proven_by_looking_up_the_rest(
    connect, again, connections, shelf, ada, owner
):
    plugin = credulous()
    by_hand = RevocationStep(
        verb=Verb.ERASE,
        method=RevocationMethod.MANUAL,
        deletes="what is in their backups",
        deadline_h=24,
        proof=AttestationLevel.MANUAL,
        instructions="Have them delete the backups.",
    )
    plan = plugin.plan.model_copy(update={"steps": (*plugin.plan.steps, by_hand)})
    await connect(plan=plan)
    await again(ada, Verb.ERASE)
    assert await connections.complete_all("ok") == ["Have them delete the backups."]
    assert await _held(owner, shelf, ada) == []
    proof = await _proof(owner, ada)
    assert (proof.level, proof.basis) == ("manual", "said_by_person")


async def test_writing_that_arrived_without_an_answer_at_a_vendor_that_gives_names_is_not_proven_by_another(
    connect, again, shelf, ada, owner
):
    serve, lost = shelf._serve, [503]

    def lossy(method, path, body):
        answer = serve(method, path, body)
        return (lost.pop(), {}, b"{}") if method == "PUT" and lost and b"ada" in body.lower() else answer

    shelf.renames, shelf.tells_name = lambda _: f"card-{len(shelf.cards)}", True
    shelf._serve = lossy
    await connect(heeds_location=True, looks=("/cards/{name}", "/me"))
    assert len(await _held(owner, shelf, ada)) == 2
    await again(ada, Verb.ERASE)

    assert len(await _held(owner, shelf, ada)) == 1
    proof = await _proof(owner, ada)
    assert (proof.level, proof.basis) == ("unverifiable", "not_looked_again")


async def test_delivery_that_was_taken_with_an_answer_that_cannot_be_read_may_have_arrived(connect, shelf, owner):
    shelf.answers["PUT", "/cards/"] = lambda: (201, {"content-encoding": "gzip"}, b"x")
    await connect()
    assert {row["state"] for row in await owner.fetch("select state from disclosure")} == {"unknown"}
