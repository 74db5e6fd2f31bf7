"""No list or relation of the API, however it is narrowed or ordered, reads a large tenant through.

Each is asked through the API, first page and next; what is sent is explained as the serving role meets it, by the plan
that suits all arguments. Lists, relations, filters and orders are those of the schema, so that a new one is tried too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest

from tests.graphql.calls import make_api
from tests.graphql.crowd import ORGANISATION, callers, key
from tests.graphql.filters_and_orders import EXEMPT, allowed, samples
from tests.graphql.query_plans import Explainer
from tests.graphql.schema_paths import (
    SchemaPath,
    document,
    is_connection,
    leaves,
    narrowings,
    node_types,
    relations,
    sample_id,
    schema_paths,
    target,
)
from tests.graphql.sent_statements import taken_down
from wardship.app.application import api_schema
from wardship.tenants.parameters import Parameters

pytestmark = pytest.mark.anyio

SCHEMA = api_schema()._schema
FIRST = 5


def test_every_filter_and_order_has_a_sample():
    assert sorted(samples()) == sorted(narrowings(SCHEMA)), (
        "give each filter or order a line in FILTERS of tests/graphql/samples/<noun>.py"
    )


def test_every_relation_is_reached_or_shown_by_a_mutation_alone():
    """What a mutation shows is counted in ``test_statements``."""
    ways = list(schema_paths(SCHEMA))
    payloads = [found for name, found in SCHEMA.type_map.items() if name.endswith("Payload")]
    shown = {target(field).name for payload in payloads for field in payload.fields.values()}
    of_mutations = shown - {target(way.field).name for way in ways} | {payload.name for payload in payloads}
    missed = relations(SCHEMA) - {way.name for way in ways}
    assert {name for name in missed if name.split(".")[0] not in of_mutations} == set()


@pytest.fixture
def explainer(crowd_owner):
    return Explainer(crowd_owner, ORGANISATION)


async def test_no_list_or_relation_reads_a_large_tenant_through(crowd_services, crowd_database, explainer):
    api, slow, seen = make_api(crowd_services), {}, set()
    async with taken_down(crowd_database) as take:
        for name, asked, path in _asked():
            for caller, actor in callers().items():
                answer = await api.call(actor, asked)
                for further in _next_page(asked, path, answer):
                    await api.data(actor, further)
                for query in (await take()).reading:
                    sent = (query.query, str(query.args))
                    if sent not in seen and not query.query.startswith("set local "):
                        seen.add(sent)
                        faults = await explainer.faults(*query[:2], allowed(query.query, caller, asked))
                        slow |= {f"{name}, asked by {caller}": (*faults, query.query)} if faults else {}
    assert slow == {}, "add an index that has the list in its order, or write the statement so that it finds one"
    assert [each.why for each in EXEMPT if not any(each.statement in sql for sql, _ in seen)] == []


@asynccontextmanager
async def _dropped(owner, index):
    definition = await owner.fetchval("select pg_get_indexdef($1::regclass)", index)
    await owner.execute(f"drop index {index}")
    yield
    await owner.execute(definition)


async def test_missing_index_is_found(explainer, crowd_owner):
    sql = "select d.id from disclosure d where d.organisation_id = $1 order by d.created_at, d.id limit 6"
    assert await explainer.faults(sql, [ORGANISATION]) == []
    async with _dropped(crowd_owner, "disclosure_order"):
        (fault, *_) = await explainer.faults(sql, [ORGANISATION])
    assert fault.startswith("reads 20000 rows: 20000 by ")


async def test_scan_of_a_table_is_found(explainer, crowd_owner):
    await crowd_owner.execute("set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off")
    sql = "select m.id from member m where m.organisation_id = $1 and m.id = $2"
    assert "scans member" in await explainer.faults(sql, [ORGANISATION, key("m", 7)])


async def test_row_that_a_filter_throws_away_counts_as_read(explainer):
    sql = "select m.id from member m where m.organisation_id = $1 and m.phone = $2 limit 6"
    (fault, *_) = await explainer.faults(sql, [ORGANISATION, "1"])
    assert fault.startswith("reads 20000 rows: 20000 by ")


@pytest.mark.parametrize(
    ("condition", "leak"),
    [
        ("lower(m.display_name) = $2", "lower()"),
        ("m.display_name like $2", "~~ (textlike)"),
        ("m.display_name ilike $2", "~~* (texticlike)"),
        ("(length(m.phone)::numeric, m.display_name) > (1, $2)", "> (numeric_gt)"),
        (
            "exists (select from member o where o.organisation_id = $1 and upper(o.state) = $2 and o.id = m.id)",
            "upper()",
        ),
    ],
)
async def test_operator_that_leaks_is_found(explainer, condition, leak):
    sql = f"select m.id from member m where m.organisation_id = $1 and {condition} limit 6"
    faults = await explainer.faults(sql, [ORGANISATION, "member 7"])
    assert f"filters by {leak}, which is not leakproof" in faults


async def test_operators_that_an_index_may_use_are_no_fault(explainer):
    sql = """select m.id from member m where m.organisation_id = $1 and m.id = any($2::uuid[]) and m.state = 'active'
        and (m.created_at, m.id) > ('2026-01-01T00:00:00Z', m.organisation_id) and starts_with(m.display_name, 'M')
        and m.display_name between 'A' and 'Z' and m.left_at is null and length('a') = 1 limit 6"""
    faults = await explainer.faults(sql, [ORGANISATION, [key("m", 7)]])
    assert [fault for fault in faults if "leakproof" in fault] == []


async def test_index_that_is_read_through_without_a_row_to_show_for_it_is_found(explainer):
    sql = "select m.id, m.email from member m where m.organisation_id = $1 and m.id = any($2::uuid[])"
    (fault,) = await explainer.faults(sql, [ORGANISATION, [key("m", 7)]])
    assert re.fullmatch(r"reads \d{3} pages for 1 rows", fault)
    one = "select m.id, m.email from member m where m.organisation_id = $1 and m.id = w.id"
    for ids in ([key("m", 7)], [key("m", 7), key("m", 8)]):
        parameters = Parameters(ORGANISATION)
        assert await explainer.faults(parameters.for_each(ids, one), parameters.values) == []


def _asked() -> Iterator[tuple[str, str, str]]:
    """Yield what is asked: a name, a document, and the path to the list whose next page is asked for, if it has one."""
    for name in node_types(SCHEMA):
        yield f"node: {name}", f'{{ node(id: "{sample_id(name)}") {{ id }} }}', ""
    for way in schema_paths(SCHEMA):
        yield way.name, document(way, leaves(target(way.field))), _path(way)
        for name, tried in samples().items():
            if name.startswith(f"{way.name}("):
                for arguments in tried:
                    yield f"{way.name}({arguments})", document(way, leaves(target(way.field)), arguments), _path(way)


def _path(way: SchemaPath) -> str:
    return ".".join(name for name, _ in way.steps) if is_connection(way.field) else ""


def _next_page(asked: str, path: str, answer: dict) -> list[str]:
    """The same document for what follows the first one, unless there is none."""
    cursors = _cursors(answer.get("data"), path.split(".")) if path else []
    head, opening, tail = asked.rpartition(f"{path.rsplit('.', 1)[-1]}(first: {FIRST}")
    return [f'{head}{opening}, after: "{cursors[0]}"{tail}'] if cursors else []


def _cursors(found: object, path: list[str]) -> list[str]:
    if isinstance(found, list):
        return [cursor for each in found for cursor in _cursors(each, path)]
    if not isinstance(found, dict):
        return []
    if not path:
        return [edge["cursor"] for edge in found["edges"]]
    if path[0] in found:
        return _cursors(found[path[0]], path[1:])
    return _cursors([edge["node"] for edge in found.get("edges", ())], path)
