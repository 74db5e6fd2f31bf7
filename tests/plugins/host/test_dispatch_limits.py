"""A plugin that hangs, blocks or floods is bounded."""

from __future__ import annotations

import asyncio
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.vendor_plugin import MANIFEST
from tests.plugins.host.scripted import HERE, THERE, raising
from wardship.core.outbound.breaking import OPEN_FOR
from wardship.core.outbound.pacing import AT_ONCE
from wardship.plugins.api import (
    Outcome,
    OutcomeStatus,
    Reason,
    Rejected,
    Revocation,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.plugin_threads import MOST_STUCK
from wardship.plugins.host.reply import Fault


async def test_a_hang_is_cancelled_at_the_timeout_and_its_neighbour_goes_on(bench):
    ended = threading.Event()

    async def hang() -> Outcome:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return Outcome.completed()

    bench.plug(lambda connector: hang() if connector.context.installation_id == "here" else Outcome.completed(1))
    slow, quick = await asyncio.gather(bench.call(), bench.call(installed=THERE))
    assert slow.fault is Fault.TIMEOUT
    assert slow.outcome.detail == "no answer within 0.2 seconds"
    assert (slow.outcome.status, slow.outcome.fatal) == (OutcomeStatus.FAILED, False)
    assert ended.is_set()
    assert quick.outcome == Outcome.completed(1)
    assert quick.duration_s < slow.duration_s


async def test_a_plugin_that_blocks_its_thread_stops_neither_the_host_nor_the_next_call(bench):
    let_go = threading.Event()
    blocks = iter([True])

    def script(_connector: object) -> Outcome:
        if next(blocks, False):
            let_go.wait(20)
        return Outcome.completed(1)

    bench.plug(script)
    ticks = 0
    stuck = asyncio.create_task(bench.call())
    while not stuck.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert stuck.result().fault is Fault.TIMEOUT
    assert ticks > 10
    assert (await bench.call()).outcome == Outcome.completed(1)
    let_go.set()


async def test_a_plugin_that_blocks_again_and_again_is_stopped(bench):
    let_go = threading.Event()
    bench.plug(lambda _connector: let_go.wait(20))
    faults = [(await bench.call(Verb.REVOKE, Revocation(everything=True))).fault for _ in range(MOST_STUCK + 1)]
    assert faults == [Fault.TIMEOUT] * MOST_STUCK + [Fault.STUCK]
    let_go.set()
    for _ in range(100):
        if bench.dispatcher._threads.of("scripted") is not None:
            break
        await asyncio.sleep(0.02)
    reply = await bench.call(Verb.REVOKE, Revocation(everything=True))
    assert reply.fault is Fault.INVALID_RESPONSE  # it answers again, True instead of an outcome


async def test_a_plugin_that_will_not_be_cancelled_loses_its_thread(bench):
    let_go = threading.Event()

    async def stubborn() -> Outcome:
        while not let_go.is_set():
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                continue
        return Outcome.completed()

    bench.plug(lambda _connector: stubborn())
    assert (await bench.call()).fault is Fault.TIMEOUT
    assert [thread.is_alive for thread in bench.dispatcher._threads._stuck["scripted"]] == [True]
    let_go.set()
    bench.dispatcher._threads._stuck["scripted"][0].join(5)
    assert not bench.dispatcher._threads._stuck["scripted"][0].is_alive


async def test_a_task_left_behind_that_exits_does_not_take_the_thread_with_it(bench):
    async def leave_behind() -> Outcome:
        asyncio.get_running_loop().call_soon(sys.exit, 3)
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(0)
        return Outcome.completed(1)

    bench.plug(lambda _connector: leave_behind())
    assert [(await bench.call()).outcome for _ in range(3)] == [Outcome.completed(1)] * 3


async def test_a_call_that_the_host_gives_up_is_cancelled_in_the_plugin(bench):
    begun, ended = threading.Event(), threading.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    bench.plug(lambda _connector: hang())
    call = asyncio.create_task(bench.call())
    while not begun.is_set():  # noqa: ASYNC110 - a thread's event, which no coroutine can await
        await asyncio.sleep(0.005)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert ended.wait(5)


async def test_the_breaker_opens_for_one_installation_and_revocation_goes_ahead(bench):
    calls: list[str] = []

    def script(connector: Any) -> Outcome:
        calls.append(connector.context.installation_id)
        raise TemporarilyUnavailable("down")

    bench.plug(script)
    for _ in range(5):
        await bench.call()
    refused = await bench.call()
    assert refused.fault is Fault.BREAKER_OPEN
    assert refused.outcome.retry_after_s == 60.0
    assert (refused.outcome.status, refused.outcome.fatal) == (OutcomeStatus.FAILED, False)
    assert calls == ["here"] * 5
    assert (await bench.call(Verb.REVOKE, Revocation(everything=True))).fault is Fault.UNAVAILABLE
    assert (await bench.call(installed=THERE)).fault is Fault.UNAVAILABLE
    assert calls == ["here"] * 6 + ["there"]
    bench.clock.advance(OPEN_FOR)
    assert (await bench.call()).fault is Fault.UNAVAILABLE
    assert (await bench.call()).fault is Fault.BREAKER_OPEN


async def test_a_refusal_by_the_vendor_does_not_open_the_breaker(bench):
    bench.plug(raising(Rejected("no")))
    assert [(await bench.call()).fault for _ in range(8)] == [Fault.REJECTED] * 8


async def test_one_installation_runs_a_few_calls_at_once_and_revocation_does_not_wait(bench):
    running, most, gate = 0, 0, threading.Event()

    async def counted() -> Outcome:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        while not gate.is_set():  # noqa: ASYNC110 - a thread's event, which no coroutine can await
            await asyncio.sleep(0.005)
        running -= 1
        return Outcome.completed()

    bench.plug(lambda connector: Outcome.completed(9) if connector.context.obligation_id == "urgent" else counted())
    bench.dispatcher._limits = DispatchLimits(timeout_s=5)
    calls = [asyncio.create_task(bench.call()) for _ in range(AT_ONCE + 3)]
    await asyncio.sleep(0.02)
    urgent = await bench.dispatcher.call(HERE, Verb.REVOKE, Revocation(everything=True), obligation_id="urgent")
    assert urgent.outcome == Outcome.completed(9)
    gate.set()
    assert [(await call).outcome.status for call in calls] == [OutcomeStatus.COMPLETED] * (AT_ONCE + 3)
    assert most == AT_ONCE


async def test_calls_beyond_the_declared_pace_wait_their_minute(bench):
    bench.plug(lambda _connector: Outcome.completed(), limits=MANIFEST.limits.model_copy(update={"per_minute": 2}))
    replies = [await bench.call() for _ in range(3)]
    assert [reply.fault for reply in replies] == [None, None, Fault.BUSY]
    assert replies[2].outcome.reason is Reason.RATE_LIMITED
    assert replies[2].outcome.retry_after_s == 60.0
    bench.clock.advance(timedelta(minutes=1))
    assert (await bench.call()).fault is None


async def test_a_call_that_finds_no_slot_in_time_is_told_to_come_back(bench):
    gate = threading.Event()

    async def stubborn() -> Outcome:
        while not gate.is_set():  # noqa: ASYNC110 - a thread's event, which no coroutine can await
            await asyncio.sleep(0.005)
        return Outcome.completed()

    bench.plug(lambda _connector: stubborn())
    holder = asyncio.create_task(_hold_all_slots(bench))
    await asyncio.sleep(0)
    reply = await bench.call()
    assert reply.fault is Fault.BUSY
    assert (reply.outcome.reason, reply.outcome.retry_after_s) == (Reason.RATE_LIMITED, 30.0)
    gate.set()
    holder.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holder


async def _hold_all_slots(bench) -> None:
    for _ in range(AT_ONCE):
        await bench.dispatcher._slots[HERE.id, False].acquire()
    await asyncio.Event().wait()
