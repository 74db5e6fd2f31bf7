"""A single read is one statement in one round trip, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from tests.builders import make_member, make_organisation
from wardship.app.nouns import domain_nouns
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_SERVE
from wardship.core.database.scope import Scope
from wardship.core.database.single import SecondStatementError

pytestmark = pytest.mark.anyio

MEMBERS = "select m.organisation_id, m.id from member m order by m.created_at, m.id"
NOTE = "insert into audit_head (organisation_id, id, created_at, sequence, hash) select current_tenant(), "


@pytest.fixture
async def database(postgres, database_name):
    """A pool of one connection, so that a statement finds what the one before left."""
    pool = Database(postgres.dsn(role=ROLE_SERVE, database=database_name), tables=domain_nouns().tables, maximum=1)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
async def alpha(database):
    return await make_organisation(database, "alpha")


@pytest.fixture
async def beta(database):
    return await make_organisation(database, "beta")


@pytest.fixture
async def people(database, alpha, beta):
    """Two members of alpha, one of beta."""
    return [await make_member(database, place) for place in (alpha, alpha, beta)]


def _read(database, organisation):
    return database.single_read(Scope(organisation.id, read_only=True))


def _note(marker) -> str:
    return f"{NOTE}'{marker}', now(), 1, ''"


async def _noted(owner) -> list[object]:
    return [row["id"] for row in await owner.fetch("select id from audit_head")]


async def test_it_reads_the_rows_of_its_organisation_and_of_no_other(database, alpha, beta, people):
    async with _read(database, alpha) as transaction:
        found = await transaction.fetch(MEMBERS)
    assert [row["id"] for row in found] == [people[0].member_id, people[1].member_id]
    async with _read(database, beta) as transaction:
        row = await transaction.fetchrow(f"{MEMBERS} limit $1", 5)
    assert (row["organisation_id"], row["id"]) == (beta.id, people[2].member_id)


@pytest.mark.usefixtures("people")
async def test_it_takes_one_statement_and_no_begin_or_commit(database, alpha):
    sent = []
    async with database.engine.pool.acquire() as connection:
        connection.add_query_logger(lambda query: sent.append(query.query))
    async with _read(database, alpha) as transaction:
        assert await transaction.fetchval("select count(*) from member where id <> $1", uuid4()) == 2
    await asyncio.sleep(0)
    assert [text for text in sent if "count(*)" in text] == sent
    assert len(sent) == 1


@pytest.mark.usefixtures("people")
async def test_it_leaves_no_scope_on_the_connection(database, alpha):
    async with _read(database, alpha) as transaction:
        assert len(await transaction.fetch(MEMBERS)) == 2
    row = await database.look_up("select current_tenant() as tenant, (select count(*) from member) as seen")
    assert tuple(row) == (None, 0)


@pytest.mark.usefixtures("people")
async def test_a_failing_statement_leaves_neither_scope_nor_transaction(database, alpha):
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with _read(database, alpha) as transaction:
            await transaction.fetch("select 1 / (count(*) - 2) from member")
    async with database.engine.pool.acquire() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("select current_tenant()") is None


async def test_a_second_statement_is_refused_before_it_is_sent(database, alpha):
    async with _read(database, alpha) as transaction:
        await transaction.fetch("select 1")
        with pytest.raises(SecondStatementError, match="open a transaction"):
            await transaction.fetch("select 2")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "sql", ["delete from member returning id", "with gone as (delete from member returning id) select id from gone"]
)
async def test_a_statement_that_writes_is_refused(database, alpha, owner, sql):
    with pytest.raises(asyncpg.PostgresSyntaxError if sql.startswith("delete") else asyncpg.FeatureNotSupportedError):
        async with _read(database, alpha) as transaction:
            await transaction.fetch(sql)
    assert await owner.fetchval("select count(*) from member") == 3


async def test_a_function_that_writes_is_refused(database, alpha, people, owner):
    await owner.execute(
        "create function touch(which uuid) returns uuid language sql volatile as"
        " $$update member set title = 'touched' where id = which returning id$$;"
        "grant execute on function touch to wardship_serve"
    )
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with _read(database, alpha) as transaction:
            await transaction.fetch("select touch(id) from member where id = $1", people[0].member_id)
    assert await owner.fetchval("select count(*) from member where title = 'touched'") == 0
    async with database.tenant(alpha.id) as transaction:  # what comes next on the connection may write
        assert await transaction.execute("update member set title = 'touched' where id = $1", people[0].member_id) == 1


@pytest.mark.parametrize("lock", ["for update", "FOR NO KEY UPDATE", "for\nshare", "for key share"])
async def test_a_statement_that_locks_is_refused(database, alpha, lock):
    async with _read(database, alpha) as transaction:
        with pytest.raises(ValueError, match="open a transaction"):
            await transaction.fetch(f"select id from member {lock}")


async def test_statements_for_their_effect_are_refused(database, alpha):
    async with _read(database, alpha) as transaction:
        for refused in (transaction.execute("select 1"), transaction.executemany("select $1", [(1,)])):
            with pytest.raises(NotImplementedError):
                await refused
        with pytest.raises(NotImplementedError):
            transaction.at_commit("select 1")


async def test_the_connection_is_back_in_the_pool_while_the_block_goes_on(database, alpha):
    async with _read(database, alpha) as transaction:
        await transaction.fetch(MEMBERS)
        assert database.engine.pool.get_idle_size() == 1


async def test_what_is_to_follow_is_written_in_its_own_scope(database, alpha, owner):
    marker = uuid4()
    async with _read(database, alpha) as transaction:
        await transaction.fetch(MEMBERS)
        transaction.after_commit(Scope(alpha.id), _note(marker))
    assert marker in await _noted(owner)
    async with database.engine.pool.acquire() as connection:
        assert not connection.is_in_transaction()


async def test_nothing_follows_a_read_that_failed(database, alpha, owner):
    before = await _noted(owner)
    with pytest.raises(ZeroDivisionError):
        async with _read(database, alpha) as transaction:
            transaction.after_commit(Scope(alpha.id), _note(uuid4()))
            raise ZeroDivisionError
    assert await _noted(owner) == before


async def test_what_cannot_be_written_afterwards_is_an_error(database, alpha):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with _read(database, alpha) as transaction:
            transaction.after_commit(
                Scope(alpha.id),
                f"insert into audit_head (organisation_id, id, created_at, sequence, hash)"
                f" select '{uuid4()}', '{uuid4()}', now(), 1, ''",
            )
    async with database.engine.pool.acquire() as connection:
        assert not connection.is_in_transaction()


@pytest.mark.parametrize("scope", [Scope(), Scope(uuid4()), Scope(uuid4(), directory=True, read_only=True)])
async def test_only_reading_one_organisation_is_offered(database, scope):
    with pytest.raises(ValueError, match="one organisation"):
        database.single_read(scope)


async def test_it_is_no_transaction_inside_another(database, alpha):
    async with _read(database, alpha) as transaction:
        assert database.engine.current_transaction.get() is transaction
        with pytest.raises(RuntimeError, match="already open"):
            _read(database, alpha)
    assert database.engine.current_transaction.get() is None
