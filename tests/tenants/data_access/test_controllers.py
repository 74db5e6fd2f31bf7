"""Who decides on what is held is recorded for each table, shown for each category, and followed by requests."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from wardship.app.nouns import domain_nouns
from wardship.core.database.personal_data import Controller
from wardship.core.database.tables import TenantRows
from wardship.core.errors import InvalidInputError
from wardship.tenants.data_access.controllers import categories_in, held_categories
from wardship.tenants.exports.download import download_export
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request

pytestmark = pytest.mark.anyio
ABOUT_ACCOUNT = RequestedRight(RightKind.ACCESS, {"about": "account"})


def test_each_table_says_who_decides_and_each_category_is_shown():
    held = domain_nouns().held
    for entry in held:
        is_organisations = issubclass(entry.table, TenantRows)
        assert entry.controller is (Controller.ORGANISATION if is_organisations else Controller.PROVIDER), entry.name
    shown = {(item.category, item.controller) for item in categories_in(held)}
    assert ("user.authorization.password", Controller.PROVIDER) in shown
    assert ("user.content", Controller.ORGANISATION) in shown
    assert {("user.contact.email", each) for each in Controller} <= shown, "an address stands with both"
    assert {column.category for entry in held if entry.subject for column in entry.personal.values()} == {
        category for category, _ in shown
    }


async def test_member_is_shown_who_decides(firm):
    async with firm.access(firm.member) as access:
        found = held_categories(access)
    assert all(item.label for item in found)
    assert {item.controller for item in found} == set(Controller)


async def test_copy_of_the_account_goes_to_the_provider_and_the_rest_to_the_organisation(firm):
    async with firm.access(firm.member) as access:
        submitted = await submit_request(access, [ABOUT_ACCOUNT, RequestedRight(RightKind.RESTRICTION)])
    locked = await firm.locked(submitted)
    assert {right.kind: (right.state, right.handler) for right in locked.rights} == {
        RightKind.ACCESS: (RightState.WITH_PRIVACY_TEAM, Handler.PRIVACY_TEAM),
        RightKind.RESTRICTION: (RightState.WITH_ADMIN, Handler.ADMIN),
    }
    await firm.approve(submitted, RightKind.RESTRICTION)
    assert (await firm.states(submitted))[RightKind.ACCESS] is RightState.WITH_PRIVACY_TEAM


async def test_administrator_does_not_decide_on_what_the_provider_holds(firm):
    async with firm.access(firm.member) as access:
        submitted = await submit_request(access, [ABOUT_ACCOUNT])
    right = await firm.right(submitted, RightKind.ACCESS)
    with pytest.raises(Exception, match="privacy team"):
        async with firm.access(firm.admin) as access:
            await approve_right(access, right.id)
    assert (await firm.states(submitted)) == {RightKind.ACCESS: RightState.WITH_PRIVACY_TEAM}


async def test_copy_of_the_account_holds_nothing_of_the_organisation(firm, owner):
    async with firm.access(firm.member) as access:
        submitted = await submit_request(access, [ABOUT_ACCOUNT])
    await firm.approve(submitted, RightKind.ACCESS, firm.privacy_team)
    await firm.run()
    file_id = await owner.fetchval("select id from export_file")
    async with firm.access(firm.member) as access:
        content = (await download_export(access, file_id)).content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        tables = {name for name in packed.namelist() if name.endswith(".json")}
        told = json.loads(packed.read("manifest.json")) if "manifest.json" in tables else {}
    assert "account" in str(tables) + str(told)
    assert "member" not in str({name for name in tables if name.startswith("data/")})


@pytest.mark.parametrize(
    "right",
    [
        replace(ABOUT_ACCOUNT, details={"about": "everything"}),
        replace(ABOUT_ACCOUNT, details={"fields": {}}),
        replace(ABOUT_ACCOUNT, kind=RightKind.RESTRICTION),
    ],
)
async def test_nothing_else_is_about_the_account_alone(firm, owner, right):
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.member) as access:
            await submit_request(access, [right])
    assert await owner.fetchval("select count(*) from data_request") == 0
