"""After any run every stored grade follows from what is stored, and what is called probed is not at the vendor."""

from __future__ import annotations

import random

import pytest

from tests.builders import access_for, make_member
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from wardship.plugins.api import AttestationLevel, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.proofs import derived_grade, read_proof
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import TaskState, list_tasks

FAULTS = (302, 401, 403, 408, 429, 500, 503)


def _moods(dice: random.Random, shelf) -> None:
    """Let the vendor err now and then, forget nothing for a while, or behave."""
    shelf.answers.clear()
    shelf.forgets = dice.random() < 0.8
    for method in ("GET", "PUT", "DELETE"):
        if dice.random() < 0.4:
            status = dice.choice(FAULTS)
            shelf.answers[method, "/cards/"] = lambda status=status: (
                (status, {}, b"{}") if dice.random() < 0.7 else None
            )


async def _act(dice: random.Random, connections, people) -> None:
    person = dice.choice(people)
    admin = connections.admin.actor(at=connections.services.clock.now())
    async with access_for(connections.services, admin) as access:
        match dice.choice(["share", "share", "erase", "erase", "task"]):
            case "share":
                await bring_in_line(access, [person.member_id])
            case "erase":
                await enqueue_for_member(access, person.member_id, Verb.ERASE)
            case "task":
                for task in (await list_tasks(access, PageRequest(3), states=[TaskState.OPEN])).items:
                    await complete_manual_task(access, task.id, "I believe that it is gone.")


async def _require_true(owner, shelf) -> int:
    """Compare what is stored with what the vendor holds; return how many proofs there are."""
    rows = await owner.fetch("select attestation::text as text from obligation where attestation is not null")
    for proof in (read_proof(row["text"]) for row in rows):
        assert derived_grade(proof.basis, proof.evidence) == (proof.level, proof.basis)
    last = await owner.fetch(
        "select distinct on (o.member_id) o.attestation::text as text, l.subject_ref, o.ended_at,"
        " (select max(coalesce(settled_at, created_at)) from disclosure d where d.member_id = o.member_id"
        "  and d.state in ('sending', 'delivered', 'unknown')) as delivered_at"
        " from obligation o join subject_link l on l.member_id = o.member_id where o.verb = 'erase'"
        " and o.state = 'completed' and o.attestation is not null order by o.member_id, o.created_at desc, o.id desc"
    )
    for row in last:
        proof = read_proof(row["text"])
        if proof.level is AttestationLevel.PROBED and proof.checked_at >= row["delivered_at"]:
            assert not [name for name, card in shelf.cards.items() if row["subject_ref"] in name + card]
    return len(rows)


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_called_probed_is_gone_and_every_grade_follows(
    seed, connections, services, database, acme, owner
):
    dice = random.Random(seed)  # noqa: S311 - a scenario that can be repeated
    people = [await make_member(database, acme, first_name=f"Member {number}") for number in range(3)]
    with running_shelf() as shelf:
        if seed % 3:
            shelf.renames = lambda name: name if name.startswith("kept-") else f"kept-{name}"
        shelf.tells_name = seed % 3 == 2
        services.integrations.register(credulous(heeds_location=dice.random() < 0.7), KEY)
        installation = await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})
        for _ in range(14):
            _moods(dice, shelf)
            await _act(dice, connections, people)
            await connections.pass_time(hours=dice.choice([1, 30, 100]))
            await _require_true(owner, shelf)
        shelf.answers.clear()
        async with access_for(services, connections.admin.actor(at=services.clock.now())) as access:
            await uninstall(access, installation.id)
        await connections.pass_time(days=2)
        assert await _require_true(owner, shelf) > 0
