"""What the connector does, what a person does, and what never crosses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN, record
from tests.plugins.conftest import LIMITS
from tests.plugins.host.scripted import HERE, SHARE, SUBJECT, Plugin, Scripted, raising
from wardship.plugins.api import (
    Attestation,
    Claim,
    Grant,
    IdentifierValue,
    InboundCall,
    Inquiry,
    Outcome,
    OutcomeStatus,
    Received,
    Rejected,
    Restriction,
    Revocation,
    RevocationPlan,
    Share,
    SubjectRef,
    Verb,
    hookimpl,
)
from wardship.plugins.host.call import Installed
from wardship.plugins.host.data_guards import UndeclaredDataError
from wardship.plugins.host.dispatch import Dispatcher, OversizedBatchError
from wardship.plugins.host.registry import Registry
from wardship.plugins.host.reply import Fault


def supporting(**parts: object) -> dict[str, object]:
    return {"supports": MANIFEST.supports.model_copy(update=parts)}


@pytest.mark.parametrize(
    ("parts", "verb", "argument"),
    [
        (supporting(export="manual"), Verb.EXPORT, SUBJECT),
        (supporting(export="none"), Verb.EXPORT, SUBJECT),
        (supporting(correct=False), Verb.CORRECT, SHARE.records[0]),
        (supporting(restrict=False), Verb.RESTRICT, Restriction(subject=SUBJECT, active=True)),
    ],
)
async def test_what_the_vendor_can_not_do_is_a_task_for_a_person(bench, parts, verb, argument):
    bench.plug(raising(AssertionError("must not be called")), **parts)
    reply = await bench.call(verb, argument)
    assert reply.fault is None
    assert reply.outcome.status is OutcomeStatus.MANUAL
    assert reply.outcome.detail == (
        f"Ask privacy@vendor.example to {verb} what was sent to them, and note their answer here."
    )


@pytest.mark.parametrize(
    ("parts", "verb", "argument"),
    [
        (supporting(), Verb.GRANT, Grant(holder="organisation", holder_id="o", categories=())),
        (supporting(reconcile=False), Verb.RECONCILE, Inquiry(subjects=(SUBJECT,))),
        ({"receives": ()}, Verb.SHARE, Share(records=(record(),))),
    ],
)
async def test_what_needs_no_doing_is_done(bench, parts, verb, argument):
    bench.plug(raising(AssertionError("must not be called")), **parts)
    assert (await bench.call(verb, argument)).outcome == Outcome.completed()


async def test_a_vendor_without_proof_is_unverifiable_and_never_said_to_be_proven(clock):
    plan = RevocationPlan(steps=tuple(step.model_copy(update={"proof": "self_reported"}) for step in PLAN.steps))

    class Unproven(Plugin):
        @hookimpl
        def wardship_revokes(self):
            return plan

    registry = Registry()
    registry.register(Unproven(Scripted, **supporting(attest="none")), "scripted")
    dispatcher = Dispatcher(registry, clock, LIMITS)
    reply = await dispatcher.call(HERE, Verb.ATTEST, Claim(claimed="erased", subjects=(SUBJECT,)), obligation_id="o")
    assert isinstance(reply.value, Attestation)
    assert (reply.value.level, reply.value.is_clean) == ("unverifiable", False)
    assert reply.value.checked_at == clock.now()


async def test_an_integration_that_is_gone_leaves_instructions(bench):
    gone = Installed(id="x", integration="departed", approved_plan=None)
    reply = await bench.call(Verb.REVOKE, Revocation(everything=True), gone)
    assert (reply.fault, reply.outcome.status) == (Fault.NOT_LOADED, OutcomeStatus.MANUAL)
    assert reply.outcome.detail == (
        "Ask the vendor of departed to revoke what was sent to them, and note their answer here."
    )
    shared = await bench.call(Verb.SHARE, SHARE, gone)
    assert (shared.fault, shared.outcome.status) == (Fault.NOT_LOADED, OutcomeStatus.FAILED)
    assert "no package on this server provides" in shared.outcome.detail


async def test_an_integration_that_is_gone_is_taken_back_by_the_plan_that_was_approved(bench):
    step = PLAN.steps[0].model_copy(update={"instructions": "Delete the app password."})
    gone = Installed(
        id="x", integration="departed", approved_plan=PLAN.model_copy(update={"steps": (step, PLAN.steps[1])})
    )
    reply = await bench.call(Verb.REVOKE, Revocation(everything=True), gone)
    assert reply.outcome.detail == "Delete the app password."


async def test_settings_that_no_longer_fit_are_shown_and_nothing_is_called(bench):
    bench.plug(raising(AssertionError("must not be called")))
    broken = Installed(id="x", integration="scripted", public_settings={"server_url": "nonsense"})
    reply = await bench.call(installed=broken)
    assert (reply.fault, reply.outcome.fatal) == (Fault.BAD_SETTINGS, True)
    assert "the settings no longer fit" in reply.outcome.detail


async def test_an_argument_of_another_verb_is_a_mistake_of_the_host(bench):
    bench.plug(lambda _connector: Outcome.completed())
    with pytest.raises(TypeError, match="share takes Share, not SubjectRef"):
        await bench.call(Verb.SHARE, SUBJECT)
    with pytest.raises(TypeError, match="check takes NoneType, not Share"):
        await bench.call(Verb.CHECK, SHARE)


async def test_a_batch_beyond_the_limit_is_a_mistake_of_the_host(bench):
    bench.plug(lambda _connector: Outcome.completed(), limits=MANIFEST.limits.model_copy(update={"batch": 1}))
    with pytest.raises(OversizedBatchError, match="scripted takes 1 records a call"):
        await bench.call(Verb.SHARE, Share(records=(record("subject-0001"), record("subject-0002"))))


@pytest.mark.parametrize(
    ("verb", "argument", "message"),
    [
        (Verb.SHARE, Share(records=(record(job_title="Engineer"),)), "does not declare job_title as user.job_title"),
        (
            Verb.CORRECT,
            SHARE.records[0].model_copy(
                update={"fields": (SHARE.records[0].fields[0].model_copy(update={"category": "user.location"}),)}
            ),
            "does not declare first_name as user.location",
        ),
        (
            Verb.RESTRICT,
            Restriction(subject=SUBJECT, active=False, record=record(company="ACME")),
            "does not declare company",
        ),
        (
            Verb.ERASE,
            SubjectRef(id="subject-0001", identifiers=(IdentifierValue(type="phone", value="+49"),)),
            "does not declare the identifier phone",
        ),
    ],
)
async def test_undeclared_data_never_crosses(bench, verb, argument, message):
    bench.plug(raising(AssertionError("must not be called")))
    with pytest.raises(UndeclaredDataError, match=message):
        await bench.call(verb, argument)


async def test_a_connector_sees_blank_settings_and_reads_secrets_by_name(bench):
    def script(connector: Any) -> Outcome:
        context = connector.context
        assert context.settings.token.get_secret_value() == ""
        assert context.secret("token") == "s3cret"
        assert context.deadline == context.now() + timedelta(seconds=0.2)
        assert "s3cret" not in repr(context)
        with pytest.raises(KeyError):
            context.secret("other")
        return Outcome(status="completed", detail="it was s3cret for Ada")

    bench.plug(script)
    reply = await bench.call()
    assert reply.fault is None
    assert reply.outcome.detail == "it was [cut] for [cut]"
    assert reply.secrets_read == ("token",)


async def test_what_only_a_person_can_finish_is_said_with_the_success(dispatcher, radicale):
    url = radicale.create("addressbook", "manual-steps")
    book = Installed(
        id="b",
        integration="address_book",
        public_settings={"collection_url": url, "username": radicale.username, "server_country": "DE"},
        secrets={"password": radicale.password},
    )
    reply = await dispatcher.call(book, Verb.REVOKE, Revocation(everything=True), obligation_id="o")
    assert reply.outcome == Outcome.completed()
    assert [step.deletes for step in reply.manual_steps] == [
        "the app password that Wardship used, and with it every access"
    ]


async def test_an_inbound_call_brings_its_records(bench):
    came = Received(outcome=Outcome.completed(1), records=SHARE.records)

    class Receiving(Scripted):
        async def receive(self, call: InboundCall) -> Received:
            if dict(call.headers).get("webhook-signature") != "good":
                raise Rejected("the signature is wrong")
            return came

    bench.registry.register(Plugin(Receiving, **supporting(receive=True)), "scripted")
    good = InboundCall(headers=(("webhook-signature", "good"),), body=b"{}")
    assert (await bench.call(Verb.RECEIVE, good)).value == came
    forged = await bench.call(Verb.RECEIVE, InboundCall(headers=(), body=b"{}"))
    assert (forged.fault, forged.value) == (Fault.REJECTED, None)
