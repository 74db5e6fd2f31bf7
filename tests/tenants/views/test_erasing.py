"""What an erasure leaves of views: nothing of who kept them, and nobody's name or address in those of others."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, system_access
from wardship.tenants.erasure.execute import erase_rows
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.members.identifiers import identifiers_of
from wardship.tenants.views.keep import create_view

pytestmark = pytest.mark.anyio


@pytest.fixture
async def zoe(services, acme):
    return await make_member(services.database, acme, name="Zoë Quill", email="zoe@bücher.example", last_name="Quill")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Zoë Quill", "state=active"),
        ("Hers", "search=zoe%40xn--bcher-kva.example&sort=name"),
        ("Hers", "search=zoe%40b%C3%BCcher.example"),
        ("Hers", "sort=name&search=Zo%C3%AB+Quill"),
        ("Hers", "search=Zo%C3%AB%20Quill&page=2"),
    ],
)
async def test_others_views_do_not_name_who_was_erased(services, acme, admin, zoe, owner, name, address):
    async with access_for(services, admin) as access:
        await create_view(access, name=name, page="members", address=address, is_shared=True)
        await create_view(access, name="Will we?", page="members", address="search=quilt", is_shared=False)
    async with system_access(services, acme) as access:
        rewriting = Rewriting(access, await identifiers_of(access, zoe.member_id), "P")
        await erase_rows(access, zoe.member_id, rewriting)
    first, second = await owner.fetch("select name, address from saved_view order by id")
    assert tuple(second) == ("Will we?", "search=quilt")
    assert "quill" not in str(tuple(first)).lower()
    assert "zo" not in str(tuple(first)).lower()


async def test_own_views_go_with_who_kept_them_shared_ones_too(services, acme, admin, zoe, owner):
    async with access_for(services, admin) as access:
        await create_view(access, name="Stays", page="members", address="", is_shared=True)
    for is_shared in (False, True):
        await owner.execute(
            "insert into saved_view (organisation_id, id, created_at, member_id, name, page, address, is_shared)"
            " values ($1, gen_random_uuid(), now(), $2, 'Goes', 'members', '', $3)",
            acme.id,
            zoe.member_id,
            is_shared,
        )
    async with system_access(services, acme) as access:
        rewriting = Rewriting(access, await identifiers_of(access, zoe.member_id), "P")
        rows = await erase_rows(access, zoe.member_id, rewriting)
    assert rows["saved_view"] == 2
    assert [row["name"] for row in await owner.fetch("select name from saved_view")] == ["Stays"]
