"""What the kit puts between host and vendor is what the host meets when it really happens, and the log comes back."""

from __future__ import annotations

import logging

import pytest
import structlog

from tests.plugins.conftest import LIMITS
from tests.plugins.host.servers import raw_server, saying
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import HttpResponse, TemporarilyUnavailable, Verb
from wardship.plugins.host.client import GuardedClient, Reach
from wardship.plugins.kit import check_conformance
from wardship.plugins.kit.faults import RETRY_AFTER_S, InjectedFault
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.wire import UNDER_WAY, Wire

ANSWER = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"up": 1}'
HALF = ANSWER[:-4]


async def asked(url: str, fault: InjectedFault | None) -> HttpResponse | str:
    """Return the answer that a connector gets, or the words of what it meets."""
    wire = Wire()
    wire.expect(Seen(verb=Verb.CHECK, argument=None, obligation_id="o-1", fault=fault or InjectedFault.NONE))
    name, _, port = url.removeprefix("http://").partition(":")
    opens = {} if fault is None else {"opens": wire.open}
    reach = Reach(frozenset({(name, int(port))}))
    policy = NetworkPolicy.development()
    mark = UNDER_WAY.set(wire.call("o-1"))
    async with GuardedClient(reach=reach, policy=policy, obligation_id="o-1", limits=LIMITS.client, **opens) as client:
        try:
            return await client.request("POST", f"{url}/v1", content=b"x")
        except TemporarilyUnavailable as error:
            return error.message
        finally:
            UNDER_WAY.reset(mark)


async def test_half_an_answer_is_met_as_one_that_really_breaks_off():
    async with raw_server(saying(HALF)) as really:
        real = await asked(really.url, None)
    async with raw_server(saying(ANSWER)) as whole:
        injected = await asked(whole.url, InjectedFault.TRUNCATED)
    assert isinstance(real, str)
    assert injected == real


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (InjectedFault.NONE, 200),
        (InjectedFault.SERVER_ERROR, 500),
        (InjectedFault.UNAVAILABLE, 503),
        (InjectedFault.REFUSED, 401),
        (InjectedFault.TOO_MANY_REQUESTS, 429),
        (InjectedFault.GARBAGE, 200),
    ],
)
async def test_an_answer_that_is_put_in_is_whole_and_the_vendor_is_not_asked(fault, status):
    async with raw_server(saying(ANSWER)) as vendor:
        answer = await asked(vendor.url, fault)
    assert isinstance(answer, HttpResponse)
    assert answer.status == status
    assert answer.retry_after_s == (RETRY_AFTER_S if status == 429 else None)
    assert len(vendor.seen) == (1 if fault is InjectedFault.NONE else 0)
    assert answer.body.startswith(b"<!doctype html>") == (fault is InjectedFault.GARBAGE)


@pytest.mark.parametrize(("fault", "reached"), [(InjectedFault.TIMEOUT, 0), (InjectedFault.LOST, 1)])
async def test_an_answer_that_does_not_come_is_lost_before_or_after_the_vendor_was_asked(fault, reached):
    async with raw_server(saying(ANSWER)) as vendor:
        answer = await asked(vendor.url, fault)
    assert answer == "127.0.0.1 did not answer (ReadTimeout)"
    assert len(vendor.seen) == reached


def test_the_log_is_afterwards_what_it_was(right):
    before = structlog.get_config(), logging.root.manager.disable
    check_conformance(right.module, right.vendor)
    assert (structlog.get_config(), logging.root.manager.disable) == before
