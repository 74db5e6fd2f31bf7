"""What takes long is begun first: with several processes, else one of them ends alone with what was begun last.

Each process takes whole files, so that what a file has made is made once. pytest-xdist would begin with the files that
have the most tests, which are the quickest of all; `make test WORKERS=3` has it keep this order instead. What took
longest is printed by `.ci/run`: keep the list by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

LONGEST = (
    "tests/graphql/test_statements.py",  # fills twenty thousand rows of everything
    "tests/graphql/test_plans.py",  # likewise
    "tests/app/test_demo.py",  # plays the demonstration
    "tests/tenants/obligations/test_kill.py",  # kills a worker fifty times
    "tests/tenants/mergers/test_kill.py",
    "tests/tenants/account_claims/test_kill.py",
    "tests/tenants/test_storm.py",
    "tests/graphql/test_permission_matrix.py",
    "tests/plugins/kit/test_wrong_samples.py",  # runs the conformance kit sixty times
    "tests/plugins/kit/test_remote_samples.py",  # likewise, with a server of Node.js for each
    "tests/browser",  # starts the application and Chromium for each file
    "tests/app",  # starts the application
    "tests/bench",
    "tests/codebase",  # starts linters and builds wheels
    "tests/core/database/embedded",  # starts and crashes servers
    "tests/tenants/obligations",
    "tests/tenants/scim/test_storage_contract.py",
    "tests/tenants/mergers",
    "tests/graphql",
    "tests/tenants/test_state_machines.py",
    "tests/tenants/test_ways_to_a_role.py",
    "tests/tenants/test_own_acts.py",
)


def rank(path: str) -> int:
    """Return how soon a file is begun: the place of the first entry of the list that it is, or lies in."""
    places = (place for place, name in enumerate(LONGEST) if path == name or path.startswith(f"{name}/"))
    return next(places, len(LONGEST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; what ranks alike, and the tests of a file, stay in their order."""
    items.sort(key=lambda item: rank(item.nodeid.partition("::")[0]))
