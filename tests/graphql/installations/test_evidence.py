"""The API shows what a grade rests on, to those who see the obligation."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from tests.graphql.calls import make_api
from wardship.core.actor import Role
from wardship.graphql.obligations.model import ProofEvidence
from wardship.plugins.api import Verb
from wardship.plugins.host.exchanges import KeptExchange
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.obligations.proofs import Evidence

EXCHANGE = (
    "method status error server target requestDigest responseDigest credential namesSubject asksForSubject"
    " isFollowed isVoid made"
)
PROVEN = f"""{{ obligations(states: [COMPLETED]) {{ edges {{ node {{ verb exchanges {{ at {EXCHANGE} }}
    proof {{ level basis evidence {{ claimed said subjects isResidual exchanges {{ {EXCHANGE} }}
        earlier {{ {EXCHANGE} }} outdated {{ method }} }} }} }} }} }} }}"""


@pytest.fixture
async def olga(database):
    return await make_member(database, await make_organisation(database), Role.ORG_ADMIN, name="Olga")


async def _erased(services, olga):
    with running_shelf() as shelf:
        services.integrations.register(credulous(), KEY)
        connections = Connections(services, olga)
        await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})
        async with access_for(services, olga) as access:
            await enqueue_for_member(access, olga.member_id, Verb.ERASE)
        await connections.work()


async def test_administrator_sees_what_a_grade_is_derived_from(services, olga):
    await _erased(services, olga)
    edges = (await make_api(services).data(olga, PROVEN))["obligations"]["edges"]
    (erasure,) = [edge["node"] for edge in edges if edge["node"]["verb"] == "ERASE"]
    proof = erasure["proof"]
    assert (proof["level"], proof["basis"]) == ("PROBED", "ABSENT_WHERE_FOUND")
    evidence = proof["evidence"]
    assert (evidence["claimed"], evidence["said"], evidence["subjects"]) == ("ERASED", "PROBED", 1)
    probe = [(each["method"], each["status"], each["namesSubject"]) for each in evidence["exchanges"]]
    assert probe == [("GET", 404, False), ("GET", 200, False)]
    found = [each for each in evidence["earlier"] if each["namesSubject"]]
    assert [each["target"] for each in found] == [evidence["exchanges"][0]["target"]]
    assert [(each["method"], each["status"]) for each in erasure["exchanges"]] == [("GET", 200), ("DELETE", 204)]
    assert {each["credential"] for each in erasure["exchanges"]} == {evidence["exchanges"][0]["credential"]} != {""}


def test_all_that_a_grade_is_derived_from_is_shown():
    shown = {re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name) for name in EXCHANGE.split()}
    assert set(KeptExchange.__struct_fields__) - {"at", "attempt", "duration_ms"} == shown
    assert set(Evidence.__struct_fields__) == {field.name for field in fields(ProofEvidence)} - {"recipient"}


async def test_grade_from_before_evidence_was_kept_says_so(services, olga, owner):
    await _erased(services, olga)
    await owner.execute("update obligation set attestation = attestation - 'basis' - 'evidence'")
    edges = (await make_api(services).data(olga, PROVEN))["obligations"]["edges"]
    proofs = [edge["node"]["proof"] for edge in edges if edge["node"]["proof"]]
    assert {(proof["level"], proof["basis"], proof["evidence"]) for proof in proofs} == {
        ("UNVERIFIABLE", "NONE_KEPT", None)
    }
