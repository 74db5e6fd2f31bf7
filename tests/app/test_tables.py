"""Tables: what a list shows as CSV, with its rights, its looks and an entry in the chain."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import httpx
import pytest

from tests.builders import make_member, make_organisation
from tests.edge import make_app, undeclared
from tests.graphql.calls import gid, make_api
from tests.requesting import make_firm
from tests.rows import fill
from wardship.app import tables as module
from wardship.app.application import api_schema, routes
from wardship.app.spreadsheets import cell_text
from wardship.core.actor import Role
from wardship.core.http.credentials import Client
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.graphql.engine import GraphQLHandler, Limits
from wardship.graphql.engine.limits import check_extent
from wardship.graphql.server.tables import TABLES, cells, table_arguments, table_document
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

EVIL = '=HYPERLINK("https://evil.example","Ada")'


@pytest.fixture
async def firm(services):
    return await make_firm(services)


@pytest.fixture
async def http(services):
    app = make_app(services.settings, *routes(services))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        yield client
    assert undeclared(app) == set()


async def sign_in(services, http, person) -> None:
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, person.account_id, Stage.COMPLETE, Client(""), at=services.clock.now())
    http.cookies.set("wardship", opened.cookie)


def rows_of(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def table(http, name, **variables: Any) -> httpx.Response:
    return await http.get(f"/tables/{name}", params={"variables": json.dumps(variables)})


async def listed(services, person, name, **variables: Any) -> list[list[str]]:
    """The rows by the API, each in the words of a cell."""
    document, handler = table_document(api_schema()._schema, name), make_api(services)
    found, after = [], None
    while True:
        page = (await handler.data(person, document, first=2, after=after, **variables))[name]
        found += [[cell_text(cell) for cell in cells(edge["node"], name)] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("name", TABLES)
async def test_table_is_what_the_list_shows_page_by_page(services, http, firm, monkeypatch, name, owner):
    await fill(owner, firm.organisation.id, ["installation", "disclosure", "obligation"], "bravo")
    monkeypatch.setattr(module, "_PAGE", 3)
    for number in range(7):
        await make_member(
            services.database, firm.organisation, name=f"Person {number} ß", email=f"p{number}@example.net"
        )
    submitted = await firm.submit(RightKind.ACCESS, RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ACCESS)
    await sign_in(services, http, firm.owner)
    expected = await listed(services, firm.owner, name)
    header, *rows = rows_of(await table(http, name))
    assert header == list(TABLES[name])
    assert rows == expected
    assert len(rows) >= {"members": 11, "auditLog": 2}.get(name, 1)


async def test_answer_is_a_file_of_today(services, http, firm):
    await sign_in(services, http, firm.owner)
    answer = await table(http, "members")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="members-2026-11-21.csv"'
    assert answer.headers["cache-control"] == "no-store"


async def test_filter_and_order_are_the_lists_own(services, http, firm):
    await make_member(services.database, firm.organisation, Role.AUDITOR, name="Zed")
    await make_member(services.database, firm.organisation, Role.AUDITOR, name="Abe")
    await sign_in(services, http, firm.owner)
    asked = {"where": {"role": "AUDITOR"}, "orderBy": "NAME"}
    rows = rows_of(await table(http, "members", **asked))
    assert [row[1] for row in rows[1:]] == ["Abe", "Zed"]
    assert rows[1:] == await listed(services, firm.owner, "members", **asked)


async def test_name_that_would_be_a_formula_is_a_text(services, http, firm):
    await make_member(services.database, firm.organisation, name=EVIL, email="evil@example.net")
    await sign_in(services, http, firm.owner)
    names = [row[1] for row in rows_of(await table(http, "members"))]
    assert f"'{EVIL}" in names
    assert EVIL not in names


async def test_chain_tells_which_table_by_which_filter_and_how_many_rows_and_names_nobody(services, http, firm, owner):
    await sign_in(services, http, firm.owner)
    group = gid("Group", firm.organisation.id)
    asked = {"where": {"namePrefix": "Quentin", "role": "MEMBER", "groupId": group}}
    assert len(rows_of(await table(http, "members", **asked))) == 1
    (text,) = [
        row["entry"] for row in await owner.fetch("select entry::text from audit_entry where action = 'table.exported'")
    ]
    assert "Quentin" not in text
    details = json.loads(text)["details"]
    assert details == {
        "table": "members",
        "rows": 0,
        "filter": {"where": {"namePrefix": "(text)", "role": "MEMBER", "groupId": group}},
    }


async def test_looks_are_those_of_the_list(services, http, firm, owner):
    count = "select count(*) from data_access_person"
    await listed(services, firm.owner, "members")
    by_list = await owner.fetchval(count)
    await owner.execute("delete from data_access_person")
    await owner.execute("delete from data_access")
    await sign_in(services, http, firm.owner)
    rows = rows_of(await table(http, "members"))
    assert len(rows) > 2
    assert await owner.fetchval(count) == by_list > 0


@pytest.mark.parametrize("name", ["auditLog", "disclosures"])
async def test_who_may_not_see_the_list_gets_no_table_and_nothing_is_written_down(services, http, firm, owner, name):
    before = await owner.fetchval("select count(*) from audit_entry")
    await sign_in(services, http, firm.member)
    answer = await table(http, name)
    assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")
    assert await owner.fetchval("select count(*) from audit_entry") == before


@pytest.mark.parametrize("name", ["members", "requests", "obligations"])
async def test_plain_member_gets_what_the_list_shows_to_plain_members(services, http, firm, owner, name):
    await fill(owner, firm.organisation.id, ["installation", "obligation"], "bravo")
    await firm.submit(RightKind.ACCESS, who=firm.owner)
    await sign_in(services, http, firm.member)
    rows = rows_of(await table(http, name))[1:]
    assert rows == await listed(services, firm.member, name)
    assert len(rows) < len(await listed(services, firm.owner, name))


async def test_nobody_and_strangers_get_nothing(services, http, firm):
    assert (await table(http, "members")).status_code == 401
    elsewhere = await make_organisation(services.database, "elsewhere")
    stranger = await make_member(services.database, elsewhere, Role.ORG_OWNER, name="Eve")
    await sign_in(services, http, stranger)
    assert [row[1] for row in rows_of(await table(http, "members"))[1:]] == ["Eve"]
    answer = await http.get(f"/tables/members?organisation={firm.organisation.slug}")
    assert answer.status_code in {403, 404}
    foreign = await http.get("/tables/members", headers={"Sec-Fetch-Site": "cross-site"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "ORIGIN_REFUSED")


async def test_link_names_the_organisation_of_somebody_in_several(services, http, firm):
    other = await make_organisation(services.database, "elsewhere")
    await make_member(services.database, other, Role.MEMBER, account_id=firm.owner.account_id, email=firm.owner.email)
    await sign_in(services, http, firm.owner)
    assert (await table(http, "members")).status_code == 403
    answer = await http.get(f"/tables/members?organisation={firm.organisation.slug}")
    assert rows_of(answer)[1:] == await listed(services, firm.owner, "members")


@pytest.mark.parametrize(
    ("name", "variables", "status"),
    [
        ("passwords", "{}", 404),
        ("members", "", 400),
        ("members", "[]", 400),
        ("members", "{", 400),
        ("members", '{"first": 1000000}', 400),
        ("members", '{"after": "x"}', 400),
        ("members", '{"nothing": 1}', 400),
        ("members", '{"where": {"role": "KING"}}', 400),
        ("members", '{"where": {"groupId": "nonsense"}}', 400),
        ("members", '{"where": {"namePrefix": "\\u0000"}}', 400),
    ],
)
async def test_what_the_list_does_not_take_is_refused_and_nothing_is_written_down(
    services, http, firm, owner, name, variables, status
):
    before = await owner.fetchval("select count(*) from audit_entry")
    await sign_in(services, http, firm.owner)
    answer = await http.get(f"/tables/{name}", params={"variables": variables})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert await owner.fetchval("select count(*) from audit_entry") == before


async def test_table_that_is_too_long_says_to_filter(services, http, firm, monkeypatch, owner):
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    monkeypatch.setattr(module, "_PAGE", 1)
    await sign_in(services, http, firm.owner)
    answer = await table(http, "members")
    assert (answer.status_code, answer.json()["code"]) == (400, "TABLE_TOO_LONG")
    assert await owner.fetchval("select count(*) from audit_entry where action = 'table.exported'") == 0


@pytest.mark.parametrize("name", TABLES)
def test_document_of_a_table_takes_every_argument_of_its_list_and_keeps_within_the_limits(name):
    handler = GraphQLHandler(api_schema())
    plan = handler.plans.plan(table_document(handler.schema, name), None)
    assert plan.kind == "query"
    listed_arguments = set(handler.schema.query_type.fields[name].args)
    assert table_arguments(handler.schema, name) == listed_arguments - {"first", "after"}
    variables = plan.variables.read({"first": 100})
    assert plan.cost.checked(variables.coerced, Limits()) <= Limits().cost
    check_extent(plan.document, Limits())
