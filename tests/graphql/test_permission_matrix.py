"""Every operation by everybody: one readable table, reviewed as a part of ``operations.txt``."""

from __future__ import annotations

import pytest

from tests.graphql.calls import make_api
from tests.graphql.reviewed import assert_reviewed
from tests.graphql.sample import Sample, all_populate, all_samples
from tests.graphql.world import make_world
from tests.tables import digest
from wardship.app.application import api_schema
from wardship.core.database.engine import Transaction

pytestmark = pytest.mark.anyio

MARKS = {
    "PERMISSION_DENIED": "no",
    "NOT_FOUND": "unseen",
    "INSUFFICIENT_SCOPE": "scope",
    "STEP_UP_REQUIRED": "step-up",
    "NOT_AUTHENTICATED": "sign-in",
}


@pytest.fixture
def commits(monkeypatch):
    """Make every commit a rollback, and tell for each whether the transaction had changed anything."""
    seen: list[bool] = []

    async def commit(self: Transaction) -> None:
        seen.append(await self.fetchval("select pg_current_xact_id_if_assigned() is not null"))
        await self.rollback()

    monkeypatch.setattr(Transaction, "commit", commit)
    return seen


def root_fields() -> set[str]:
    """The schema's own operations."""
    schema = api_schema()._schema
    return {
        name for root in (schema.query_type, schema.mutation_type, schema.subscription_type) for name in root.fields
    }


def test_every_operation_has_exactly_one_sample():
    fields = [sample.field for sample in all_samples()]
    assert sorted(fields) == sorted(root_fields()), "add the operation to tests/graphql/samples/<noun>.py"


async def test_matrix_is_as_reviewed(services, owner, request):
    world = await make_world(services, owner, "Alpha", all_populate())
    commits = request.getfixturevalue("commits")
    api, actors = make_api(services), world.actors()
    before = await digest(owner)
    rows = []
    for sample in sorted(all_samples(), key=_order):
        async with sample.around(world):
            variables = sample.variables(world)
            marks = {}
            for name in sorted(actors, key=_signed_in_first):
                commits.clear()
                mark = outcome(await api.call(actors[name], sample.document, **variables), sample)
                is_done = mark in {"yes", "nothing"}
                assert is_done or not any(commits), f"{sample.field} was refused, but changed something"
                marks[name] = mark
        rows.append((sample.field, *(marks[name] for name in actors)))
    assert await digest(owner) == before
    assert_reviewed("Permissions", _table(("operation", *actors), rows))


def outcome(response: dict, sample: Sample) -> str:
    """What became of a call, in one word."""
    if "errors" in response:
        return _mark(response["errors"][0]["extensions"]["code"])
    answer = response["data"][sample.field]
    if answer in (None, []) or (isinstance(answer, dict) and answer.get("edges") == []):
        return "nothing"
    if sample.document.startswith("mutation") and answer["errors"]:
        return _mark(answer["errors"][0]["code"])
    return "yes"


def _mark(code: str) -> str:
    return MARKS.get(code, code.lower())


def _signed_in_first(name: str) -> bool:
    """Let somebody signed in ask first: what compiling strangers may cause depends on how fast the machine is."""
    return name == "anonymous"


def _order(sample: Sample) -> tuple[bool, str]:
    return sample.document.startswith("mutation"), sample.field


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Lay cells out in columns of fixed width, so that a new row changes no other line."""
    lines = [row[0].ljust(32) + "  ".join(cell.ljust(14) for cell in row[1:]).rstrip() for row in (head, *rows)]
    return "\n".join(lines)
