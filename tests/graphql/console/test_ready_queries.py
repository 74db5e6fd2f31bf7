"""The ready queries of the explorer: each is valid, within the limits, and says what it is for."""

import re
from pathlib import Path

import pytest

from wardship.app.application import api_schema
from wardship.graphql.engine import GraphQLHandler

FOLDER = Path(__file__).resolve().parents[3] / "graphql" / "console" / "queries"
QUERIES = sorted(FOLDER.glob("*.graphql"), key=lambda path: int(path.stem.partition("_")[0]))


@pytest.fixture(scope="module")
def handler() -> GraphQLHandler:
    return GraphQLHandler(api_schema())


def test_there_are_queries_for_the_daily_work():
    assert len(QUERIES) >= 8
    numbers = [path.stem.partition("_")[0] for path in QUERIES]
    assert numbers == [f"{number:02}" for number in range(1, len(QUERIES) + 1)]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_ready_query_is_valid_and_affordable(path, handler):
    plan = handler.plans.plan(path.read_text("utf-8"), None)
    assert plan.kind in {"query", "mutation", "subscription"}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_ready_query_has_a_title_and_a_name(path):
    lines = path.read_text("utf-8").splitlines()
    assert re.fullmatch(r"# [A-Z].{3,60}", lines[0])
    assert re.search(r"^(?:query|mutation|subscription) [A-Z]\w+", "\n".join(lines), re.MULTILINE)


def test_titles_and_names_are_unique():
    texts = [path.read_text("utf-8") for path in QUERIES]
    titles = [text.splitlines()[0] for text in texts]
    names = [re.findall(r"^(?:query|mutation|subscription) (\w+)", text, re.MULTILINE)[0] for text in texts]
    assert len(set(titles)) == len(set(names)) == len(QUERIES)
