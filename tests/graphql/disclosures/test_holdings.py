"""Who sees which integrations hold data of whom."""

from __future__ import annotations

import pytest

from tests.builders import NOW, make_member, make_organisation
from tests.graphql.calls import make_api
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7

pytestmark = pytest.mark.anyio

QUERY = """{ members(first: 10) { edges { node { displayName
    holdings(first: 1) { edges { node { state installation { name } } } pageInfo { hasNextPage } } } } } }"""
MINE = "{ viewer { member { holdings { edges { node { state since installation { name } } } } } } }"


@pytest.fixture
async def place(database, integrations, owner):
    """Ann's data is with two integrations, and a third gave it up; nothing of Bob's is anywhere."""
    organisation = await make_organisation(database)
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    ann = await make_member(database, organisation, name="Ann")
    bob = await make_member(database, organisation, name="Bob")
    manifest, plan = integrations.require("address_book").declaration
    for state in ("shared", "restricted", "erased"):
        installation_id = uuid7()
        await owner.execute(
            "with made as (insert into installation (organisation_id, id, created_at, integration_key,"
            " integration_version, manifest, plan, declaration_digest, audience, state, place_id)"
            " values ($1, $2, $3, 'address_book', '1', $4, $5, '', 'organisation', 'active', $2))"
            " insert into installation_place (organisation_id, id, created_at, installation_id)"
            " values ($1, $2, $3, $2)",
            organisation.id,
            installation_id,
            NOW,
            manifest.model_dump_json(),
            plan.model_dump_json(),
        )
        await owner.execute(
            "insert into subject_link (organisation_id, id, created_at, installation_id, place_id, member_id,"
            " subject_ref, state) values ($1, $2, $3, $4, $4, $5, 'reference', $6)",
            organisation.id,
            uuid7(),
            NOW,
            installation_id,
            ann.member_id,
            state,
        )
    return olga, ann, bob


async def test_administrator_sees_who_holds_data_of_whom(services, place):
    olga, _, _ = place
    found = await make_api(services).data(olga, QUERY)
    by_name = {edge["node"]["displayName"]: edge["node"]["holdings"] for edge in found["members"]["edges"]}
    assert by_name == {
        "Olga": {"edges": [], "pageInfo": {"hasNextPage": False}},
        "Ann": {
            "edges": [{"node": {"state": "SHARED", "installation": {"name": "Address book (CardDAV)"}}}],
            "pageInfo": {"hasNextPage": True},
        },
        "Bob": {"edges": [], "pageInfo": {"hasNextPage": False}},
    }


async def test_member_sees_own_holdings_and_nobody_elses(services, place):
    _, ann, bob = place
    api = make_api(services)
    mine = (await api.data(ann, MINE))["viewer"]["member"]["holdings"]["edges"]
    assert [edge["node"]["state"] for edge in mine] == ["SHARED", "RESTRICTED"]
    assert (await api.data(bob, MINE))["viewer"]["member"]["holdings"]["edges"] == []
    seen = (await api.data(ann, QUERY))["members"]["edges"]
    assert [edge["node"]["displayName"] for edge in seen if edge["node"]["holdings"] is not None] == ["Ann"]
