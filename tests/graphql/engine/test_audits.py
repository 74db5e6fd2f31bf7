"""Every audit of the npm package graphql-http, against a real server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from litestar import Litestar

from tests.graphql.engine.archive import schema
from tools.prepare.node_packages import node
from wardship.graphql.engine import GraphQLHandler, graphql_route

AUDITS = Path(__file__).parents[1] / "audits"
BY_GET = {"5A70", "D6D5", "6A70"}
"""The audits that a server may pass, by answering queries that come by GET."""


def audited(url: str) -> dict[str, dict[str, str]]:
    """Return each audit's result by its id; fail when the audits aren't installed."""
    assert (AUDITS / "node_modules").is_dir(), "run `make test` once, or `npm ci` in tests/graphql/audits"
    done = subprocess.run(  # noqa: S603 (Node.js, on a script of ours)
        [node(), "audit.cjs", url], cwd=AUDITS, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return {result["id"]: result for result in json.loads(done.stdout)}


@pytest.mark.parametrize("is_get_allowed", [True, False])
def test_all_audits_are_ok(*, is_get_allowed: bool, serve: Callable[[Litestar], str]) -> None:
    handler = GraphQLHandler(schema)
    url = serve(Litestar([graphql_route(handler, is_get_allowed=is_get_allowed)]))
    results = audited(f"{url}/graphql")
    assert len(results) >= 61
    assert handler.metrics.executed >= 20
    failed = {key: result for key, result in results.items() if result["status"] != "ok"}
    assert set(failed) == (set() if is_get_allowed else BY_GET), failed
    assert all(result["name"].startswith("MAY ") for result in failed.values())
