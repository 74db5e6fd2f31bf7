"""429 is a pace and never an outage, and what a vendor takes is counted in requests."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.fakes.vendor_plugin import MANIFEST
from tests.plugins.host.scripted import SHARE, Bench, Plugin, Scripted
from tests.plugins.host.servers import RawServer, raw_server, saying
from wardship.core.outbound.breaking import FAILURES_TO_OPEN
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.outbound.pacing import ProcessPaces
from wardship.plugins.api import (
    AuthorisationExpired,
    Limits,
    Outcome,
    OutcomeStatus,
    Reason,
    Rejected,
    Revocation,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.reply import Fault, Reply

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine"


def slow_down(*headers: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 429 Slow down", b"content-length: 0", *headers, b"", b""))


class Asking(Scripted):
    """Sends so many requests in each call, and makes of the last answer what the test says."""

    requests = 1
    ending: object = None

    async def share(self, _share: object) -> Outcome:
        for _ in range(self.requests):
            response = await self.context.http.request("POST", str(self.context.settings.server_url))
        if isinstance(self.ending, BaseException):
            raise self.ending
        if isinstance(self.ending, Outcome):
            return self.ending
        response.expect(200)
        return Outcome.completed(self.requests)

    async def revoke(self, _revocation: object) -> Outcome:
        return await self.share(SHARE)


class Waited:
    """Sleeps without taking time: the clock goes on."""

    def __init__(self, clock) -> None:
        self.clock, self.seconds = clock, []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.clock.advance(timedelta(seconds=seconds))


@pytest.fixture
def waited(bench: Bench) -> Waited:
    """The bench with a minute for each call, and what its calls waited for their turns."""
    waits = Waited(bench.clock)
    limits = DispatchLimits(network=NetworkPolicy.development(), timeout_s=60, sleep=waits)
    bench.dispatcher.close()
    bench.dispatcher = Dispatcher(bench.registry, bench.clock, limits)
    return waits


def plug(bench: Bench, requests: int = 1, ending: object = None, contract: int = 2, **limits: int) -> None:
    connector = type("Asks", (Asking,), {"requests": requests, "ending": ending})
    declared = MANIFEST.model_copy(update={"deadlines": MANIFEST.deadlines.model_copy(update={"acknowledge_s": 60})})
    plugin = Plugin(connector, contract=contract, limits=Limits(**limits), deadlines=declared.deadlines)
    assert bench.registry.register(plugin, "scripted").reason is None


async def call(bench: Bench, server: RawServer, verb: Verb = Verb.SHARE, installation: str = "here") -> Reply:
    settings: dict[str, object] = {"server_url": server.url}
    secrets = {"token": "s3cret"}
    installed = Installed(id=installation, integration="scripted", public_settings=settings, secrets=secrets)
    return await bench.call(verb, SHARE if verb is Verb.SHARE else Revocation(everything=True), installed)


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize(
    "ending",
    [
        None,
        Rejected("no"),
        RuntimeError("what is this?"),
        AuthorisationExpired("no"),
        TemporarilyUnavailable("slow"),
        Outcome(status=OutcomeStatus.FAILED, reason=Reason.RATE_LIMITED),
    ],
    ids=["expect", "rejected", "crash", "unauthorised", "unavailable", "answered"],
)
async def test_whatever_a_connector_makes_of_429_it_is_a_pace(bench, ending):
    plug(bench, ending=ending)
    async with raw_server(saying(slow_down(b"retry-after: 40"))) as server:
        for number in range(1, FAILURES_TO_OPEN + 2):
            reply = await call(bench, server)
            assert (reply.fault, reply.outcome.status) == (Fault.RATE_LIMITED, OutcomeStatus.FAILED)
            assert (reply.outcome.reason, reply.outcome.fatal) == (Reason.RATE_LIMITED, False)
            assert reply.outcome.retry_after_s == 40.0
            assert len(server.seen) == number
            bench.clock.advance(timedelta(seconds=40))


async def test_a_connector_that_waits_too_long_after_429_has_met_a_pace(bench):
    class Sleeping(Asking):
        async def share(self, share: object) -> Outcome:
            await self.context.http.request("POST", str(self.context.settings.server_url))
            await asyncio.sleep(5)
            return await super().share(share)

    bench.dispatcher._limits = DispatchLimits(network=NetworkPolicy.development(), timeout_s=1)
    assert bench.registry.register(Plugin(Sleeping, contract=2), "scripted").reason is None
    async with raw_server(saying(slow_down(b"retry-after: 40"))) as server:
        reply = await call(bench, server)
    assert (reply.fault, reply.outcome.retry_after_s) == (Fault.RATE_LIMITED, 40.0)


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize("contract", [1, 2])
async def test_a_429_holds_back_all_calls_of_the_installation_and_of_no_other(bench, contract):
    plug(bench, contract=contract)
    async with raw_server(saying(slow_down(b"retry-after: 90"), OK)) as server:
        await call(bench, server)
        held = await call(bench, server)
        assert (held.fault, held.outcome.retry_after_s, len(server.seen)) == (Fault.BUSY, 90.0, 1)
        assert (await call(bench, server, installation="there")).fault is None
        assert (await call(bench, server, Verb.REVOKE)).fault is None
        bench.clock.advance(timedelta(seconds=90))
        assert (await call(bench, server)).fault is None


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize("contract", [1, 2])
async def test_who_asks_to_wait_for_no_time_is_asked_again_at_once(bench, contract):
    plug(bench, contract=contract)
    async with raw_server(saying(slow_down(b"retry-after: 0"), OK)) as server:
        assert (await call(bench, server)).outcome.retry_after_s == 0.0
        assert (await call(bench, server)).fault is None


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize("asked", [259_200, 259_201, 1e12])
async def test_a_pace_is_kept_for_three_days_at_most(bench, asked):
    plug(bench, ending=TemporarilyUnavailable("slow", retry_after_s=asked))
    async with raw_server(saying(slow_down(), OK)) as server:
        await call(bench, server)
        bench.clock.advance(timedelta(days=3, seconds=-60))
        assert (await call(bench, server)).outcome.retry_after_s == 60.0
        bench.clock.advance(timedelta(seconds=60))
        assert (await call(bench, server)).fault is Fault.UNAVAILABLE


async def test_a_429_that_a_connector_got_over_by_itself_still_holds_the_others_back(bench, waited):
    class Patient(Asking):
        async def share(self, share: object) -> Outcome:
            await self.context.http.request("POST", str(self.context.settings.server_url))
            return await super().share(share)

    assert bench.registry.register(Plugin(Patient, contract=2), "scripted").reason is None
    async with raw_server(saying(slow_down(b"retry-after: 2"), OK)) as server:
        assert (await call(bench, server)).fault is None
    assert waited.seconds == [2.0], "the next request of the same call"


async def test_contract_2_counts_requests(bench, waited):
    plug(bench, requests=3, per_minute=7)
    async with raw_server(saying(OK)) as server:
        assert [(await call(bench, server)).fault for _ in range(2)] == [None, None]
        third = await call(bench, server)
        assert (third.fault, third.outcome.retry_after_s, len(server.seen)) == (Fault.BUSY, 60.0, 7)
        bench.clock.advance(timedelta(seconds=60))
        assert (await call(bench, server)).fault is None
    assert waited.seconds == []


async def test_contract_1_counts_calls(bench, waited):
    plug(bench, requests=3, contract=1, per_minute=2)
    async with raw_server(saying(OK)) as server:
        assert [(await call(bench, server)).fault for _ in range(3)] == [None, None, Fault.BUSY]
        assert len(server.seen) == 6
    assert waited.seconds == []


async def test_a_rate_per_second_spreads_the_requests_of_all_calls(bench, waited):
    plug(bench, requests=3, per_second=2)
    async with raw_server(saying(OK)) as server:
        assert [(await call(bench, server)).fault for _ in range(2)] == [None, None]
    assert waited.seconds == [0.5] * 5


async def test_requests_that_are_tried_again_count_too(bench, waited):
    class Getting(Asking):
        async def share(self, _share: object) -> Outcome:
            (await self.context.http.request("GET", str(self.context.settings.server_url))).expect(200)
            return Outcome.completed()

    plugin = Plugin(Getting, contract=2, limits=Limits(per_second=1))
    assert bench.registry.register(plugin, "scripted").reason is None
    async with raw_server(saying(b"HTTP/1.1 503 Down\r\ncontent-length: 0\r\n\r\n", OK)) as server:
        assert (await call(bench, server)).fault is None
    assert waited.seconds == [1.0]


@pytest.mark.usefixtures("waited")
async def test_a_call_that_runs_out_of_requests_has_sent_nothing_more_and_is_no_failure_of_the_vendor(bench):
    plug(bench, requests=5, per_minute=2)
    async with raw_server(saying(OK)) as server:
        for _ in range(FAILURES_TO_OPEN + 1):
            reply = await call(bench, server)
            assert (reply.fault, reply.outcome.reason) == (Fault.BUSY, Reason.RATE_LIMITED)
            bench.clock.advance(timedelta(seconds=60))
        assert len(server.seen) == 2 * (FAILURES_TO_OPEN + 1)


@pytest.mark.usefixtures("waited")
async def test_a_revocation_counts_and_does_not_wait(bench):
    plug(bench, requests=3, per_minute=2)
    async with raw_server(saying(OK)) as server:
        assert (await call(bench, server, Verb.REVOKE)).fault is None
        assert (await call(bench, server)).fault is Fault.BUSY


async def test_two_processes_that_share_their_paces_share_the_limit(bench, waited):
    plug(bench, requests=2, per_minute=3)
    network, shared = NetworkPolicy.development(), ProcessPaces()
    limits = DispatchLimits(network=network, timeout_s=60, paces=shared, sleep=waited)
    both = [Dispatcher(bench.registry, bench.clock, limits) for _ in range(2)]
    async with raw_server(saying(OK)) as server:
        faults = []
        for bench.dispatcher in both:
            faults.append((await call(bench, server)).fault)
            bench.dispatcher.close()
        assert (faults, len(server.seen)) == ([None, Fault.BUSY], 3)


def test_a_rate_per_second_is_of_contract_2(bench):
    found = bench.registry.register(Plugin(Asking, contract=1, limits=Limits(per_second=1)), "scripted")
    assert found.reason == "limits.per_second is of contract 2: raise contract, or leave it out"
