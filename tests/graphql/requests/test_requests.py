"""A request from asking to the certificate, by the API alone."""

from __future__ import annotations

import pytest

from tests.graphql.calls import make_api
from tests.requesting import Firm, make_firm
from wardship.core.database.engine import Transaction
from wardship.core.signing import public_keys
from wardship.tenants.certificates.verify import verify_certificate
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

SUBMIT = """mutation($input: SubmitRequestInput!) { submitRequest(input: $input) {
    reference errors { code message path }
    request { id regime handler identity complainTo { country name } rights { id kind state } } } }"""
APPROVE = """mutation($input: ApproveRightInput!) { approveRight(input: $input) {
    errors { code } right { state decisionCode decidedBy { displayName } } } }"""
PREVIEW = """mutation($input: RightInput!) { previewErasure(input: $input) {
    errors { code } preview { digest account tables { table rows treatment } retained { what } } } }"""
COMMIT = """mutation($input: CommitErasureInput!) { commitErasure(input: $input) {
    errors { __typename code message } right { state scheduledFor } } }"""
WAIVE = "mutation($input: RightInput!) { waiveCoolingOff(input: $input) { errors { code } right { state } } }"
MINE = """{ myRequests { edges { node { id endedAt certificate exports { path isComplete destroyedAt }
    events { kind by } rights { kind state outcome recipients { recipient verb } } } } } }"""


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


@pytest.fixture
def api(firm):
    return make_api(firm.services)


async def _submit(api, firm, *rights):
    asked = [{"kind": kind} for kind in rights]
    data = await api.data(firm.member, SUBMIT, input={"rights": asked, "country": "FR"})
    assert data["submitRequest"]["errors"] == []
    return data["submitRequest"]


async def test_erasure_by_the_api(api, firm):
    taken = await _submit(api, firm, "ERASURE")
    request = taken["request"]
    assert (request["regime"], request["handler"], request["identity"]) == ("gdpr", "ADMIN", "VERIFIED")
    assert request["complainTo"] == [
        {"country": "FR", "name": "Commission nationale de l'informatique et des libertés"}
    ]
    right = {"rightId": request["rights"][0]["id"]}
    approved = await api.data(firm.admin, APPROVE, input=right)
    assert approved["approveRight"] == {
        "errors": [],
        "right": {"state": "APPROVED", "decisionCode": "granted", "decidedBy": {"displayName": "Anton Admin"}},
    }
    preview = (await api.data(firm.officer, PREVIEW, input=right))["previewErasure"]["preview"]
    assert {"table": "member", "rows": 1, "treatment": "emptied"} in preview["tables"]
    stale = await api.data(firm.officer, COMMIT, input=right | {"digest": "00" * 32})
    assert [(item["__typename"], item["code"]) for item in stale["commitErasure"]["errors"]] == [
        ("StalePreviewError", "STALE_PREVIEW")
    ]
    committed = await api.data(firm.officer, COMMIT, input=right | {"digest": preview["digest"]})
    assert committed["commitErasure"]["right"] == {
        "state": "SCHEDULED",
        "scheduledFor": "2026-12-05T12:00:00+00:00",
    }
    assert (await api.data(firm.member, WAIVE, input=right))["waiveCoolingOff"]["errors"] == []
    await firm.run()
    seen = await api.data(firm.admin, "{ requests { edges { node { endedAt certificate } } } }")
    (node,) = [edge["node"] for edge in seen["requests"]["edges"]]
    verified = verify_certificate(node["certificate"], public_keys(firm.services.keys), taken["reference"])
    assert verified.is_yours
    assert verified.statement.rights[0].state == "fulfilled"


async def test_person_follows_the_copy_by_the_api(api, firm):
    taken = await _submit(api, firm, "ACCESS", "RESTRICTION")
    right = next(item for item in taken["request"]["rights"] if item["kind"] == "ACCESS")
    await api.data(firm.admin, APPROVE, input={"rightId": right["id"]})
    await firm.run()
    (edge,) = (await api.data(firm.member, MINE))["myRequests"]["edges"]
    states = {item["kind"]: item["state"] for item in edge["node"]["rights"]}
    assert states == {"ACCESS": "FULFILLED", "RESTRICTION": "WITH_ADMIN"}
    (export,) = edge["node"]["exports"]
    assert export["path"].startswith("/exports/")
    assert (export["isComplete"], export["destroyedAt"], edge["node"]["certificate"]) == (True, None, None)
    (other,) = (await api.data(firm.admin, "{ requests { edges { node { exports { path } } } } }"))["requests"]["edges"]
    assert other["node"]["exports"] == []


async def test_correction_names_fields_as_the_api_does(api, firm, owner):
    asked = {"kind": "CORRECTION", "fields": [{"name": "lastName", "value": "King"}]}
    data = await api.data(firm.member, SUBMIT, input={"rights": [asked]})
    right = data["submitRequest"]["request"]["rights"][0]
    await api.data(firm.admin, APPROVE, input={"rightId": right["id"], "fields": ["lastName"]})
    await firm.run()
    assert await owner.fetchval("select last_name from member where id = $1", firm.member.member_id) == "King"


async def test_wrong_code_is_counted_although_it_is_an_answer(api, firm, owner):
    waiting = firm.member.actor(stepped_up=False)
    data = await api.data(waiting, SUBMIT, input={"rights": [{"kind": "ACCESS"}]})
    identifier = data["submitRequest"]["request"]["id"]
    verify = """mutation($input: VerifyRequestIdentityInput!) { verifyRequestIdentity(input: $input) {
        errors { code } isVerified attemptsLeft } }"""
    answer = await api.data(waiting, verify, input={"requestId": identifier, "code": "x"})
    assert answer["verifyRequestIdentity"] == {"errors": [], "isVerified": False, "attemptsLeft": 9}
    assert await owner.fetchval("select identity_code_attempts from data_request") == 1


async def test_privacy_team_finds_what_waits_in_every_organisation(api, firm):
    await firm.submit(RightKind.ACCESS, who=firm.owner)
    found = await api.data(
        firm.privacy_team, "{ escalatedRequests { edges { node { organisation requestId dueAt } } } }"
    )
    (edge,) = found["escalatedRequests"]["edges"]
    assert edge["node"]["organisation"] == firm.organisation.slug
    one = await api.data(
        firm.privacy_team,
        "query($id: ID!) { request(id: $id) { id member { displayName } rights { kind state } } }",
        id=edge["node"]["requestId"],
    )
    assert one["request"]["rights"] == [{"kind": "ACCESS", "state": "WITH_PRIVACY_TEAM"}]
    assert one["request"]["member"] == {"displayName": "Olga Owner"}, "about whom it decides, it sees"


async def test_looking_at_somebodys_request_is_recorded(api, firm, owner):
    await _submit(api, firm, "ACCESS")
    await api.data(firm.admin, "{ requests { edges { node { id } } } }")
    row = await owner.fetchrow(
        "select member_id, actor_kind, categories from data_access join data_access_person using (organisation_id, id)"
    )
    assert tuple(row) == (firm.member.member_id, "member", ["user.privacy_preferences"])
    await api.data(firm.member, "{ myRequests { edges { node { id } } } }")
    assert await owner.fetchval("select count(*) from data_access") == 1


async def test_page_of_requests_costs_one_statement_per_relation(api, firm, monkeypatch):
    for person in (firm.member, firm.admin, firm.officer):
        await firm.submit(RightKind.ACCESS, RightKind.RESTRICTION, who=person)
    counts = []
    leave = Transaction.__aexit__

    async def counted(self, *arguments):
        counts.append(self.statements)
        return await leave(self, *arguments)

    monkeypatch.setattr(Transaction, "__aexit__", counted)
    data = await api.data(
        firm.owner,
        """{ requests { edges { node { id certificate events { kind } exports { path }
            rights { kind recipients { recipient } preview { digest } } } } } }""",
    )
    assert len(data["requests"]["edges"]) == 3
    # The page, one for each relation (rights, events, exports, certificates, recipients, previews), and who was seen.
    assert counts[0] == 8
