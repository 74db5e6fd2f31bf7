"""After random moves between servers that err and lie, what is called probed at a place is not on its server."""

from __future__ import annotations

import json
import random
from contextlib import ExitStack, suppress

import pytest

from tests.builders import NOW, access_for, make_member
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from tests.fixed_clock import TickingClock
from wardship.core.errors import ConflictError
from wardship.plugins.api import AttestationLevel, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.proofs import derived_grade, read_proof
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import TaskState, list_tasks

FAULTS = (302, 401, 403, 408, 429, 503)
_LAST = """select distinct on (o.place_id, o.member_id) o.attestation::text as text, l.subject_ref, p.address,
 (select max(coalesce(settled_at, created_at)) from disclosure d where d.member_id = o.member_id
  and d.place_id = o.place_id and d.state in ('sending', 'delivered', 'unknown')) as delivered_at
 from obligation o join subject_link l on l.member_id = o.member_id and l.place_id = o.place_id
 join installation_place p on p.id = o.place_id
 where o.verb = 'erase' and o.state = 'completed' and o.attestation is not null
 order by o.place_id, o.member_id, o.created_at desc, o.id desc"""


@pytest.fixture
def clock():
    """Of one that stands still it can't be told whether something was looked for, or sent, first."""
    return TickingClock(NOW)


def _moods(dice: random.Random, shelf) -> None:
    shelf.answers.clear()
    shelf.forgets = dice.random() < 0.8
    for method in ("GET", "PUT", "DELETE"):
        if dice.random() < 0.3:
            status = dice.choice(FAULTS)
            shelf.answers[method, "/cards/"] = lambda status=status: (
                (status, {}, b"{}") if dice.random() < 0.7 else None
            )


async def _act(dice: random.Random, connections, installation, people, shelves) -> None:
    person, deed = dice.choice(people), dice.choice(["share", "erase", "erase", "task", "move", "move"])
    admin = connections.admin.actor(at=connections.services.clock.now())
    async with access_for(connections.services, admin) as access:
        match deed:
            case "share":
                await bring_in_line(access, [person.member_id])
            case "erase":
                await enqueue_for_member(access, person.member_id, Verb.ERASE)
            case "task":
                for task in (await list_tasks(access, PageRequest(3), states=[TaskState.OPEN])).items:
                    await complete_manual_task(access, task.id, "I believe that it is gone.")
            case "move":
                settings = {"server_url": dice.choice(shelves).url, "token": TOKEN}
                with suppress(ConflictError):
                    await update_settings(access, installation.id, settings)


async def _require_true(owner, shelves) -> int:
    rows = await owner.fetch("select attestation::text as text from obligation where attestation is not null")
    for proof in (read_proof(row["text"]) for row in rows):
        assert derived_grade(proof.basis, proof.evidence) == (proof.level, proof.basis)
    for row in await owner.fetch(_LAST):
        proof, (shelf,) = (
            read_proof(row["text"]),
            [s for s in shelves if s.url in json.loads(row["address"])["server_url"]],
        )
        if proof.level is AttestationLevel.PROBED and row["delivered_at"] and proof.checked_at >= row["delivered_at"]:
            assert not [name for name, card in shelf.cards.items() if row["subject_ref"] in name + card]
    return len(rows)


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_called_probed_at_a_place_is_gone_there(seed, connections, services, database, acme, owner):
    dice = random.Random(seed)  # noqa: S311 - a scenario that can be repeated
    people = [await make_member(database, acme, first_name=f"Member {number}") for number in range(3)]
    with ExitStack() as stack:
        shelves = [stack.enter_context(running_shelf()) for _ in range(2)]
        for shelf in shelves:
            shelf.tells_name = bool(seed & 1)
            if seed & 2:
                shelf.renames = lambda name, shelf=shelf: f"card-{len(shelf.cards)}-{name[-4:]}"
        services.integrations.register(credulous(heeds_location=dice.random() < 0.7), KEY)
        installation = await connections.connect(KEY, settings={"server_url": shelves[0].url, "token": TOKEN})
        for _ in range(16):
            for shelf in shelves:
                _moods(dice, shelf)
            await _act(dice, connections, installation, people, shelves)
            await connections.pass_time(hours=dice.choice([1, 30, 100]))
            await _require_true(owner, shelves)
        for shelf in shelves:
            shelf.answers.clear()
            shelf.forgets = True
        async with access_for(services, connections.admin.actor(at=services.clock.now())) as access:
            await uninstall(access, installation.id)
        await connections.pass_time(days=2)
        if (await connections.read(installation.id)).state_reason in {"probed", "receipt"}:
            assert not [card for shelf in shelves for card in shelf.cards]
        for _ in range(6):
            for shelf in shelves:
                shelf.cards.clear()
                shelf.is_revoked = True
            await connections.complete_all("ok")
            await connections.pass_time(days=8)
        assert await _require_true(owner, shelves) > 0
        assert (await connections.read(installation.id)).state == "removed"
