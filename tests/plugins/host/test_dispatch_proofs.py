"""What the dispatcher makes of names and proofs that a plugin answers with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes import vendor_plugin
from tests.fakes.vendor_plugin import MANIFEST, record
from tests.plugins.conftest import LIMITS
from tests.plugins.host.scripted import SHARE, SUBJECT, Plugin
from tests.plugins.remembering import Remembering
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Claim,
    Grant,
    HttpResponse,
    KnownAs,
    Outcome,
    Restriction,
    SubjectRef,
    VendorConfirmation,
    Verb,
)
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.grading import Basis
from wardship.plugins.host.registry import Registry
from wardship.plugins.host.reply import Fault

CLAIM = Claim(claimed="erased", subjects=(SUBJECT,))
OURS, THEIRS = KnownAs(subject_id=SUBJECT.id, name="55"), KnownAs(subject_id="subject-0002", name="56")


@pytest.mark.parametrize(
    ("verb", "argument"),
    [
        (Verb.SHARE, SHARE),
        (Verb.CORRECT, SHARE.records[0]),
        (Verb.RESTRICT, Restriction(subject=SUBJECT, active=True)),
    ],
)
async def test_names_of_the_people_of_the_call_are_kept_and_no_others(bench, verb, argument):
    bench.plug(lambda _: Outcome.completed(1, known_as=(THEIRS, OURS)))
    assert (await bench.call(verb, argument)).outcome.known_as == (OURS,)


async def test_a_call_about_nobody_brings_no_names(bench):
    bench.plug(
        lambda _: Outcome.completed(1, known_as=(OURS,)), supports=MANIFEST.supports.model_copy(update={"grant": True})
    )
    grant = Grant(holder="organisation", holder_id="o", categories=())
    assert (await bench.call(Verb.GRANT, grant)).outcome.known_as == ()


async def test_a_name_that_is_none_is_an_invalid_answer(bench):
    forged = KnownAs.model_construct(subject_id=SUBJECT.id, name="a\nb")
    bench.plug(lambda _: Outcome.completed(1).model_copy(update={"known_as": (forged,)}))
    assert (await bench.call()).fault is Fault.INVALID_RESPONSE


@pytest.mark.parametrize(
    ("level", "confirmation", "graded", "basis"),
    [
        ("probed", None, "self_reported", Basis.SAID_BY_VENDOR),
        ("receipt", VendorConfirmation(code="4711"), "self_reported", Basis.SAID_BY_VENDOR),
        ("self_reported", None, "self_reported", Basis.SAID_BY_VENDOR),
        ("manual", None, "manual", Basis.SAID_BY_PERSON),
        ("unverifiable", None, "unverifiable", Basis.NO_EVIDENCE),
    ],
)
async def test_a_proof_without_a_look_is_what_somebody_says(bench, level, confirmation, graded, basis):
    said = Attestation.probed(at=bench.clock.now(), method="looked up", evidence="x")
    answer = said.model_copy(update={"level": AttestationLevel(level), "vendor_confirmation": confirmation})
    bench.plug(lambda _: answer)
    reply = await bench.call(Verb.ATTEST, CLAIM)
    assert (reply.fault, reply.value.level, reply.basis) == (None, graded, basis)


def asking(script: Any) -> type:
    """Return a connector of the strict vendor's with another ``attest``."""

    async def attest(self: Any, _claim: Claim) -> Attestation:
        return await script(self, self._call)

    return type("Asking", (vendor_plugin.FakeVendor,), {"attest": attest})


async def proven(script: Any, installed: Any, clock: Any, *, erased: bool = True) -> Any:
    registry = Registry()
    registry.register(Plugin(asking(script)), "scripted")
    dispatcher = Dispatcher(registry, clock, LIMITS)
    memory = Remembering(dispatcher)
    there = type(installed)(
        id="i", integration="scripted", public_settings=installed.public_settings, secrets=installed.secrets
    )
    await memory.call(there, Verb.SHARE, SHARE, f"o-1-{erased}")
    if erased:
        await memory.call(there, Verb.ERASE, SUBJECT, "o-2")
    reply = await memory.call(there, Verb.ATTEST, CLAIM, "o-3")
    dispatcher.close()
    return reply


def answer(connector: Any, level: str = "probed", **more: Any) -> Attestation:
    said = Attestation.probed(at=connector.context.now(), method="looked up", evidence="x")
    return said.model_copy(update={"level": AttestationLevel(level), **more})


async def test_a_receipt_that_the_vendor_gave_now_is_one(installed, clock):
    async def script(connector, call):
        await call("GET", "me")
        return answer(connector, "receipt", vendor_confirmation=VendorConfirmation(code="4711"))

    reply = await proven(script, installed, clock)
    assert (reply.value.level, reply.basis) == ("receipt", "receipt")


async def test_a_receipt_without_a_confirmation_is_only_said(installed, clock):
    async def script(connector, call):
        await call("GET", "me")
        return answer(connector, "receipt")

    assert (await proven(script, installed, clock)).basis == "said_by_vendor"


async def test_a_probe_through_the_list_is_proven_by_the_same_question(installed, clock):
    async def script(connector, call):
        await call("GET", f"subjects/{SUBJECT.id}")
        await call("GET", "subjects")
        return answer(connector)

    reply = await proven(script, installed, clock)
    assert (reply.value.level, reply.basis) == ("probed", "absent_where_found")
    reply = await proven(script, installed, clock, erased=False)
    assert (reply.value.level, reply.basis, len(reply.value.residual)) == ("unverifiable", "still_found", 1)


async def test_a_plugin_finds_no_way_to_what_is_written_down(installed, clock):
    tried: list[str] = []

    async def script(connector, call):
        http = connector.context.http
        tried.extend(name for name in ("exchanges", "witness", "_client", "client") if hasattr(http, name))
        response: HttpResponse = await call("GET", "me")
        object.__setattr__(response, "status", 404)  # what a plugin does to its copy changes nothing
        return answer(connector)

    reply = await proven(script, installed, clock)
    assert tried == []
    assert [each.status for each in reply.exchanges] == [200]
    assert reply.basis == "never_found" or reply.value.level == "unverifiable"


async def test_a_name_given_back_is_no_undeclared_datum(dispatcher, installed):
    named = SubjectRef(id=SUBJECT.id, known_as="55")
    assert (await dispatcher.call(installed, Verb.ERASE, named, obligation_id="o")).fault is None
    share = SHARE.model_copy(update={"records": (record(email="a@example.org").model_copy(update={"subject": named}),)})
    assert (await dispatcher.call(installed, Verb.SHARE, share, obligation_id="o-2")).fault is None
