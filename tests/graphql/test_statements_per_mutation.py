"""How many statements each mutation sends: one readable table, reviewed as ``statements_per_mutation.txt``.

``WRITE_STATEMENTS=1 python -m pytest tests/graphql/test_statements_per_mutation.py`` writes the table anew; read what
changed. Each is a round trip, besides one to authenticate, one to begin and one to commit, which takes the entries of
the audit chain along.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.graphql.calls import Api, make_api
from tests.graphql.sample import Sample, all_populate, all_samples
from tests.graphql.world import World, make_world
from wardship.core.database.engine import Transaction

pytestmark = pytest.mark.anyio

SNAPSHOT = Path(__file__).with_name("statements_per_mutation.txt")
LEGEND = """What each mutation sends, as its sample calls it; made by test_statements_per_mutation.py.

statements  in its transaction, besides BEGIN and COMMIT
entries     of the audit chain, appended in the message of COMMIT

"""
HEAD = ("mutation", "called by", "statements", "entries")


@pytest.fixture
def sent(monkeypatch):
    """Make every commit a rollback, and tell for each what its transaction had sent and would have sent with it."""
    seen: list[tuple[int, int]] = []

    async def commit(self: Transaction) -> None:
        seen.append((self.statements - len(self.last_statements), len(self.last_statements)))
        await self.rollback()

    monkeypatch.setattr(Transaction, "commit", commit)
    return seen


async def test_statements_of_every_mutation_are_as_reviewed(services, owner, request):
    world = await make_world(services, owner, "Alpha", all_populate())
    sent = request.getfixturevalue("sent")
    api = make_api(services)
    rows = [HEAD]
    for sample in sorted(all_samples(), key=lambda sample: sample.field):
        if sample.document.startswith("mutation"):
            async with sample.around(world):
                rows.append((sample.field, await _first_who_may(api, world, sample), *map(str, sent[-1])))
    table = LEGEND + "".join(f"{row[0]:<32}{row[1]:<16}{row[2]:>10}{row[3]:>9}\n" for row in rows)
    if os.environ.get("WRITE_STATEMENTS"):
        SNAPSHOT.write_text(table)
    assert table == SNAPSHOT.read_text(), "read the difference; if it is right, run with WRITE_STATEMENTS=1"


async def _first_who_may(api: Api, world: World, sample: Sample) -> str:
    variables = sample.variables(world)
    for name, actor in world.actors().items():
        response = await api.call(actor, sample.document, **variables)
        if "errors" not in response and not response["data"][sample.field]["errors"]:
            return name
    raise AssertionError(f"nobody may {sample.field}")
