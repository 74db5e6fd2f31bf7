"""A refusal is of what it is about: of one thing, of the connection, or of the pace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.plugins.host.scripted import SHARE, Bench, Plugin, Scripted
from tests.plugins.host.servers import RawServer, raw_server, saying
from wardship.core.outbound.breaking import FAILURES_TO_OPEN
from wardship.plugins.api import Outcome, OutcomeStatus, Reason, Revocation, Verb
from wardship.plugins.host.call import Installed
from wardship.plugins.host.reply import Fault, Reply


class Asking(Scripted):
    """Asks the server of the settings, once for each call."""

    async def check(self) -> Outcome:
        return await self._ask()

    async def _ask(self, *_argument: object) -> Outcome:
        response = await self.context.http.request("POST", str(self.context.settings.server_url) + "entry")
        response.expect(200)
        return Outcome.completed()

    share = revoke = _ask


def answer(status: int, *headers: bytes, body: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %d Said" % status
    return b"\r\n".join((head, b"content-length: %d" % len(body), *headers, b"", body))


async def call(bench: Bench, server: RawServer, verb: Verb = Verb.SHARE, argument: object = SHARE) -> Reply:
    bench.registry.register(Plugin(Asking), "scripted")
    settings: dict[str, object] = {"server_url": server.url}
    installed = Installed(id="here", integration="scripted", public_settings=settings, secrets={"token": "s3cret"})
    return await bench.call(verb, argument, installed)


async def test_what_is_forbidden_alone_is_refused_alone(bench):
    why = answer(403, b"content-type: text/plain", body=b"quota of this entry")
    async with raw_server(saying(why, answer(200))) as server:
        reply = await call(bench, server)
    assert (reply.fault, reply.outcome.status, reply.outcome.fatal) == (Fault.REJECTED, OutcomeStatus.DENIED, True)
    assert reply.outcome.detail == (
        "the vendor refused access (HTTP 403: quota of this entry); see what the account may do there;"
        " the connection itself is accepted"
    )
    assert len(server.seen) == 2, "one look at the connection"


@pytest.mark.parametrize("check", [401, 403, 500, 429])
async def test_what_is_forbidden_where_the_connection_fails_too_is_of_the_connection(bench, check):
    async with raw_server(saying(answer(403), answer(check))) as server:
        reply = await call(bench, server)
    assert (reply.fault, reply.outcome.reason) == (Fault.UNAUTHORISED, Reason.AUTH_REVOKED)


async def test_refused_credentials_are_of_the_connection_without_a_second_look(bench):
    async with raw_server(saying(answer(401), answer(200))) as server:
        assert (await call(bench, server)).fault is Fault.UNAUTHORISED
        assert len(server.seen) == 1


async def test_a_check_that_is_forbidden_is_not_looked_at_again(bench):
    async with raw_server(saying(answer(403), answer(200))) as server:
        assert (await call(bench, server, Verb.CHECK, None)).fault is Fault.UNAUTHORISED
        assert len(server.seen) == 1


async def test_a_slower_pace_is_kept_for_as_long_as_the_vendor_asks(bench):
    async with raw_server(saying(answer(429, b"retry-after: 90"), answer(200))) as server:
        reply = await call(bench, server)
        assert (reply.fault, reply.outcome.reason) == (Fault.RATE_LIMITED, Reason.RATE_LIMITED)
        assert (reply.outcome.retry_after_s, reply.outcome.detail) == (
            90.0,
            "the vendor asks for a slower pace (HTTP 429)",
        )
        held = await call(bench, server)
        assert (held.fault, held.outcome.retry_after_s, len(server.seen)) == (Fault.BUSY, 90.0, 1)
        bench.clock.advance(timedelta(seconds=90))
        assert (await call(bench, server)).fault is None


async def test_a_pace_without_a_time_is_a_minute(bench):
    async with raw_server(saying(answer(429))) as server:
        assert (await call(bench, server)).outcome.retry_after_s == 60.0
        assert (await call(bench, server)).outcome.retry_after_s == 60.0
        assert len(server.seen) == 1


async def test_a_pace_is_never_an_outage(bench):
    async with raw_server(saying(*[answer(429, b"retry-after: 1")] * (FAILURES_TO_OPEN + 2), answer(200))) as server:
        for _ in range(FAILURES_TO_OPEN + 2):
            assert (await call(bench, server)).fault is Fault.RATE_LIMITED
            bench.clock.advance(timedelta(seconds=1))
        assert (await call(bench, server)).fault is None


async def test_a_revocation_does_not_wait_for_the_pace(bench):
    async with raw_server(saying(answer(429, b"retry-after: 900"), answer(200))) as server:
        await call(bench, server)
        assert (await call(bench, server, Verb.REVOKE, Revocation(everything=True))).fault is None
