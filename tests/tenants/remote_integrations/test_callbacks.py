"""A vendor's own call ends what it has begun: once, in time, for an obligation of that installation, and no other."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
import uvicorn

from tests.builders import access_for, make_group, make_member, make_organisation
from tests.connecting import Connections
from tests.edge import make_app, undeclared
from tests.tenants.remote_integrations.providing import SETTINGS
from tests.tenants.remote_integrations.test_endpoints import answering, owe
from wardship.app.commands.serve import SERVER_OPTIONS
from wardship.app.demo.letters import KEY, Answer
from wardship.core.actor import Role
from wardship.plugins.api import Holder, Verb, new_webhook_secret, sign_webhook
from wardship.tenants.inbound.routes import inbound_router
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall
from wardship.tenants.obligations.for_member import bring_in_line

pytestmark = pytest.mark.anyio
DONE = {"status": "completed", "records_affected": 1}
OF = (
    "select state, outcome::jsonb ->> 'records_affected' as records, attestation, told is null as is_read"
    " from obligation where id = $1"
)
CHANGED = (
    "select (select count(*) from obligation where ended_at is not null or told is not null),"
    " (select count(*) from audit_entry)"
)
SHARES = "select id, batch_id, state from obligation where verb = 'share' and ended_at is null"


@pytest.fixture
async def calls(services, clock, server):
    """The vendor's calls, over HTTP, to a real server under the bounds that ours has."""
    app = make_app(services.settings, inbound_router(services))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = uvicorn.Server(uvicorn.Config(app, lifespan="off", **SERVER_OPTIONS))
        running = asyncio.create_task(served.serve(sockets=[listener]))
        for _ in range(2_000):
            if served.started:
                break
            await asyncio.sleep(0.005)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:

            async def tell(
                installation_id, obligation_id, outcome=DONE, *, secret=None, at=None, named="m-1", body=None
            ):
                said = {"type": "outcome", "data": {"obligation_id": str(obligation_id), "outcome": outcome}}
                content = json.dumps(body or said).encode()
                headers = sign_webhook(named, at or clock.now(), content, secret or server.vendor.secret)
                return await http.post(
                    f"{url}/integrations/{installation_id}/inbound",
                    content=content,
                    headers=headers | {"content-type": "application/json"},
                )

            yield tell
        served.should_exit = True
        await running
    assert undeclared(app) == set()


@pytest.fixture
async def begun(services, admin, ada, installation, connections, owner, server):
    """An erasure that the vendor has begun."""
    obligation_id = await owe(services, admin, ada)
    await connections.work()
    (row,) = await owner.fetch(OF, obligation_id)
    assert (row["state"], len(server.vendor.begun)) == ("waiting", 1)
    return SimpleNamespace(id=obligation_id, installation=installation.id)


async def state_of(owner, obligation_id) -> str:
    return (await owner.fetchrow(OF, obligation_id))["state"]


async def test_an_outcome_ends_what_was_begun_without_another_message(begun, calls, connections, owner, server):
    heard = len(server.vendor.heard)
    answered = await calls(begun.installation, begun.id)
    assert (answered.status_code, answered.json()) == (200, {"results": ["applied"]})
    await connections.work()
    row = await owner.fetchrow(OF, begun.id)
    assert (row["state"], row["records"], row["is_read"]) == ("completed", "1", True)
    verbs = [message["data"]["verb"] for _, message in server.vendor.heard[heard:]]
    assert verbs == ["attest"], "nothing but the proof is asked for"
    assert json.loads(row["attestation"])["level"] == "receipt"


async def test_what_the_vendor_says_is_no_proof(begun, calls, connections, owner, server, monkeypatch):
    answering(server, monkeypatch, 500)
    await calls(begun.installation, begun.id)
    await connections.work()
    row = await owner.fetchrow(OF, begun.id)
    assert (row["state"], row["attestation"]) == ("completed", None)


async def test_an_outcome_that_says_more_is_heeded(begun, calls, connections, owner, clock):
    said = {"status": "in_progress", "retry_after_s": 7200}
    await calls(begun.installation, begun.id, said)
    await connections.work()
    row = await owner.fetchrow("select state, next_at from obligation where id = $1", begun.id)
    assert (row["state"], row["next_at"]) == ("waiting", clock.now() + timedelta(hours=2))


async def test_a_refusal_goes_to_a_person_with_its_reason(begun, calls, connections, owner):
    await calls(begun.installation, begun.id, {"status": "denied", "reason": "legal_hold", "detail": "a court asked"})
    await connections.work()
    row = await owner.fetchrow("select state, detail from obligation where id = $1", begun.id)
    assert (row["state"], row["detail"]) == ("manual", "a court asked")


async def test_a_forged_or_late_call_changes_nothing(begun, calls, connections, owner, clock):
    before = tuple(await owner.fetchrow(CHANGED))
    for wrong in (
        {"secret": new_webhook_secret()},
        {"at": clock.now() - timedelta(minutes=6)},
        {"at": clock.now() + timedelta(minutes=6)},
        {"body": {"type": "outcome", "data": {"obligation_id": str(begun.id), "outcome": {"status": "perhaps"}}}},
        {"body": {"type": "outcome", "data": {"obligation_id": str(begun.id), "outcome": DONE, "level": "probed"}}},
    ):
        answered = await calls(begun.installation, begun.id, **wrong)
        assert (answered.status_code, answered.json()["code"]) == (400, "INBOUND_REFUSED"), wrong
    await connections.work()
    assert tuple(await owner.fetchrow(CHANGED)) == before
    assert await state_of(owner, begun.id) == "waiting"


async def test_a_replayed_call_is_answered_as_the_first_and_acts_once(begun, calls, connections, owner, server):
    first = await calls(begun.installation, begun.id)
    await connections.work()
    after = tuple(await owner.fetchrow(CHANGED))
    again = await calls(begun.installation, begun.id)
    other = await calls(begun.installation, begun.id, named="m-2")
    assert (first.json(), again.json(), other.json()) == (
        {"results": ["applied"]},
        {"results": ["applied"]},
        {"results": ["outdated"]},
    )
    await connections.work()
    assert tuple(await owner.fetchrow(CHANGED)) == after
    assert server.vendor.secret


async def test_what_has_ended_or_is_with_a_person_is_told_nothing_of(begun, calls, connections, owner):
    await calls(begun.installation, begun.id, {"status": "manual"})
    await connections.work()
    assert await state_of(owner, begun.id) == "manual"
    late = await calls(begun.installation, begun.id, named="m-2")
    await connections.work()
    assert (late.json(), await state_of(owner, begun.id)) == ({"results": ["outdated"]}, "manual")


async def test_an_obligation_of_another_installation_is_unknown(begun, calls, services, database, owner, connections):
    """Even to the vendor of both, who knows the id."""
    bravo = await make_organisation(database, "bravo")
    boss = await make_member(database, bravo, Role.ORG_ADMIN, name="Boss")
    theirs = await Connections(services, boss).connect(KEY, settings=SETTINGS)
    assert (await calls(theirs.id, begun.id)).json() == {"results": ["unknown_obligation"]}
    for number, named in enumerate(("0" * 8, str(begun.installation), "not-an-id")):
        answered = await calls(begun.installation, named, named=f"n-{number}")
        assert answered.json() == {"results": ["unknown_obligation"]}
    await connections.work()
    assert await state_of(owner, begun.id) == "waiting"


async def test_an_obligation_of_another_installation_of_the_same_organisation_is_unknown(
    begun, calls, acme, database, owner, connections, ada
):
    crew = await make_group(database, acme, "Crew", ada)
    other = await connections.connect(KEY, settings={"workspace": "crew"}, holder=Holder.GROUP, group_id=crew)
    assert (await calls(other.id, begun.id)).json() == {"results": ["unknown_obligation"]}
    assert await state_of(owner, begun.id) == "waiting"


async def test_what_was_never_sent_can_not_have_been_begun(calls, services, admin, ada, installation, owner):
    obligation_id = await owe(services, admin, ada)
    answered = await calls(installation.id, obligation_id)
    assert answered.json() == {"results": ["unknown_obligation"]}
    assert await state_of(owner, obligation_id) == "pending"


async def test_a_call_that_comes_before_its_own_answer_is_not_lost(
    calls, services, admin, ada, installation, connections, owner, server, monkeypatch
):
    """A fast vendor may tell the end before we have read that it has begun."""
    obligation_id = await owe(services, admin, ada)
    take, loop, told = server.vendor.take, asyncio.get_running_loop(), []

    def telling(headers, body):
        answered = take(headers, body)
        if answered.status == 202:
            call = asyncio.run_coroutine_threadsafe(calls(installation.id, obligation_id), loop)
            told.append(call.result(10).json())
        return answered

    monkeypatch.setattr(server.vendor, "take", telling)
    await connections.work()
    assert told == [{"results": ["applied"]}]
    assert await state_of(owner, obligation_id) == "completed"


async def test_an_export_that_is_done_is_asked_for_at_once(
    calls, services, admin, ada, installation, connections, owner, server, monkeypatch
):
    with monkeypatch.context() as busy:
        answering(server, busy, 202)
        obligation_id = await owe(services, admin, ada, Verb.EXPORT)
        await connections.work()
    assert await state_of(owner, obligation_id) == "waiting"
    assert (await calls(installation.id, obligation_id)).json() == {"results": ["applied"]}
    await connections.work()
    assert server.vendor.heard[-1][1]["data"]["verb"] == "export"
    assert await state_of(owner, obligation_id) == "completed"


async def test_shares_that_went_together_end_together(
    calls, services, acme, database, installation, connections, owner, server, monkeypatch
):
    answering(server, monkeypatch, 202)
    people = [await make_member(database, acme, name=f"P {n}", email=f"p{n}@example.org") for n in range(3)]
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [person.member_id for person in people])
    await connections.work()
    rows = await owner.fetch(SHARES)
    (batch,) = {row["batch_id"] for row in rows}
    assert (batch is not None, {row["state"] for row in rows}) == (True, {"waiting"})
    monkeypatch.setattr(server.vendor, "take", lambda *_: Answer(500))
    assert (await calls(installation.id, batch)).json() == {"results": ["applied"]}
    await connections.work()
    assert await owner.fetch(SHARES) == []


async def test_what_is_taken_back_at_the_end_is_told_of_too_and_nothing_else_is_heard(
    calls, services, admin, ada, installation, connections, owner, server
):
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "revoking"
    (row, *_) = await owner.fetch("select id from obligation where state = 'waiting'")
    subject = server.vendor.begun[0]["argument"]["id"]
    event = {"type": "events", "data": {"events": [{"kind": "objected", "subject": {"id": subject}}]}}
    assert (await calls(installation.id, "", body=event)).status_code == 404
    assert await owner.fetchval("select count(*) from objection") == 0
    assert (await calls(installation.id, row["id"], named="m-2")).json() == {"results": ["applied"]}
    await connections.work()
    assert await state_of(owner, row["id"]) == "completed"
    assert ada.display_name == "Ada Lovelace"


async def test_of_one_that_rests_the_vendor_is_asked_to_tell_again(begun, calls, services, admin, connections, owner):
    async with access_for(services, admin) as access:
        await pause(access, begun.installation)
    resting = await calls(begun.installation, begun.id)
    assert (resting.status_code, resting.headers["retry-after"]) == (503, "3600")
    assert await state_of(owner, begun.id) == "waiting"
    async with access_for(services, admin) as access:
        await resume(access, begun.installation)
    assert (await calls(begun.installation, begun.id)).json() == {"results": ["applied"]}
    await connections.work()
    assert await state_of(owner, begun.id) == "completed"
