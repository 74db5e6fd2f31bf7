"""The way of an administrator through the API: claimed, shown once, looked for, held, let go of."""

from __future__ import annotations

import pytest

from tests.graphql.calls import make_api
from tests.tenants.domains.claimant import NAME
from wardship.tenants.domains.challenge import Challenge
from wardship.tenants.domains.clocks import check_domains

pytestmark = pytest.mark.anyio

CLAIM = """
mutation C($name: String!) { claimDomain(input: { name: $name, scope: SUBTREE }) {
    domain { id state scope recordName } record { name value } errors { code path } } }
"""
ACT = (
    "mutation A($id: ID!) {{ {}(input: {{ domainId: $id }}) {{ domain {{ state isCheckAsked }} errors {{ code }} }} }}"
)
DOMAINS = "{ domains { edges { node { id name displayName state finding recordName } } } }"


async def test_administrator_claims_proves_and_releases_a_domain(harbour):
    api, who = make_api(harbour.services), harbour.admin
    claimed = (await api.data(who, CLAIM, name="Bücher.de"))["claimDomain"]
    domain, record = claimed["domain"], Challenge(**claimed["record"])
    assert (domain["state"], domain["scope"], domain["recordName"]) == ("PENDING", "SUBTREE", record.name)
    assert record.name == "_users-below.wardship-challenge.xn--bcher-kva.de"
    harbour.place(record)
    asked = (await api.data(who, ACT.format("verifyDomain"), id=domain["id"]))["verifyDomain"]
    assert asked == {"domain": {"state": "PENDING", "isCheckAsked": True}, "errors": []}
    await check_domains(harbour.services)
    (edge,) = (await api.data(who, DOMAINS))["domains"]["edges"]
    assert edge["node"] == {
        "id": domain["id"],
        "name": "xn--bcher-kva.de",
        "displayName": "bücher.de",
        "state": "VERIFIED",
        "finding": "PROVEN",
        "recordName": record.name,
    }
    released = (await api.data(who, ACT.format("releaseDomain"), id=domain["id"]))["releaseDomain"]
    assert released["domain"]["state"] == "RELEASED"
    again = (await api.data(who, ACT.format("releaseDomain"), id=domain["id"]))["releaseDomain"]
    assert again == {"domain": None, "errors": [{"code": "CLAIM_STATE"}]}


@pytest.mark.parametrize(
    ("name", "code"),
    [("no domain", "INVALID_DOMAIN"), ("gmail.com", "DOMAIN_REFUSED"), (NAME, "DOMAIN_CLAIMED")],
)
async def test_refusal_names_the_field_and_shows_no_record(harbour, owner, name, code):
    await harbour.claim()
    claimed = (await make_api(harbour.services).data(harbour.admin, CLAIM, name=name))["claimDomain"]
    assert claimed == {"domain": None, "record": None, "errors": [{"code": code, "path": ["name"]}]}
    assert await owner.fetchval("select count(*) from domain_claim") == 1
