"""Groups that a rule fills follow what the directory says of people."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group
from tests.tenants.scim.directory import ENTERPRISE, USER
from wardship.tenants.groups.change import GroupOfDirectoryError
from wardship.tenants.groups.rules.change import preview_rule, set_rule
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition

pytestmark = pytest.mark.anyio

SALES = [RuleCondition(RuleAttribute.DEPARTMENT, ("Vertrieb Süd",))]


def person(email, department):
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": email,
        "emails": [{"primary": True, "value": email}],
        "displayName": "Test User",
        "active": True,
        ENTERPRISE: {"department": department},
    }


async def present(owner, group):
    rows = await owner.fetch(
        "select member_id::text as id from group_membership where group_id = $1 and left_at is null", group
    )
    return [row["id"] for row in rows]


async def test_department_that_the_directory_sets_puts_a_member_in_and_takes_him_or_her_out(
    services, database, acme, admin, ada, directory, owner
):
    group = await make_group(database, acme, "Sales")
    async with access_for(services, admin) as access:
        preview = await preview_rule(access, group, SALES)
        await set_rule(access, group, SALES, preview.fingerprint)
    assert await present(owner, group) == []
    path = f"/Users/{ada.member_id}"
    await directory.json("PUT", path, person(ada.email, "VERTRIEB SÜD"))
    assert await present(owner, group) == [str(ada.member_id)]
    await directory.json("PUT", path, person(ada.email, "Einkauf"))
    assert await present(owner, group) == []
    made = await directory.json("POST", "/Users", person("new@okta.example", "vertrieb  süd"), 201)
    prepared = await owner.fetchval("select state from member where id::text = $1", made["id"])
    assert await present(owner, group) == ([made["id"]] if prepared == "active" else [])


async def test_group_of_the_directory_gets_no_rule(services, database, acme, admin, owner):
    group = await make_group(database, acme, "Pushed", managed_by="directory")
    for act in (lambda access: preview_rule(access, group, SALES), lambda access: set_rule(access, group, SALES, "")):
        with pytest.raises(GroupOfDirectoryError):
            async with access_for(services, admin) as access:
                await act(access)
    assert await owner.fetchval("select count(*) from group_rule") == 0
