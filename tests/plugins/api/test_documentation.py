"""What the documentation says is complete, and what it shows works."""

from __future__ import annotations

import inspect
import re
import types
from pathlib import Path

import pytest

from tests.fakes.vendor_plugin import record
from tests.plugins.conftest import LIMITS
from tests.plugins.remembering import Remembering
from wardship.plugins import api
from wardship.plugins.api import Attestation, Claim, Connector, Outcome, Revocation, Share, SubjectRef, Verb, hooks
from wardship.plugins.host.call import ARGUMENTS, RESULTS, Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import LoadState, Registry
from wardship.plugins.host.reply import Fault

TEXT = (Path(__file__).parents[3] / "docs" / "integrations.md").read_text()
SUBJECT = SubjectRef(id="subject-0001")


def rows(heading: str) -> dict[str, list[str]]:
    """Return the cells of the first table under a heading, by the name in the first cell."""
    table = TEXT.split(f"## {heading}\n", 1)[1].split("\n#", 1)[0]
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
    exec(compile(source, "docs/integrations.md", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own documentation
    return module


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
