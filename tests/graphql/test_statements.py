"""A query takes one statement for each list or relation that it selects, however many rows there are.

Counted is what leaves the connection, without what begins and ends a transaction. ``operations.txt`` holds the counts
as reviewed, those of mutations too.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.graphql.calls import Api, make_api
from tests.graphql.crowd import callers
from tests.graphql.ready_queries import VARIABLES, most_statements, mutation_variables, name_of, ready, sample_of
from tests.graphql.reviewed import assert_reviewed
from tests.graphql.sample import Sample, all_populate, all_samples
from tests.graphql.schema_paths import document, leaves, schema_paths, target
from tests.graphql.sent_statements import taken_down
from tests.graphql.statement_counts import ASKED_BY, BY_OPERATORS, BY_PRIVACY_TEAM, MANY, Counted, Counter
from tests.graphql.world import World, make_world
from wardship.app.application import api_schema
from wardship.app.nouns import domain_nouns
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_SERVE
from wardship.core.database.engine import Transaction
from wardship.tenants.content.read import rendered_bodies

pytestmark = pytest.mark.anyio

SCHEMA = api_schema()._schema


@pytest.fixture
async def counter(crowd_services, crowd_database):
    async with taken_down(crowd_database) as take:
        yield Counter(make_api(crowd_services), take)


@pytest.fixture
async def database(postgres, database_name):
    """A pool of one connection, so that all that is sent can be taken down."""
    pool = Database(postgres.dsn(role=ROLE_SERVE, database=database_name), tables=domain_nouns().tables, maximum=1)
    await pool.open()
    yield pool
    await pool.close()


async def test_list_or_relation_takes_one_statement_at_most_for_one_row_and_for_many(counter):
    found = await counter.each_alone(SCHEMA)
    assert [each for each in found if not each.is_fair] == []
    assert_counted("lists, relations and objects by id", found)


async def test_root_field_that_takes_one_statement_is_learned_to_be_a_single_read(counter):
    roots = [way for way in schema_paths(SCHEMA) if len(way.steps) == 1]
    for way in roots:
        selection, caller = leaves(target(way.field)), ASKED_BY.get(way.name, "owner")
        for begun in (1, 0):
            await counter.api.data(callers()[caller], document(way, selection, first=MANY))
            sent = await counter.take()
            assert (way.name, len(sent.reading) <= 1, sent.begun) == (way.name, True, begun)


async def test_all_relations_of_an_object_take_one_statement_each_at_most(counter):
    found = await counter.with_relations(SCHEMA)
    assert [each for each in found if not each.is_fair] == []
    assert_counted("with all relations", found)


async def test_ready_query_takes_one_statement_for_each_list_and_relation_at_most(counter):
    found = []
    for text in ready("query"):
        name = name_of(text)
        caller = "operator" if name in BY_OPERATORS else "privacy_team" if name in BY_PRIVACY_TEAM else "owner"
        count, _ = await counter.count(text, caller, **VARIABLES.get(name, {}))
        found.append(Counted(name, None, count, most_statements(SCHEMA, text)))
    assert [each for each in found if not each.is_fair] == []
    assert_counted("ready queries of the console", found)


async def test_what_a_ready_mutation_shows_takes_one_statement_for_each_relation_at_most(services, owner):
    world = await make_world(services, owner, "Alpha", all_populate())
    api, found = make_api(services), []
    async with taken_down(services.database) as take:
        for text in ready("mutation"):
            async with sample_of(text).around(world):
                variables = mutation_variables(text, world)
                await take()
                by_others = ASKED_BY.get(f"Mutation.{sample_of(text).field}", "owner")
                who = "operator" if sample_of(text).field in BY_OPERATORS else by_others
                answer = await api.data(world.actors()[who], text, **variables)
                assert answer[sample_of(text).field]["errors"] == []
                found.append(Counted.of(name_of(text), await take(), most_statements(SCHEMA, text)))
    assert [each for each in found if each.many.answering > each.most] == []
    assert_counted("ready mutations of the console", found)


async def test_relation_that_asks_for_each_row_is_found(counter, monkeypatch):
    async def one_by_one(access, posts):
        return [text for post in posts for text in await rendered_bodies(access, [post])]

    (way,) = [way for way in schema_paths(SCHEMA) if way.name == "Post.text"]
    assert (await counter.alone(way)).is_fair
    monkeypatch.setattr("wardship.graphql.content.model.rendered_bodies", one_by_one)
    found = await counter.alone(way)
    assert (found.few.answering, found.is_fair) == (1, False)
    assert found.many.answering == 10  # posts, of the shortest way: the bin


@pytest.fixture
def committed(monkeypatch):
    """Make every commit a rollback, and tell for each what its transaction had sent and would have sent with it."""
    seen: list[tuple[int, int]] = []

    async def commit(self: Transaction) -> None:
        seen.append((self.statements - len(self.last_statements), len(self.last_statements)))
        await self.rollback()

    monkeypatch.setattr(Transaction, "commit", commit)
    return seen


async def test_statements_of_every_mutation_are_as_reviewed(services, owner, request):
    world = await make_world(services, owner, "Alpha", all_populate())
    committed = request.getfixturevalue("committed")
    api, rows = make_api(services), []
    for sample in sorted(all_samples(), key=lambda sample: sample.field):
        if sample.document.startswith("mutation"):
            async with sample.around(world):
                caller = await _first_who_may(api, world, sample)
                statements, entries = committed[-1]
                rows.append(f"{sample.field:<32}{caller:<16}{statements:>10}{entries:>9}")
    assert_reviewed(
        "Statements: mutations, as their samples call them", "\n".join([f"{'':<48}statements  entries", *rows])
    )


async def _first_who_may(api: Api, world: World, sample: Sample) -> str:
    variables = sample.variables(world)
    for name, actor in world.actors().items():
        response = await api.call(actor, sample.document, **variables)
        if "errors" not in response and not response["data"][sample.field]["errors"]:
            return name
    raise AssertionError(f"nobody may {sample.field}")


def assert_counted(title: str, found: Iterable[Counted]) -> None:
    """Compare counts with one part of what was reviewed."""
    rows = (f"{each.name:44}{each.many.answering:>4}{each.many.recording:>7}" for each in found)
    assert_reviewed(f"Statements: {title}", "\n".join([f"{'':44}read  write", *rows]))
