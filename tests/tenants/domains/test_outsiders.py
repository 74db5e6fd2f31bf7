"""Nobody outside learns whether an organisation is a customer: not by answers, not by what is asked of the database."""

from __future__ import annotations

import json
import re

import asyncpg
import pytest

from tests.graphql.calls import gid, make_api
from tests.tenants.domains.claimant import NAME
from wardship.core.database.embedded import ROLE_SERVE
from wardship.core.database.engine import Transaction
from wardship.tenants.domains.clocks import check_domains
from wardship.tenants.domains.records import ClaimState

pytestmark = pytest.mark.anyio

CLAIM = """
mutation C($input: ClaimDomainInput!) { claimDomain(input: $input) {
    domain { name displayName scope state stateUntil recordName checkedAt finding contestedUntil quarantinedUntil }
    record { name value } errors { code message } } }
"""
VERIFY = "mutation V($input: DomainInput!) { verifyDomain(input: $input) { domain { state } errors { code message } } }"
DOMAIN = "query D($id: ID!) { domain(id: $id) { state finding contestedUntil quarantinedUntil } }"


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Every statement that is sent."""
    found: list[str] = []
    real = Transaction._ask

    async def ask(self, method, sql, arguments, **how):
        found.append(sql)
        return await real(self, method, sql, arguments, **how)

    monkeypatch.setattr(Transaction, "_ask", ask)
    return found


async def _seen(rival, name, sent, owner):
    """What an outsider sees of a domain: claimed, looked up without its record, and read again; and what was sent."""
    api, who = make_api(rival.services), rival.admin.actor(at=rival.services.clock.now())
    sent.clear()
    answers = [await api.call(who, CLAIM, input={"name": name})]
    claim_id = await owner.fetchval(
        "select id from domain_claim where organisation_id = $1 and name = $2", rival.organisation.id, name
    )
    global_id = gid("Domain", claim_id)
    answers.append(await api.call(who, VERIFY, input={"domainId": global_id}))
    statements = list(sent)
    sent.clear()
    await check_domains(rival.services)
    statements += sent
    answers.append(await api.call(who, DOMAIN, id=global_id))
    shown = json.dumps(answers).replace(name, "NAME")
    return re.sub(r"token=[\w-]+", "token", shown), statements


async def test_claim_of_a_held_domain_and_of_a_free_one_are_alike(harbour, rival, owner, sent):
    await harbour.held()
    held = await _seen(rival, NAME, sent, owner)
    free = await _seen(rival, "nobody-has-claimed.com", sent, owner)
    assert held == free
    assert "harbour" not in held[0].lower()
    assert len(held[1]) > 10


async def test_claimant_never_learns_who_holds_the_domain(harbour, rival, owner):
    held = await harbour.held("quay-freight.com")
    issued = await rival.prove("quay-freight.com")
    assert await rival.state(issued.claim.id) is ClaimState.CONTESTED
    api, who = make_api(rival.services), rival.admin.actor(at=rival.services.clock.now())
    everything = json.dumps(
        [
            await api.call(who, "{ domains { edges { node { id name state contestedUntil checkAt finding } } } }"),
            await api.call(who, "{ auditLog(first: 100) { edges { node { action targetId } } } }"),
            await api.call(who, "{ viewer { notices { edges { node { subject body } } } } }"),
        ]
    )
    rows = [
        row["text"]
        for table in ("domain_claim", "audit_entry", "notice")
        for row in await owner.fetch(
            f"select t::text as text from {table} t where organisation_id = $1", rival.organisation.id
        )
    ]
    names = [harbour.organisation.slug, harbour.organisation.name, str(harbour.organisation.id)]
    assert not any(name in text for name in names for text in (everything, *rows))
    assert str(held.claim.id) not in everything


async def test_holder_never_learns_who_has_proven_the_domain(harbour, rival, owner):
    await harbour.held()
    issued = await rival.prove()
    rows = [
        row["text"]
        for table in ("domain_claim", "audit_entry", "notice")
        for row in await owner.fetch(
            f"select t::text as text from {table} t where organisation_id = $1", harbour.organisation.id
        )
    ]
    names = [rival.organisation.slug, rival.organisation.name, str(rival.organisation.id), str(issued.claim.id)]
    assert not any(name in text for name in names for text in rows)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from domain",
        "select count(*) from domain",
        "select from domain where name = 'harbour-logistics.com'",
        "insert into domain (id, created_at, name) values (gen_random_uuid(), now(), 'x.com')",
        "update domain set epoch = 7",
        "delete from domain",
    ],
)
async def test_directory_of_domains_is_not_listed_even_by_the_serving_role(
    harbour, postgres, database_name, statement, owner
):
    await harbour.held()
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SERVE, database=database_name))
    try:
        await connection.execute("set wardship.directory = 'on'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
        found = await connection.fetchrow("select * from domain_holder($1, $2)", NAME, [])
        assert found["holder_id"] == harbour.organisation.id
    finally:
        await connection.close()
    assert [tuple(row) for row in await owner.fetch("select name, epoch from domain")] == [(NAME, 1)]


async def test_record_says_for_whom_it_is_before_anybody_places_it(harbour):
    """Who is tricked into placing a record reads which service and which organisation it is for."""
    issued = await harbour.claim("büro-für-häfen.de")
    plain = issued.challenge.value
    assert plain.isascii()
    assert re.fullmatch(
        r"wardship-domain,service=localhost:8000,organisation=harbour,scope=name,token=[\w-]{43}", plain
    )
    assert not set(plain) & set(' ;"\\')
