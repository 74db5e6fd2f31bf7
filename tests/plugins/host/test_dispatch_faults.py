"""Whatever a plugin raises or answers harms only its own call."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.plugins.host.scripted import Plugin, Scripted, raising
from wardship.plugins.api import (
    AuthorisationExpired,
    Connector,
    Export,
    Outcome,
    OutcomeStatus,
    Rejected,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.reply import Fault


class Fancy(TemporarilyUnavailable):
    """An error whose attribute is a trap."""

    @property
    def message(self):
        raise RuntimeError("trap")

    @message.setter
    def message(self, _value):
        pass


def odd_wait() -> TemporarilyUnavailable:
    error = TemporarilyUnavailable("later")
    error.retry_after_s = "soon"  # type: ignore[assignment]  # what a careless plugin may do
    return error


@pytest.mark.parametrize(
    ("error", "fault", "expected"),
    [
        (
            TemporarilyUnavailable("busy with ada@example.org", retry_after_s=30),
            Fault.UNAVAILABLE,
            {"status": "failed", "reason": "rate_limited", "detail": "busy with [cut]", "retry_after_s": 30.0},
        ),
        (
            TemporarilyUnavailable("down"),
            Fault.UNAVAILABLE,
            {"status": "failed", "reason": "vendor_error", "detail": "down"},
        ),
        (odd_wait(), Fault.UNAVAILABLE, {"status": "failed", "reason": "vendor_error", "detail": "later"}),
        (Fancy("fancy"), Fault.UNAVAILABLE, {"status": "failed", "reason": "vendor_error", "detail": "fancy"}),
        (
            AuthorisationExpired("token s3cret expired"),
            Fault.UNAUTHORISED,
            {"status": "failed", "reason": "auth_revoked", "detail": "token [cut] expired", "fatal": True},
        ),
        (
            Rejected("no such list"),
            Fault.REJECTED,
            {"status": "denied", "reason": "other", "detail": "no such list", "fatal": True},
        ),
        *(
            (
                error,
                Fault.CRASH,
                {
                    "status": "failed",
                    "reason": "vendor_error",
                    "detail": f"the integration failed ({type(error).__name__}); its vendor has to mend it",
                },
            )
            for error in (
                ValueError("ada@example.org"),
                SystemExit(1),
                KeyboardInterrupt(),
                GeneratorExit(),
                asyncio.CancelledError(),
                BaseException("odd"),
                RecursionError(),
                StopAsyncIteration(),
            )
        ),
    ],
)
async def test_whatever_is_raised_is_an_outcome(bench, error, fault, expected):
    bench.plug(raising(error))
    reply = await bench.call()
    assert (reply.verb, reply.fault, reply.value) == (Verb.SHARE, fault, None)
    assert reply.outcome == Outcome.model_validate(expected)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (None, "the integration answered NoneType, not Outcome"),
        ("ok", "the integration answered str, not Outcome"),
        ({"status": "completed"}, "the integration answered dict, not Outcome"),
        (Export(outcome=Outcome.completed()), "the integration answered Export, not Outcome"),
        (Outcome.model_construct(status="banana"), "the integration answered with an invalid Outcome"),
        (
            Outcome.model_construct(status="completed", detail=object()),
            "the integration answered with an invalid Outcome",
        ),
        (type("Sly", (Outcome,), {})(status="completed"), "the integration answered Sly, not Outcome"),
    ],
)
async def test_invalid_response_is_not_believed(bench, answer, detail):
    bench.plug(lambda _connector: answer)
    reply = await bench.call()
    assert reply.fault is Fault.INVALID_RESPONSE
    assert (reply.outcome.status, reply.outcome.detail) == (OutcomeStatus.FAILED, detail)


@pytest.mark.parametrize("connector", [None, "connector", object()])
async def test_a_connector_that_is_none_is_an_invalid_response(bench, connector):
    bench.registry.register(Plugin(connector), "scripted")
    reply = await bench.call()
    assert reply.fault is Fault.INVALID_RESPONSE
    assert "not a Connector" in reply.outcome.detail


async def test_a_method_that_was_promised_but_not_written_is_a_crash(bench):
    class Lazy(Connector[Any]):
        async def check(self) -> Outcome:
            return Outcome.completed()

    bench.registry.register(Plugin(Lazy), "scripted")
    assert (await bench.call()).outcome.detail == (
        "the integration failed (NotImplementedError); its vendor has to mend it"
    )


async def test_a_method_that_is_not_asynchronous_is_a_crash(bench):
    class Synchronous(Scripted):
        def share(self, _share):
            return Outcome.completed()

    bench.registry.register(Plugin(Synchronous), "scripted")
    assert (await bench.call()).fault is Fault.CRASH
