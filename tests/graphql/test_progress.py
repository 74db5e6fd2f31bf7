"""The progress of requests and installations: told at once and at every change, to those who may see it alone."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from tests.builders import Person, make_member, make_organisation
from tests.connecting import Connections, run_until_idle
from tests.fakes.recorder import recorder
from tests.graphql.calls import gid
from tests.installed import installed_integrations
from tests.requesting import Firm, make_firm
from wardship.app.application import api_schema
from wardship.core.actor import Actor, Role
from wardship.core.database.changes import CHANNEL
from wardship.core.database.embedded import ROLE_SERVE
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, SubscriptionStream
from wardship.graphql.server.endpoint import make_handler
from wardship.plugins.host.registry import Registry
from wardship.tenants.obligations.worker import Worker
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0
MOMENT_S = 0.4
REQUEST = """subscription($id: ID!) { requestProgress(id: $id) {
    endedAt certificate rights { kind state recipients { state } } events { kind } } }"""
INSTALLATION = """subscription($id: ID!) { installationProgress(id: $id) {
    waiting withPeople done failed cancelled lastEndedAt installation { state } } }"""


class Caller:
    """The caller, as long as the test says so."""

    def __init__(self, person: Person | Actor) -> None:
        self.actor = person if isinstance(person, Actor) else person.actor()


class Watching:
    """A subscription that a test reads."""

    def __init__(self, responses: SubscriptionStream) -> None:
        self._responses = responses

    async def next(self) -> dict[str, Any]:
        """The next response's data, or its errors when it has none."""
        async with asyncio.timeout(PATIENCE_S):
            found = json.loads(await anext(self._responses))
        return next(iter(found["data"].values())) if found.get("data") else found

    async def until(self, condition) -> dict[str, Any]:
        while not condition(found := await self.next()):
            pass
        return found

    async def is_complete(self) -> bool:
        async with asyncio.timeout(PATIENCE_S):
            return await anext(self._responses, None) is None

    async def is_silent(self) -> bool:
        """Whether nothing comes for a moment; ends the subscription."""
        try:
            async with asyncio.timeout(MOMENT_S):
                await anext(self._responses)
        except TimeoutError:
            return True
        return False


@pytest.fixture
def recording():
    return recorder()


@pytest.fixture
def integrations(recording) -> Registry:
    registry = installed_integrations()
    registry.register(recording, "recorder")
    return registry


@pytest.fixture
def handler(services) -> GraphQLHandler:
    async def authenticate(caller: Caller) -> Actor:
        return caller.actor

    return make_handler(services, authenticate, api_schema())


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


@pytest.fixture
def watch(handler, services):
    @asynccontextmanager
    async def watching(who: Person | Actor | Caller, query: str, identifier: str) -> AsyncIterator[Watching]:
        caller = who if isinstance(who, Caller) else Caller(who)
        responses = await handler.subscribe(ExecutionRequest(query, {"id": identifier}), caller)
        assert isinstance(responses, SubscriptionStream), responses.body
        try:
            yield Watching(responses)
        finally:
            await responses.aclose()

    yield watching
    assert len(services.database.changes) == 0


async def refusal(handler, services, who: Person | Actor, query: str, identifier: str) -> str:
    answer = await handler.subscribe(ExecutionRequest(query, {"id": identifier}), Caller(who))
    assert not isinstance(answer, SubscriptionStream)
    assert len(services.database.changes) == 0
    code: str = json.loads(answer.body)["errors"][0]["extensions"]["code"]
    return code


async def test_request_is_watched_from_its_present_state_to_its_certificate(firm, watch):
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    async with watch(firm.member, REQUEST, gid("DataRequest", submitted.request.id)) as watching:
        first = await watching.next()
        assert [right["state"] for right in first["rights"]] == ["WITH_ADMIN"]
        await firm.approve(submitted, RightKind.RESTRICTION)
        await watching.until(lambda found: found["rights"][0]["state"] == "APPROVED")
        while await firm.run():
            pass
        last = await watching.until(lambda found: found["certificate"] is not None)
        assert last["endedAt"] is not None
        assert [right["state"] for right in last["rights"]] == ["FULFILLED"]
        assert await watching.is_complete()


@pytest.mark.parametrize("query", [REQUEST, "subscription($id: ID!) { requestProgress(id: $id) { endedAt } }"])
async def test_request_that_has_ended_is_told_once(firm, watch, query):
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    await firm.approve(submitted, RightKind.RESTRICTION)
    while await firm.run():
        pass
    async with watch(firm.admin, query, gid("DataRequest", submitted.request.id)) as watching:
        assert (await watching.next())["endedAt"] is not None
        assert await watching.is_complete()


async def test_what_recipients_do_for_a_request_is_told(firm, services, watch):
    connections = Connections(services, firm.admin)
    await connections.connect()
    submitted = await firm.submit(RightKind.ACCESS, country="DE")
    async with watch(firm.member, REQUEST, gid("DataRequest", submitted.request.id)) as watching:
        await firm.approve(submitted, RightKind.ACCESS)
        await firm.run()
        await watching.until(lambda found: len(found["rights"][0]["recipients"]) == 1)
        await connections.work()
        found = await watching.until(lambda found: found["rights"][0]["recipients"][0]["state"] == "COMPLETED")
        assert found["endedAt"] is None


async def test_work_at_an_installation_is_counted_as_it_goes(firm, services, recording, watch):
    connections = Connections(services, firm.admin)
    installation = await connections.install()
    async with watch(firm.admin, INSTALLATION, gid("Installation", installation.id)) as watching:
        first = await watching.next()
        assert (first["installation"]["state"], first["waiting"], first["done"]) == ("INSTALLED", 1, 0)
        worker = asyncio.create_task(_work(services))
        done = await watching.until(lambda found: found["done"] == 1 + 4 and not found["waiting"])
        assert (done["installation"]["state"], done["failed"], done["withPeople"]) == ("ACTIVE", 0, 0)
        assert done["lastEndedAt"] is not None
        await worker
    assert len(recording.held) == 4


async def _work(services) -> None:
    worker = Worker(services)
    await run_until_idle(worker)


async def test_installation_that_is_removed_ends_its_subscriptions(firm, services, watch, owner):
    installation = await Connections(services, firm.admin).connect()
    async with watch(firm.admin, INSTALLATION, gid("Installation", installation.id)) as watching:
        await watching.next()
        await owner.execute("update installation set state = 'removed' where id = $1", installation.id)
        assert (await watching.next())["installation"]["state"] == "REMOVED"
        assert await watching.is_complete()


async def test_caller_who_may_not_see_it_can_not_watch_it(firm, handler, services):
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    installation = await Connections(services, firm.admin).install()
    request, place = gid("DataRequest", submitted.request.id), gid("Installation", installation.id)
    stranger = await make_member(services.database, firm.organisation, name="Nosy")
    other = await make_member(services.database, await make_organisation(services.database), Role.ORG_OWNER)
    for who in (stranger, other, firm.privacy_team):
        assert await refusal(handler, services, who, REQUEST, request) == "NOT_FOUND"
        assert await refusal(handler, services, who, INSTALLATION, place) == "NOT_FOUND"
    assert await refusal(handler, services, firm.admin, REQUEST, place) == "INVALID_INPUT"
    assert await refusal(handler, services, firm.admin, REQUEST, "nonsense") == "INVALID_INPUT"


async def test_permission_that_is_lost_ends_the_subscription_at_the_next_change(firm, watch, owner):
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    caller = Caller(firm.admin)
    async with watch(caller, REQUEST, gid("DataRequest", submitted.request.id)) as watching:
        await watching.next()
        caller.actor = firm.admin.actor(roles=frozenset({Role.MEMBER}))
        await firm.approve(submitted, RightKind.RESTRICTION)
        refused = await watching.next()
        assert "data" not in refused
        assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert await watching.is_complete()
    seen = await owner.fetch(
        "select member_id from data_access join data_access_person using (organisation_id, id) where actor_id = $1",
        firm.admin.member_id,
    )
    assert [row["member_id"] for row in seen] == [firm.member.member_id], "only the first look was given"


async def test_privacy_team_hears_no_more_of_a_request_once_its_right_has_ended(firm, watch, owner):
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    await firm.refuse(submitted, RightKind.RESTRICTION)
    async with watch(firm.privacy_team, REQUEST, gid("DataRequest", submitted.request.id)) as watching:
        assert (await watching.next())["rights"][0]["state"] == "WITH_PRIVACY_TEAM"
        await firm.deny(submitted, RightKind.RESTRICTION)
        refused = await watching.next()
        assert "data" not in refused
        assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert await watching.is_complete()
    seen = await owner.fetch("select actor_kind from data_access")
    assert [row["actor_kind"] for row in seen] == ["privacy_team"], "the look that was given, and no other"


async def test_who_is_of_the_staff_no_more_hears_nothing_more(firm, watch):
    submitted = await firm.submit(RightKind.ACCESS, country="DE", who=firm.admin)
    caller = Caller(firm.privacy_team)
    async with watch(caller, REQUEST, gid("DataRequest", submitted.request.id)) as watching:
        await watching.next()
        caller.actor = replace(firm.privacy_team, staff_roles=frozenset())
        await firm.approve(submitted, RightKind.ACCESS, firm.privacy_team)
        assert (await watching.next())["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert await watching.is_complete()


async def test_nothing_crosses_between_organisations(services, watch, owner):
    """Both have the same kinds of things, everything happens in one, and the other's subscribers hear nothing."""
    own, other = await make_firm(services), await make_firm(services, email="ada@elsewhere.example")
    mine = await own.submit(RightKind.RESTRICTION, country="DE")
    theirs = await other.submit(RightKind.RESTRICTION, country="DE")
    installed = [await Connections(services, firm.admin).install() for firm in (own, other)]
    async with (
        watch(own.member, REQUEST, gid("DataRequest", mine.request.id)) as request,
        watch(own.admin, INSTALLATION, gid("Installation", installed[0].id)) as installation,
        watch(other.admin, REQUEST, gid("DataRequest", theirs.request.id)) as control,
    ):
        for watching in (request, installation, control):
            await watching.next()
        await other.approve(theirs, RightKind.RESTRICTION)
        await owner.execute("update installation set state = 'degraded' where id = $1", installed[1].id)
        forged = (
            f"{own.organisation.id}:request:{theirs.request.id}",
            f"{other.organisation.id}:request:{mine.request.id}",
            f"{own.organisation.id}:installation:{mine.request.id}",
            f"{other.organisation.id}:installation:{installed[0].id}",
        )
        for payload in forged:
            await owner.execute("select pg_notify($1, $2)", CHANNEL, payload)
        assert (await control.next())["rights"][0]["state"] == "APPROVED"
        assert await request.is_silent()
        assert await installation.is_silent()


async def test_forged_notification_shows_nobody_more_than_he_may_see(firm, handler, watch, owner):
    """A notification makes subscribers look, under their own rights, and nothing else."""
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    async with watch(firm.member, REQUEST, gid("DataRequest", submitted.request.id)) as watching:
        await watching.next()
        payload = f"{firm.organisation.id}:request:{submitted.request.id}"
        await owner.execute("select pg_notify($1, $2)", CHANNEL, payload)
        assert await watching.is_silent(), "it found nothing new"
    assert handler.metrics.dropped == {}


@pytest.fixture
async def heard(postgres, database_name) -> AsyncIterator[list[str]]:
    """What a connection of the serving role hears."""
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SERVE, database=database_name))
    found: list[str] = []
    await connection.add_listener(CHANNEL, lambda *arguments: found.append(arguments[-1]))
    yield found
    await connection.close()


async def _all_heard(heard: list[str], owner) -> list[str]:
    await owner.execute("select pg_notify($1, 'end')", CHANNEL)
    async with asyncio.timeout(PATIENCE_S):
        while heard[-1:] != ["end"]:  # noqa: ASYNC110 - asyncpg calls back, which a list takes down
            await asyncio.sleep(0.005)
    found, heard[:] = heard[:-1], []
    return found


async def test_one_transaction_notifies_once_for_each_thing(firm, services, owner, heard):
    connections = Connections(services, firm.admin)
    installation = await connections.install()
    topic = f"{firm.organisation.id}:installation:{installation.id}"
    assert await _all_heard(heard, owner) == [topic]
    await owner.execute(_MANY, firm.organisation.id, installation.id, installation.place_id)
    assert await _all_heard(heard, owner) == [topic]
    await owner.execute("update obligation set state = 'completed', ended_at = now() where verb = 'share'")
    assert await _all_heard(heard, owner) == [topic]


_MANY = """insert into obligation (organisation_id, id, created_at, installation_id, place_id, verb, dedupe_key,
    submitted_at, due_at, next_at) select $1, gen_random_uuid(), now(), $2, $3, 'share', n, now(),
    now() + interval '1 day', now() from generate_series(1, 500) n"""


async def test_lease_notifies_nobody(firm, services, owner, heard):
    await Connections(services, firm.admin).install()
    await _all_heard(heard, owner)
    await owner.execute("update obligation set state = 'leased', attempt = 1, lease_owner = 'somebody'")
    await owner.execute("update obligation set next_at = now()")
    assert await _all_heard(heard, owner) == []


async def test_change_that_is_rolled_back_notifies_nobody(firm, owner, heard):
    submitted = await firm.submit(RightKind.RESTRICTION, country="DE")
    await _all_heard(heard, owner)
    with pytest.raises(ZeroDivisionError):
        async with owner.transaction():
            await owner.execute("update data_request set late_since = now() where id = $1", submitted.request.id)
            raise ZeroDivisionError
    assert await _all_heard(heard, owner) == []


async def test_notification_holds_identifiers_and_nothing_else(firm, owner, heard):
    submitted = await firm.submit(RightKind.ERASURE, country="DE", work_country="FR")
    await firm.approve(submitted, RightKind.ERASURE)
    found = await _all_heard(heard, owner)
    told = {each for each in found if ":notices:" in each}
    assert set(found) - told == {f"{firm.organisation.id}:request:{submitted.request.id}"}
    assert all(re.fullmatch(r"[0-9a-f-]{36}:notices:[0-9a-f-]{36}", each) for each in told)
