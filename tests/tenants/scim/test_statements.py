"""What a directory's usual requests cost: how many statements, and how much each reads among very many people."""

from __future__ import annotations

import pytest

from tests.graphql.query_plans import Explainer
from tests.tenants.scim.directory import USER
from wardship.core.database.engine import Transaction

pytestmark = pytest.mark.anyio
PEOPLE = """
    with made as (
        insert into member (organisation_id, id, created_at, joined_at, display_name, email, pseudonym)
        select $1, gen_random_uuid(), now(), now(), 'P' || n, 'p' || n || '@x.example', 'Many ' || n
        from generate_series(1, 5000) n returning organisation_id, id, email
    )
    insert into directory_user (organisation_id, id, created_at, member_id, changed_at, user_name, user_name_key,
        external_id)
    select organisation_id, gen_random_uuid(), now(), id, now(), email, email, 'e' || email from made
"""
ADA = {
    "schemas": [USER],
    "userName": "ada@x.example",
    "displayName": "Ada",
    "externalId": "e-ada",
    "emails": [{"value": "ada@x.example", "type": "work", "primary": True}],
}


@pytest.fixture
def sent(monkeypatch):
    """Every statement inside transactions, with its arguments."""
    found = []
    ask = Transaction._ask

    async def asked(self, method, sql, arguments, **how):
        found.append((sql, arguments))
        return await ask(self, method, sql, arguments, **how)

    monkeypatch.setattr(Transaction, "_ask", asked)
    return found


@pytest.fixture
async def crowded(owner, acme, directory):
    await owner.execute("set session_replication_role = replica")
    await owner.execute(PEOPLE, acme.id)
    await owner.execute("set session_replication_role = origin")
    await owner.execute("vacuum analyze member, directory_user")
    await directory.json("GET", "/Users", count=0)
    return directory


async def test_person_is_added_by_twelve_statements(directory, sent):
    await directory.json("GET", "/Users", count=0)  # the use of the token is noted
    sent.clear()
    await directory.json("POST", "/Users", ADA, 201)
    assert len(sent) == 12, [sql for sql, _ in sent]


@pytest.mark.parametrize("name", ["userName", "externalId"])
async def test_person_is_found_by_name_among_many_by_an_index(crowded, owner, acme, sent, name):
    value = {"userName": "P7@x.example", "externalId": "ep7@x.example"}[name]
    sent.clear()
    assert len(await crowded.find("/Users", f'{name} eq "{value}"')) == 1
    ((sql, arguments),) = sent
    explained = await Explainer(owner, acme.id).plan(await Explainer(owner, acme.id)._typed(sql, arguments))
    assert explained["Shared Hit Blocks"] + explained["Shared Read Blocks"] < 40


async def test_person_is_added_among_many_without_reading_them(crowded, owner, acme, sent):
    sent.clear()
    await crowded.json("POST", "/Users", ADA, 201)
    explainer = Explainer(owner, acme.id)
    for sql, arguments in sent:
        if sql.lstrip().startswith("select") and "advisory" not in sql:
            plan = await explainer.plan(await explainer._typed(sql, arguments))
            assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 60, sql
