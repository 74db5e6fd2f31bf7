"""Provisioning in the API: tokens, failures, and what the directory says of a member, to whom it is to be seen."""

from __future__ import annotations

import pytest

from tests.builders import make_member
from tests.graphql.calls import gid, make_api
from tests.tenants.scim.directory import ENTERPRISE, USER, make_directory
from wardship.core.actor import Role

pytestmark = pytest.mark.anyio
CREATE = """mutation C($input: CreateProvisioningTokenInput!) { createProvisioningToken(input: $input) {
    text token { id name lastUsedAt } errors { code } } }"""
REVOKE = """mutation R($input: ProvisioningTokenInput!) { revokeProvisioningToken(input: $input) {
    token { revokedAt } errors { code } } }"""
TOKENS = "{ provisioningTokens { edges { node { id name lastUsedAt createdBy { displayName } } } } }"
FAILURES = "{ provisioningFailures { edges { node { operation resource subject code message times } } } }"
SAID = "query M($id: ID!) { member(id: $id) { directoryUser { userName department emails { value primary } } } }"


@pytest.fixture
def api(services):
    return make_api(services)


async def test_token_is_made_used_listed_and_ended(api, services, admin, acme):
    made = (await api.data(admin, CREATE, input={"name": "Entra"}))["createProvisioningToken"]
    assert made["errors"] == []
    directory = await make_directory(services, acme)
    directory.token = made["text"]
    assert (await directory.send("GET", "/Users")).status_code == 200
    listed = (await api.data(admin, TOKENS))["provisioningTokens"]["edges"]
    (shown,) = [edge["node"] for edge in listed if edge["node"]["id"] == made["token"]["id"]]
    assert shown["lastUsedAt"] is not None
    assert shown["createdBy"]["displayName"] == admin.display_name
    assert made["text"] not in str(listed)
    ended = await api.data(admin, REVOKE, input={"tokenId": made["token"]["id"]})
    assert ended["revokeProvisioningToken"]["token"]["revokedAt"] is not None
    assert (await directory.send("GET", "/Users")).status_code == 401


async def test_administrator_sees_why_a_person_is_not_provisioned_and_members_do_not(api, services, admin, acme, ada):
    directory = await make_directory(services, acme)
    for _ in range(2):
        await directory.json("POST", "/Users", {"schemas": [USER], "userName": ada.email}, 409)
    (edge,) = (await api.data(admin, FAILURES))["provisioningFailures"]["edges"]
    assert edge["node"] | {"message": ""} == {
        "operation": "create",
        "resource": "User",
        "subject": ada.email,
        "code": "USER_NAME_TAKEN",
        "message": "",
        "times": 2,
    }
    for query in (FAILURES, TOKENS):
        refused = await api.call(ada, query)
        assert refused["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


async def test_what_the_directory_says_is_the_persons_and_the_administrators_to_see(
    api, services, database, owner, admin, acme, ada
):
    directory = await make_directory(services, acme)
    body = {
        "schemas": [USER],
        "userName": "ada",
        "emails": [{"value": ada.email, "primary": True}],
        ENTERPRISE: {"department": "Engines"},
    }
    await directory.json("PUT", f"/Users/{ada.member_id}", body)
    said = {"userName": "ada", "department": "Engines", "emails": [{"value": ada.email, "primary": True}]}
    for who in (ada, admin):
        shown = await api.data(who, SAID, id=gid("Member", ada.member_id))
        assert shown["member"]["directoryUser"] == said
    looks = await owner.fetch("select actor_id, categories from data_access")
    assert [row["actor_id"] for row in looks] == [admin.member_id]
    assert "user.workplace" in looks[0]["categories"]
    other = await make_member(database, acme, Role.MEMBER)
    hidden = await api.data(other, SAID, id=gid("Member", ada.member_id))
    assert hidden["member"] is None
