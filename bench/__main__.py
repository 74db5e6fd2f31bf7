"""`python -m bench`: one run of everything, one table, a chart, and build/bench/result.json."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from bench import attack, console, leaving, oracles, ours, peer, provisioning, subscribers, vendors
from bench.chart import chart
from bench.data import Caller, Size, fill, make_caller
from bench.parts import (
    ALL,
    WITH_DATA,
    Amount,
    measure_alone,
    measure_erasures,
    measure_groupings,
    measure_scales,
    measure_with_data,
    quick,
    whole,
)
from bench.place import BUILD, Place, make_place, scratch_folder
from bench.report import Result, as_json, as_table
from bench.requests import Effort
from tools.prepare.steps import say

_APART: Final[Mapping[str, Callable[[list[str]], int]]] = {
    "subscribers": subscribers.main,
    "attack": attack.main,
    "scim": provisioning.main,
    "oracles": oracles.main,
    "console": console.main,
    "leaving": leaving.main,
    "vendors": vendors.main,
}
"""What is measured by itself, by the word that asks for it."""


class _Options(argparse.Namespace):
    organisations: int
    members: int
    rounds: int
    seconds: float
    quick: bool
    only: str
    output: Path


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when something that is needed is missing."""
    if arguments[:1] and arguments[0] in _APART:
        return _APART[arguments[0]](arguments[1:])
    options = _options(arguments)
    try:
        _peer_versions(options.only)
    except peer.PeerMissingError as error:
        say(f"error: {error}")
        return 1
    begun = time.monotonic()
    result = asyncio.run(_measure(_amount(options), options.only))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(as_json(result), indent=2) + "\n")
    print(as_table(result))
    say(f"Took {time.monotonic() - begun:.0f} s; all figures are in {options.output}.")
    if result.requests:
        drawn = options.output.with_name("chart.svg")
        drawn.write_text(chart(result.requests.compared))
        say(f"The chart is {drawn}.")
    return 0


def _options(arguments: list[str]) -> _Options:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Wardship beside its peers.")
    parser.add_argument("--organisations", type=int, default=101, help="at least 12")
    parser.add_argument("--members", type=int, default=20_000, help="of the organisation that is asked about")
    parser.add_argument("--rounds", type=int, default=7, help="of each operation on each system")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a round")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    parser.add_argument("--only", type=_letters, default=ALL, help="parts, such as a,b,f; all of them by default")
    parser.add_argument("--output", type=Path, default=BUILD / "result.json", help="where the JSON goes")
    options = parser.parse_args(arguments, namespace=_Options())
    if options.organisations < 12 or options.members < 50 or options.rounds < 1 or options.seconds < 1:  # noqa: PLR2004 - what the parts need
        parser.error("needed are 12 organisations, 50 members, 1 round and 1 second")
    return options


def _letters(text: str) -> str:
    letters = text.replace(",", "")
    if not letters or set(letters) - set(ALL):
        raise argparse.ArgumentTypeError(f"the parts are {', '.join(ALL)}")
    return letters


def _amount(options: _Options) -> Amount:
    if options.quick:
        return quick()
    return whole(Size(options.organisations, options.members), Effort(options.rounds, options.seconds, warm_up=5.0))


async def _measure(amount: Amount, only: str) -> Result:
    found: dict[str, Any] = {}
    with scratch_folder() as folder:
        found |= measure_alone(folder, only, amount)
        with make_place(folder) as place:
            if WITH_DATA & set(only):
                caller = await _filled(place, amount.size)
                found |= await measure_with_data(place, caller, only, amount)
            versions = _versions(place, only)
        found |= await measure_erasures(folder, only, amount)
        found |= await measure_groupings(folder, only, amount)
        found |= await measure_scales(folder, only, amount)
    return Result(amount.size, amount.effort, versions, **found)


async def _filled(place: Place, size: Size) -> Caller:
    say(f"filling the database: {size.organisations} organisations, {size.members} members in the first …")
    await ours.migrate(place)
    async with place.superuser() as connection:
        await fill(connection, size)
        async with ours.services_here(place) as services:
            return await make_caller(services, connection)


def _versions(place: Place, only: str) -> dict[str, str]:
    postgres = subprocess.run(
        [place.server.binaries / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    return {"Wardship": version("wardship"), **_peer_versions(only), "PostgreSQL": postgres}


def _peer_versions(only: str) -> dict[str, str]:
    """Return the peer's versions where a part needs it; raises ``PeerMissingError``."""
    if "a" not in only:
        return {}
    found = peer.version()
    node = subprocess.run([peer.NODE, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return {"PostGraphile": found, "Node.js": node.removeprefix("v")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
