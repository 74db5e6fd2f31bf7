"""The strict vendor, over HTTP, through everything."""

from __future__ import annotations

from tests.fakes import vendor_plugin
from tests.fakes.vendor_plugin import MANIFEST, record
from tests.plugins.conftest import LIMITS
from tests.plugins.host.scripted import SHARE, SUBJECT, Plugin
from tests.plugins.remembering import Remembering
from wardship.plugins.api import (
    Attestation,
    Claim,
    Outcome,
    OutcomeStatus,
    Reason,
    Revocation,
    Share,
    Verb,
)
from wardship.plugins.host.call import Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.plugins.host.reply import Fault


async def test_repeated_calls_of_one_obligation_take_effect_once(dispatcher, installed, vendor):
    for _ in range(3):
        assert (await dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id="o-9")).outcome.records_affected == 1
    counts = vendor.counts()
    assert list(counts["calls"].values()) == [3]
    assert list(counts["effects"].values()) == [1]
    assert counts["subjects"] == {"subject-0001": {"first_name": "Ada", "email": "ada@example.org"}}


async def test_an_effect_whose_answer_was_lost_is_not_repeated(dispatcher, installed, vendor):
    vendor.behave({"truncate": True, "after_effect": True})
    reply = await dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id="o-9")
    assert reply.outcome == Outcome.completed(1)
    assert [exchange.error for exchange in reply.exchanges] == ["RemoteProtocolError", None]
    assert vendor.counts()["effects_by_subject"] == {"PUT subject-0001": 1}


async def test_a_rate_limit_is_handed_on(dispatcher, installed, vendor):
    vendor.behave({"status": 429, "retry_after": 7})
    reply = await dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id="o")
    assert (reply.outcome.reason, reply.outcome.retry_after_s) == (Reason.RATE_LIMITED, 7.0)
    assert vendor.counts()["subjects"] == {}


async def test_a_server_error_is_retryable(dispatcher, installed, vendor):
    vendor.behave({"status": 500})
    reply = await dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id="o")
    assert reply.fault is Fault.UNAVAILABLE
    assert (reply.outcome.status, reply.outcome.fatal) == (OutcomeStatus.FAILED, False)


async def test_a_redirect_to_an_undeclared_host_is_final(dispatcher, installed, vendor):
    vendor.behave({"redirect": "http://169.254.169.254/latest/meta-data"})
    reply = await dispatcher.call(installed, Verb.EXPORT, SUBJECT, obligation_id="o")
    assert (reply.fault, reply.outcome.status) == (Fault.REJECTED, OutcomeStatus.DENIED)


async def test_an_unknown_field_at_the_vendor_is_final(vendor, clock):
    registry = Registry()
    wider = MANIFEST.receives[0].model_copy(update={"fields": ("first_name", "title")})

    class Wider(Plugin):
        pass

    manifest = {"receives": (wider,), "key": "scripted"}
    registry.register(Wider(vendor_plugin.FakeVendor, **manifest), "scripted")
    dispatcher = Dispatcher(registry, clock, LIMITS)
    there = Installed(id="i", integration="scripted", public_settings=vendor.public_settings, secrets=vendor.secrets)
    reply = await dispatcher.call(there, Verb.SHARE, Share(records=(record(title="Dr"),)), obligation_id="o")
    dispatcher.close()
    assert reply.outcome.detail == "the vendor refused the call (HTTP 422: unknown fields: ['title'])"
    assert vendor.counts()["refused"] == ["PUT 422 unknown fields: ['title']"]


async def test_a_revoked_token_stops_everything_and_is_proven(dispatcher, installed, vendor):
    memory = Remembering(dispatcher)
    await memory.call(installed, Verb.SHARE, SHARE, "o-1")
    gone = Revocation(everything=True, subjects=(SUBJECT,))
    assert (await memory.call(installed, Verb.REVOKE, gone, "o-2")).outcome.records_affected == 1
    proof = await memory.call(installed, Verb.ATTEST, Claim(claimed="revoked", everything=True), "o-3")
    assert isinstance(proof.value, Attestation)
    assert proof.value.is_clean
    assert proof.basis == "credential_refused"
    after = await dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id="o-4")
    assert (after.fault, after.outcome.reason, after.outcome.fatal) == (
        Fault.UNAUTHORISED,
        Reason.AUTH_REVOKED,
        True,
    )
    assert vendor.counts()["subjects"] == {}
