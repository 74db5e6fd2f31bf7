"""What the documentation says is complete, and what it shows works."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import types
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import indent

import pytest

from tests.fakes.vendor_plugin import record
from tests.plugins.conftest import LIMITS
from tests.plugins.host.servers import Seen, ok, raw_server, saying
from tests.plugins.remembering import Remembering
from wardship.plugins import api
from wardship.plugins.api import (
    Attestation,
    Claim,
    Connector,
    Continuation,
    Outcome,
    Revocation,
    Share,
    SubjectRef,
    Verb,
    hooks,
)
from wardship.plugins.host.call import ARGUMENTS, RESULTS, Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.grading import Basis
from wardship.plugins.host.registry import LoadState, Registry
from wardship.plugins.host.reply import Fault, Reply

TEXT = (Path(__file__).parents[3] / "docs" / "integrations.md").read_text()
SUBJECT = SubjectRef(id="subject-0001")


def rows(heading: str) -> dict[str, list[str]]:
    """Return the cells of the first table under a heading, by the name in the first cell."""
    table = TEXT.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line.strip("| ").split(" |") for line in table.splitlines() if line.startswith("| `")]
    return {re.sub(r"\(.*", "", cells[0].strip("` ")): [cell.strip("` ") for cell in cells[1:]] for cells in lines}


def test_every_hook_is_documented_and_no_other():
    specified = {name for name in vars(hooks) if name.startswith("wardship_")}
    assert rows("Hooks").keys() == specified


def test_every_connector_method_is_documented_with_its_argument_and_answer():
    methods = {name for name, _ in inspect.getmembers(Connector, inspect.isfunction) if not name.startswith("_")}
    assert methods == {verb.value for verb in Verb}
    documented = rows("Connector methods")
    assert documented.keys() == methods
    for verb in Verb:
        argument = ARGUMENTS[verb]
        assert documented[verb][0] == (argument.__name__ if argument else ""), verb
        assert documented[verb][1] == RESULTS[verb].__name__, verb


@pytest.mark.parametrize("verb", Verb)
def test_a_method_takes_and_answers_what_the_dispatcher_checks(verb):
    signature = inspect.signature(getattr(Connector, verb))
    taken = [parameter.annotation for parameter in list(signature.parameters.values())[1:]]
    argument = ARGUMENTS[verb]
    assert taken == ([argument.__name__] if argument else [])
    assert signature.return_annotation == RESULTS[verb].__name__


def test_every_error_of_the_contract_is_documented():
    errors = {each.__name__ for each in api.IntegrationError.__subclasses__() if each.__module__.startswith("wardship")}
    assert errors == {"TemporarilyUnavailable", "AuthorisationExpired", "Rejected"}
    assert all(f"| `{name}` |" in TEXT for name in errors)


def test_what_vendors_import_is_listed_and_there():
    assert sorted(api.__all__) == sorted(set(api.__all__))
    assert all(hasattr(api, name) for name in api.__all__)


@pytest.fixture
def newsletter() -> types.ModuleType:
    """The module in the documentation."""
    module = types.ModuleType("newsletter_wardship")
    source = TEXT.split("```python\n", 1)[1].split("```", 1)[0]
    execute(source, module)
    return module


@pytest.fixture
def going(newsletter: types.ModuleType) -> types.ModuleType:
    """The module in the documentation, with the connector that goes on with what the vendor has begun."""
    execute(going_source(), newsletter)
    return newsletter


def going_source() -> str:
    """Return the documented method as a part of the documented connector."""
    method = TEXT.split("**Going on.**", 1)[1].split("```python\n", 1)[1].split("```", 1)[0]
    return "class Newsletter(Newsletter):\n" + indent(method, "    ")


def receiving_source() -> str:
    """Return the documented way to take a call as a part of the documented connector, in an integration that does."""
    method = TEXT.split("### Calls from the vendor", 1)[1].split("```python\n", 1)[1].split("```", 1)[0]
    declared = """
class NewsletterSettings(NewsletterSettings):
    webhook_secret: SecretStr
_declared = wardship_receives()
@hookimpl
def wardship_receives():
    supports = _declared.supports.model_copy(update={"receive": True})
    return _declared.model_copy(update={"supports": supports, "settings": NewsletterSettings})
"""
    return f"{declared}class Newsletter(Newsletter):\n" + indent(method, "    ")


def execute(source: str, module: types.ModuleType) -> None:
    """Add to a module what our own documentation or this file says."""
    exec(compile(source, module.__name__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own words


async def test_the_example_works_against_a_server(newsletter, vendor, clock):
    registry = Registry()
    loaded = registry.register(newsletter, "newsletter")
    assert (loaded.state, loaded.reason) == (LoadState.LOADED, None)
    dispatcher = Dispatcher(registry, clock, LIMITS)
    memory = Remembering(dispatcher)
    installed = Installed(
        id="i-1", integration="newsletter", public_settings=vendor.public_settings, secrets=vendor.secrets
    )
    steps = [
        (Verb.CHECK, None, Outcome.completed()),
        (Verb.SHARE, Share(records=(record(email="ada@example.org"),)), Outcome.completed(1)),
        (Verb.CORRECT, record(email="ada@example.com"), Outcome.completed(1)),
        (Verb.EXPORT, SUBJECT, Outcome.completed(1)),
        (Verb.ERASE, SUBJECT, Outcome.completed(1)),
        (Verb.ERASE, SUBJECT, Outcome.completed()),
        (Verb.EXPORT, SUBJECT, Outcome.completed()),
        (Verb.REVOKE, Revocation(everything=True), Outcome.completed()),
    ]
    for number, (verb, argument, outcome) in enumerate(steps):
        reply = await memory.call(installed, verb, argument, obligation_id=f"o-{number}")
        assert (verb, reply.outcome) == (verb, outcome)
        if verb is Verb.ERASE:
            claim = Claim(claimed="erased", subjects=(SUBJECT,))
            proof = await memory.call(installed, Verb.ATTEST, claim, obligation_id=f"proof-{number}")
            assert isinstance(proof.value, Attestation)
            assert (proof.value.level, proof.basis) == ("probed", "absent_where_found")
    proof = await memory.call(installed, Verb.ATTEST, Claim(claimed="revoked", everything=True), obligation_id="o-9")
    assert isinstance(proof.value, Attestation)
    assert proof.value.is_clean
    assert proof.basis == "credential_refused"
    assert (await dispatcher.call(installed, Verb.CHECK, obligation_id="o-10")).fault is Fault.UNAUTHORISED
    dispatcher.close()


@pytest.mark.parametrize("left", [3, 50, 130])
async def test_the_example_revokes_whoever_is_left_though_nobody_is_named(newsletter, vendor, clock, left):
    """As when more than 100 people were shared; of some the erasure was given up."""
    registry = Registry()
    registry.register(newsletter, "newsletter")
    dispatcher = Dispatcher(registry, clock, LIMITS)
    memory = Remembering(dispatcher)
    installed = Installed(
        id="i-1", integration="newsletter", public_settings=vendor.public_settings, secrets=vendor.secrets
    )
    for start in range(0, left, 10):
        people = [record(f"subject-{number:04}", email="ada@example.org") for number in range(start, start + 10)][:left]
        reply = await memory.call(installed, Verb.SHARE, Share(records=tuple(people)), obligation_id=f"s-{start}")
        assert reply.fault is None, reply.outcome
    assert len(vendor.counts()["subjects"]) == left
    continuation, ends = None, []
    while len(ends) < 5 and "completed" not in ends:
        reply = await dispatcher.call(
            installed, Verb.REVOKE, Revocation(everything=True), obligation_id="o-1", continuation=continuation
        )
        assert reply.fault is None, reply.outcome
        continuation = (continuation or Continuation()).after(reply.outcome)
        ends.append(reply.outcome.status)
    dispatcher.close()
    assert len(ends) == left // 50 + 1
    assert (vendor.counts()["subjects"], continuation.records_affected) == ({}, left)


async def test_the_connector_that_goes_on_works_against_a_server(going, clock):
    job = b"HTTP/1.1 202 Begun\r\nlocation: jobs/17\r\ncontent-length: 0\r\n\r\n"
    async with raw_server(saying(job, job, ok())) as server:
        registry = Registry()
        registry.register(going, "newsletter")
        dispatcher = Dispatcher(registry, clock, LIMITS)
        public, secrets = {"server_url": server.url}, {"token": "t"}
        installed = Installed(id="i-1", integration="newsletter", public_settings=public, secrets=secrets)
        continuation, ends = None, []
        for _ in range(3):
            reply = await dispatcher.call(
                installed, Verb.ERASE, SUBJECT, obligation_id="o-1", continuation=continuation
            )
            continuation = (continuation or Continuation()).after(reply.outcome)
            ends.append((reply.outcome.status, reply.outcome.retry_after_s, reply.outcome.records_affected))
        dispatcher.close()
    assert ends == [("in_progress", 600.0, 0), ("in_progress", 600.0, 0), ("completed", None, 1)]
    assert [seen.line.rsplit(" ", 1)[0] for seen in server.seen] == [
        "DELETE /v1/subjects/subject-0001",
        "GET /v1/jobs/17",
        "GET /v1/jobs/17",
    ]


async def test_the_connector_that_takes_calls_believes_what_is_signed_alone(newsletter, clock):
    vars(newsletter).update({name: getattr(api, name) for name in api.__all__} | {"json": json, "datetime": datetime})
    execute(receiving_source(), newsletter)
    registry, secret = Registry(), api.new_webhook_secret()
    loaded = registry.register(newsletter, "newsletter")
    assert (loaded.state, loaded.reason) == (LoadState.LOADED, None)
    dispatcher = Dispatcher(registry, clock, LIMITS)
    secrets = {"token": "t", "webhook_secret": secret}
    public = {"server_url": "http://127.0.0.1:9"}
    installed = Installed(id="i-1", integration="newsletter", public_settings=public, secrets=secrets)
    body = json.dumps({"contact": {"external_id": SUBJECT.id}, "occurred_at": clock.now().isoformat()}).encode()
    ends = []
    for signed_by in (secret, api.new_webhook_secret()):
        headers = api.sign_webhook("message-1", clock.now(), body, signed_by)
        call = api.InboundCall(headers=tuple(headers.items()), body=body)
        ends.append(await dispatcher.call(installed, Verb.RECEIVE, call, obligation_id="o-1"))
    dispatcher.close()
    taken, forged = ends
    assert isinstance(taken.value, api.Received)
    (event,) = taken.value.events
    assert (event.kind, event.subject.id, event.at, taken.value.message_id) == (
        "unsubscribed",
        SUBJECT.id,
        clock.now(),
        "message-1",
    )
    assert (forged.value, forged.fault) == (None, Fault.REJECTED)


CARELESS = """
class Newsletter(Newsletter):
    async def attest(self, claim):
        paths = [f"subjects/{subject.id}" for subject in claim.subjects] or ["me"]
        statuses = [(await self._call("GET", path)).status for path in paths]
        return Attestation.probed(
            at=self.context.now(), method="looked up", evidence=str(statuses),
            residual=tuple("still there" for status in statuses if status == 200),
        )
"""
"""The ``attest`` that was documented before: whatever is not 200 it takes for absence."""

LIAR = CARELESS.replace("if status == 200", "if False")
ERASED, EVERYTHING = Claim(claimed="erased", subjects=(SUBJECT,)), Claim(claimed="revoked", everything=True)

Ending = tuple[str | None, str | None]
"""The fault, or the basis of the grade."""


@dataclass
class Answers:
    """What the server answers to a look at the subscriber, and for how long there was one."""

    status: int = 200
    always: int = 0

    async def __call__(self, seen: Seen, writer: asyncio.StreamWriter) -> None:
        method, path, _ = seen.line.split()
        is_look = method == "GET" and path.startswith("/v1/subjects/")
        status = self.always or {"DELETE": 204}.get(method, self.status if is_look else 200)
        told = b"[]" if path == "/v1/subjects" else b'{"email": "ada@example.org"}'
        body = told if status == 200 else b""
        writer.write(
            b"HTTP/1.1 %d Told\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (status, len(body), body)
        )
        await writer.drain()


@pytest.fixture
async def proving(newsletter, clock):
    """Return a function that erases at a server and has it proven by an ``attest``, with what each look is answered."""
    async with AsyncExitStack() as stack:

        async def prove(attest: str, answers: Answers, then: int, claim: Claim = ERASED, **always: int) -> Reply:
            server = await stack.enter_async_context(raw_server(answers))
            execute(attest, newsletter)
            registry = Registry()
            registry.register(newsletter, "newsletter")
            dispatcher = Dispatcher(registry, clock, LIMITS)
            stack.callback(dispatcher.close)
            public, secrets = {"server_url": server.url}, {"token": "t"}
            installed = Installed(id="i-1", integration="newsletter", public_settings=public, secrets=secrets)
            memory = Remembering(dispatcher)
            done = SUBJECT if claim is ERASED else Revocation(everything=True)
            assert (await memory.call(installed, Verb.ERASE if claim is ERASED else Verb.REVOKE, done)).fault is None
            answers.status, answers.always = then, always.get("always", 0)
            return await memory.call(installed, Verb.ATTEST, claim)

        yield prove


@pytest.mark.parametrize("attest", ["", CARELESS, LIAR], ids=["documented", "careless", "lying"])
@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (503, "unavailable"),
        (429, "rate_limited"),
        (500, "unavailable"),
        (302, "rejected"),
        (401, "unauthorised"),
        (403, "rejected"),
    ],
)
async def test_an_answer_that_tells_nothing_is_never_taken_for_absence(proving, attest, status, fault):
    reply = await proving(attest, Answers(200), status)
    assert (reply.value, reply.fault) == (None, fault)


@pytest.mark.parametrize("status", [503, 429, 500, 302, 401, 403])
async def test_a_server_that_is_broken_altogether_proves_nothing(proving, status):
    reply = await proving("", Answers(200), 404, always=status)
    assert reply.value is None
    assert reply.fault is not None


@pytest.mark.parametrize(
    ("attest", "before", "then", "level", "basis"),
    [
        ("", 200, 404, "probed", "absent_where_found"),
        ("", 404, 404, "unverifiable", "never_found"),
        ("", 200, 200, "unverifiable", "still_found"),
        (CARELESS, 200, 404, "unverifiable", "only_refusals"),
        (CARELESS, 404, 404, "unverifiable", "never_found"),
        (CARELESS, 200, 200, "unverifiable", "still_found"),
        (LIAR, 200, 200, "unverifiable", "still_found"),
        (LIAR, 404, 200, "unverifiable", "still_found"),
    ],
)
async def test_not_found_proves_an_erasure_where_it_was_found_and_the_server_answers(
    proving, attest, before, then, level, basis
):
    reply = await proving(attest, Answers(before), then)
    assert (reply.value.level, reply.basis) == (level, basis)
    assert bool(reply.value.residual) is (basis == "still_found")


async def test_a_token_that_is_still_accepted_is_no_revocation(proving):
    reply = await proving(LIAR, Answers(200), 200, EVERYTHING)
    assert (reply.value.level, reply.basis) == ("unverifiable", "never_found")


async def test_a_token_that_is_refused_by_a_server_that_refuses_all_is_no_proof(proving):
    reply = await proving(CARELESS, Answers(200), 200, EVERYTHING, always=401)
    assert (reply.value.level, reply.basis) == ("unverifiable", "only_refusals")


def test_every_basis_of_a_grade_is_documented_and_no_other():
    assert rows("What a proof needs").keys() == set(Basis)
