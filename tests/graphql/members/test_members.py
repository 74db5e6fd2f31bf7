"""Members, groups and content through the API."""

from __future__ import annotations

import pytest

from tests.builders import make_group, make_member, make_organisation
from tests.graphql.calls import gid, make_api
from wardship.core.actor import Role
from wardship.core.database.engine import Engine

pytestmark = pytest.mark.anyio

LOOKS = """
    select member_id, actor_id, categories from data_access join data_access_person using (organisation_id, id)
"""
PAGE = """
query Page($first: Int!, $after: String) {
  members(first: $first, after: $after) {
    edges { cursor node {
      id displayName email
      roles { role grantedBy { displayName } }
      groups(first: 10) { edges { node { id name } } pageInfo { hasNextPage } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga", email="olga@example.org")
    ann = await make_member(database, organisation, name="Ann", email="ann@example.org", phone="1")
    bob = await make_member(database, organisation, name="Bob", email="bob@example.org")
    group = await make_group(database, organisation, "Team", ann, bob)
    await make_group(database, organisation, "Site", ann, olga)
    return organisation, olga, ann, bob, group


@pytest.fixture
def api(services):
    return make_api(services)


@pytest.fixture
def transactions(monkeypatch):
    """The transactions that were begun, each counting its statements."""
    begun = []
    original = Engine.transaction

    def transaction(self, scope=None, **more):
        made = original(self, scope, **more)
        begun.append(made)
        return made

    monkeypatch.setattr(Engine, "transaction", transaction)
    return begun


async def test_page_of_members_takes_one_statement_for_each_relation(api, place, transactions):
    _, olga, *_ = place
    found = await api.data(olga, PAGE, first=50)
    assert [edge["node"]["displayName"] for edge in found["members"]["edges"]] == ["Olga", "Ann", "Bob"]
    groups = [[g["node"]["name"] for g in edge["node"]["groups"]["edges"]] for edge in found["members"]["edges"]]
    assert groups == [["Site"], ["Team", "Site"], ["Team"]]
    # members, roles and groups: one each; nobody gave a role, so that nobody is looked up; then the record of access
    assert [transaction.statements for transaction in transactions] == [4]


async def test_pages_follow_each_other(api, place):
    _, olga, *_ = place
    first = (await api.data(olga, PAGE, first=2))["members"]
    second = (await api.data(olga, PAGE, first=2, after=first["pageInfo"]["endCursor"]))["members"]
    assert [e["node"]["displayName"] for e in first["edges"] + second["edges"]] == ["Olga", "Ann", "Bob"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_members_of_groups_take_one_statement(api, place, transactions):
    _, olga, ann, _, _ = place
    query = "{ groups { edges { node { name members { edges { node { displayName email } } } } } } }"
    found = await api.data(olga, query)
    assert [[e["node"]["displayName"] for e in g["node"]["members"]["edges"]] for g in found["groups"]["edges"]] == [
        ["Ann", "Bob"],
        ["Ann", "Olga"],
    ]
    assert [transaction.statements for transaction in transactions] == [3]
    transactions.clear()
    found = await api.data(ann, query)
    assert [[e["node"]["email"] for e in g["node"]["members"]["edges"]] for g in found["groups"]["edges"]] == [
        ["ann@example.org", None],
        ["ann@example.org", None],
    ]
    assert [transaction.statements for transaction in transactions] == [2]


async def test_total_is_counted_only_when_asked(api, place, transactions):
    _, olga, *_ = place
    found = await api.data(olga, "{ members(first: 1) { totalCount edges { node { id } } } }")
    assert found["members"]["totalCount"] == 3
    assert [transaction.statements for transaction in transactions] == [2]


async def test_looking_at_others_is_recorded_and_they_see_it(api, owner, place):
    _, olga, ann, bob, _ = place
    await api.data(olga, "query($id: ID!) { member(id: $id) { displayName } }", id=gid("Member", ann.member_id))
    assert await owner.fetchval("select count(*) from data_access") == 0
    await api.data(olga, "query($id: ID!) { member(id: $id) { email phone } }", id=gid("Member", ann.member_id))
    await api.data(ann, "{ viewer { member { email phone } } }")
    rows = await owner.fetch(LOOKS)
    assert [tuple(row) for row in rows] == [
        (ann.member_id, olga.member_id, ["user.contact.email", "user.contact.phone_number"])
    ]
    seen = await api.data(
        ann, "{ viewer { dataAccesses { edges { node { categories actorKind actor { displayName email } } } } } }"
    )
    assert [edge["node"] for edge in seen["viewer"]["dataAccesses"]["edges"]] == [
        {
            "categories": ["user.contact.email", "user.contact.phone_number"],
            "actorKind": "member",
            "actor": {"displayName": "Olga", "email": None},
        }
    ]
    assert (await api.data(bob, "{ viewer { dataAccesses { edges { node { at } } } } }"))["viewer"] == {
        "dataAccesses": {"edges": []}
    }


async def test_nothing_that_an_ordinary_member_may_not_see_is_in_the_answer(api, place):
    _, _, ann, bob, group = place
    found = await api.data(
        ann,
        """query($id: ID!) { group(id: $id) { members { edges { node { visibility displayName email state joinedAt
            roles { role } groups { edges { node { name } } } } } } } }""",
        id=gid("Group", group),
    )
    nodes = {edge["node"]["displayName"]: edge["node"] for edge in found["group"]["members"]["edges"]}
    assert nodes["Bob"] == {
        "visibility": "NAME",
        "displayName": "Bob",
        "email": None,
        "state": None,
        "joinedAt": None,
        "roles": None,
        "groups": {"edges": [{"node": {"name": "Team"}}]},
    }
    assert nodes["Ann"]["email"] == ann.email
    assert bob.email not in str(found)


async def test_mutation_answers_with_the_object_and_relations(api, owner, place):
    _, olga, ann, _, _ = place
    answer = await api.data(
        olga,
        """mutation($input: MemberRoleInput!) { assignRole(input: $input) {
            member { displayName roles { role grantedBy { displayName } } } errors { code } } }""",
        input={"memberId": gid("Member", ann.member_id), "role": "AUDITOR"},
    )
    assert answer["assignRole"] == {
        "member": {
            "displayName": "Ann",
            "roles": [
                {"role": "MEMBER", "grantedBy": None},
                {"role": "AUDITOR", "grantedBy": {"displayName": "Olga"}},
            ],
        },
        "errors": [],
    }
    assert await owner.fetchval("select count(*) from audit_entry") == 1


async def test_who_reads_a_member_out_of_a_mutations_answer_is_recorded_too(api, owner, place):
    _, olga, ann, _, _ = place
    mutation = "mutation($input: UpdateMemberInput!) { updateMember(input: $input) { member { displayName email } } }"
    answer = await api.data(olga, mutation, input={"memberId": gid("Member", ann.member_id), "profile": {}})
    assert answer["updateMember"]["member"] == {"displayName": "Ann", "email": ann.email}
    looked = await owner.fetch(LOOKS)
    assert [tuple(row) for row in looked] == [(ann.member_id, olga.member_id, ["user.contact.email"])]


async def test_refusal_is_typed_and_changes_nothing(api, owner, place):
    _, _, ann, bob, _ = place
    mutation = """mutation($input: MemberRoleInput!) { assignRole(input: $input) {
        member { id } errors { __typename code message path } } }"""
    answer = await api.data(ann, mutation, input={"memberId": gid("Member", bob.member_id), "role": "AUDITOR"})
    (error,) = answer["assignRole"]["errors"]
    assert (answer["assignRole"]["member"], error["__typename"], error["code"]) == (
        None,
        "PermissionDeniedError",
        "PERMISSION_DENIED",
    )
    wrong = await api.data(ann, mutation, input={"memberId": gid("Group", bob.member_id), "role": "AUDITOR"})
    assert wrong["assignRole"]["errors"][0]["path"] == ["memberId"]
    assert await owner.fetchval("select count(*) from role_assignment where role = 'auditor'") == 0


async def test_import_answers_row_by_row(api, place):
    _, olga, *_ = place
    answer = await api.data(
        olga,
        """mutation($input: ImportMembersInput!) { importMembers(input: $input) {
            rows { row memberId error { code } } } }""",
        input={"rows": [{"email": "new@example.org", "profile": {"jobTitle": "Cook"}}, {"email": "ann@example.org"}]},
    )
    first, second = answer["importMembers"]["rows"]
    assert (first["row"], first["error"], second["memberId"], second["error"]["code"]) == (
        0,
        None,
        None,
        "ALREADY_MEMBER",
    )


async def test_content_goes_round(api, place):
    _, _, ann, bob, group = place
    made = await api.data(
        ann,
        """mutation($input: CreatePostInput!) { createPost(input: $input) { errors { code } post { id text source
            author { displayName } mentions { displayName } group { name } files { name } } } }""",
        input={"groupId": gid("Group", group), "source": f"Hello <@{bob.member_id}>"},
    )
    post = made["createPost"]["post"]
    assert (post["text"], post["author"], post["mentions"], post["group"]) == (
        "Hello @Bob",
        {"displayName": "Ann"},
        [{"displayName": "Bob"}],
        {"name": "Team"},
    )
    await api.data(
        ann,
        "mutation($input: ShareFileInput!) { shareFile(input: $input) { file { name } errors { code } } }",
        input={
            "groupId": gid("Group", group),
            "postId": post["id"],
            "name": "a.pdf",
            "mediaType": "application/pdf",
            "sizeBytes": 5_000_000_000,
            "url": "https://example.org/a.pdf",
        },
    )
    seen = await api.data(
        bob,
        """query($id: ID!) { group(id: $id) { posts { edges { node { text author { displayName }
            files { name sizeBytes uploader { displayName } } } } } files { edges { node { name } } } }
            viewer { content { edges { node { id } } } } }""",
        id=gid("Group", group),
    )
    (node,) = [edge["node"] for edge in seen["group"]["posts"]["edges"]]
    assert node == {
        "text": "Hello @Bob",
        "author": {"displayName": "Ann"},
        "files": [{"name": "a.pdf", "sizeBytes": 5_000_000_000, "uploader": {"displayName": "Ann"}}],
    }
    assert [edge["node"]["id"] for edge in seen["viewer"]["content"]["edges"]] == [post["id"]]
    gone = await api.data(
        ann,
        "mutation($input: DeletePostInput!) { deletePost(input: $input) { deletedPostId errors { code } } }",
        input={"postId": post["id"]},
    )
    assert gone["deletePost"] == {"deletedPostId": post["id"], "errors": []}


async def test_node_finds_what_may_be_seen(api, database, place):
    organisation, olga, ann, _, group = place
    stranger = await make_member(database, await make_organisation(database, "b"))
    query = "query($id: ID!) { node(id: $id) { __typename id ... on Member { displayName } ... on Group { name } } }"
    for caller, type_name, key, expected in (
        (olga, "Member", ann.member_id, "Ann"),
        (olga, "Group", group, None),
        (ann, "Organisation", organisation.id, None),
    ):
        found = await api.data(caller, query, id=gid(type_name, key))
        assert found["node"]["__typename"] == type_name
        assert found["node"].get("displayName") == expected
    for caller, identifier in (
        (ann, gid("Member", stranger.member_id)),
        (stranger, gid("Organisation", organisation.id)),
        (stranger, gid("Group", group)),
        (ann, "nonsense"),
        (ann, gid("Nothing", group)),
    ):
        assert (await api.data(caller, query, id=identifier))["node"] is None


async def test_viewer_and_audit(api, place):
    organisation, olga, ann, *_ = place
    await api.data(
        olga,
        "mutation($input: RenameOrganisationInput!) { renameOrganisation(input: $input) { organisation { name } } }",
        input={"name": "Beta"},
    )
    found = await api.data(
        olga,
        """{ viewer { permissions
            organisation { id slug name settings { membersMayInstall } ownershipTransfer { id } } }
            auditLog(first: 1) { edges { node { sequence action actor { displayName } targetId details } } } }""",
    )
    assert found["viewer"]["organisation"]["name"] == "Beta"
    assert "OWNERSHIP_TRANSFER" in found["viewer"]["permissions"]
    (entry,) = [edge["node"] for edge in found["auditLog"]["edges"]]
    assert entry == {
        "sequence": 1,
        "action": "organisation.renamed",
        "actor": {"displayName": "Olga"},
        "targetId": str(organisation.id),
        "details": {},
    }
    refused = await api.call(ann, "{ auditLog { edges { node { sequence } } } }")
    assert (refused["data"], refused["errors"][0]["extensions"]["code"]) == (None, "PERMISSION_DENIED")
    unknown = await api.call(None, "{ viewer { permissions } }")
    assert unknown["errors"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"


async def test_audit_log_is_filtered_by_the_identifier_that_an_entry_tells_as_by_the_id_of_the_object(api, place):
    organisation, olga, *_ = place
    await api.data(olga, 'mutation { renameOrganisation(input: {name: "Beta"}) { errors { code } } }')
    await api.data(olga, 'mutation { createGroup(input: {name: "Pilots"}) { errors { code } } }')
    document = "query($id: ID!) { auditLog(where: {targetId: $id}) { edges { node { action } } } }"
    for known in (str(organisation.id), gid("Organisation", organisation.id)):
        found = await api.data(olga, document, id=known)
        assert [edge["node"]["action"] for edge in found["auditLog"]["edges"]] == ["organisation.renamed"]
    refused = await api.call(olga, document, id="neither")
    assert (refused["data"], refused["errors"][0]["extensions"]["code"]) == (None, "INVALID_INPUT")


async def test_value_that_cannot_be_stored_is_refused_and_not_a_fault(api, place, owner):
    _, olga, *_ = place
    before = await owner.fetchval("select count(*) from user_group")
    payload = await api.data(
        olga,
        "mutation($name: String!) { createGroup(input: {name: $name}) { errors { code } group { id } } }",
        name="Te\x00am",
    )
    assert payload["createGroup"]["group"] is None
    assert [error["code"] for error in payload["createGroup"]["errors"]] == ["INVALID_INPUT"]
    assert await owner.fetchval("select count(*) from user_group") == before


@pytest.mark.parametrize("counted", ["", "totalCount"])
async def test_a_name_that_the_database_refuses_is_the_error_of_its_field(api, place, owner, counted):
    _, olga, ann, _, _ = place
    answer = await api.call(
        olga,
        f"""query($id: ID!, $start: String) {{ member(id: $id) {{ email }}
            members(where: {{ namePrefix: $start }}, orderBy: NAME) {{ {counted} edges {{ node {{ id }} }} }} }}""",
        id=gid("Member", ann.member_id),
        start="\0",
    )
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["members"], "INVALID_INPUT")
    ]
    assert answer["data"] is None
    assert len(await owner.fetch(LOOKS)) == 1  # of the member who was read before; rather one too many than one too few


NAMED = """
query Named($prefix: String, $first: Int!, $after: String) {
  members(first: $first, after: $after, where: {namePrefix: $prefix}, orderBy: NAME) {
    edges { node { displayName } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_prefix_typed_decomposed_finds_members_and_groups(api, database, place):
    organisation, olga, *_ = place
    await make_member(database, organisation, name="Zoë Ångström")
    await make_group(database, organisation, "Équipe", olga)
    found = await api.data(olga, NAMED, prefix="Zoe\u0308 A\u030a", first=5)
    assert [edge["node"]["displayName"] for edge in found["members"]["edges"]] == ["Zoë Ångström"]
    groups = """query Groups($prefix: String) { groups(namePrefix: $prefix) { edges { node { name } } } }"""
    found = await api.data(olga, groups, prefix="E\u0301q")
    assert [edge["node"]["name"] for edge in found["groups"]["edges"]] == ["Équipe"]


@pytest.mark.parametrize("letter", ["\u0436", "𐐀", '"', "\\"])
async def test_longest_names_are_paged_through_one_by_one(api, database, place, letter):
    organisation, olga, *_ = place
    names = {"Olga", "Ann", "Bob"} | {letter * 199 + end for end in "abc"}
    for end in "abc":
        await make_member(database, organisation, name=letter * 199 + end)
    seen, after = [], None
    for _ in range(7):
        page = (await api.data(olga, NAMED, first=1, after=after))["members"]
        seen += [edge["node"]["displayName"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert (len(seen), set(seen)) == (6, names)
