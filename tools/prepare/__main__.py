"""Prepare the checkout for one goal: `python -m tools.prepare GOAL`."""

import fcntl
import sys
from collections.abc import Callable

from tools.prepare import browser, core_suite, node_packages, peers, pooler, python_packages
from tools.prepare.steps import BUILD, PreparationError, say

Step = Callable[[], object]

GOALS: dict[str, tuple[Step, ...]] = {
    "run": (python_packages.runtime, python_packages.bytecode, node_packages.console),
    "demo": (python_packages.development, python_packages.bytecode),
    # Without the console: what its pages ask for may not be in the schema yet.
    "schema": (python_packages.development, python_packages.bytecode),
    "test": (
        python_packages.development,
        python_packages.bytecode,
        node_packages.node,
        node_packages.console,
        node_packages.audits,
        node_packages.provider,
        node_packages.oauth_clients,
        node_packages.webhooks,
        core_suite.core_suite,
        browser.chromium,
        pooler.pgbouncer,
    ),
    "check": (
        python_packages.development,
        node_packages.node,
        node_packages.console_packages,
        node_packages.pyright,
    ),
    "bench": (
        python_packages.development,
        python_packages.bytecode,
        node_packages.console,
        browser.chromium,
        peers.postgraphile,
        peers.consoles,
    ),
    "console": (python_packages.runtime, node_packages.console),
    "lock": (python_packages.development,),
}


def main(arguments: list[str]) -> int:
    """Run the steps of one goal; 1 when a step failed, 2 for a goal that does not exist."""
    if len(arguments) != 1 or arguments[0] not in GOALS:
        say(f"usage: python -m tools.prepare {'|'.join(GOALS)}")
        return 2
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two goals at once would install over each other
        try:
            for step in GOALS[arguments[0]]:
                step()
        except PreparationError as error:
            say(f"error: {error}")
            return 1
    return 0


sys.exit(main(sys.argv[1:]))
