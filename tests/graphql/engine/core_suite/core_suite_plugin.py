"""A plugin of pytest: graphql-core's tests execute by the handler, and what became of each is written to a file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NoReturn

import core_suite_adapter as adapter
import graphql
import graphql.execution
import pytest
from exclusions import EXCLUDED, SERIAL
from graphql.execution.executor import Executor

from wardship.graphql.engine.execution import fetching

REPORT = "CORE_SUITE_REPORT"
REPLACED = ("execute", "execute_sync", "graphql", "graphql_sync")
outcomes: dict[str, str] = {}


def pytest_configure() -> None:
    """Put the adapter in the place of what the tests import, before they import it."""
    for module in (graphql, graphql.execution):
        for name in REPLACED:
            if callable(getattr(module, name, None)):
                setattr(module, name, getattr(adapter, name))
    Executor.execute_operation = _refused  # type: ignore[method-assign]  # nothing may go round the handler
    settled = fetching._settled

    async def settle(value: Any, step: Any) -> Any:
        for one in (value, *value) if isinstance(value, list | tuple) else (value,):
            adapter.meet(one)
        return await settled(value, step)

    fetching._settled = settle


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that would wait until their own clocks end them."""
    waiting = {(file, name) for file, reasons in EXCLUDED.items() for name, why in reasons.items() if why is SERIAL}
    for item in list(items):
        name = _name(item.nodeid)
        if (name.partition("::")[0], item.name) in waiting:
            outcomes[name] = "waits for ever"
            items.remove(item)


def _name(nodeid: str) -> str:
    return nodeid.removeprefix("tests/")


def _refused(*_: Any) -> NoReturn:
    raise AssertionError("graphql-core's own execution was called")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Tell the tests that execute something from those that do not."""
    before = adapter.counted["calls"]
    result = yield
    item.user_properties.append(("executions", adapter.counted["calls"] - before))
    return result


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what became of a test; a failure in any phase is the test's."""
    name = _name(report.nodeid)
    if report.failed:
        outcomes[name] = report.longreprtext
    elif report.when == "call":
        outcomes[name] = report.outcome if dict(report.user_properties).get("executions") else "nothing executed"
    elif report.skipped:
        outcomes[name] = report.outcome


def pytest_sessionfinish() -> None:
    """Write the outcomes and the counts."""
    text = json.dumps({"outcomes": outcomes, "counted": adapter.counted})
    Path(os.environ[REPORT]).write_text(text, "utf-8")
