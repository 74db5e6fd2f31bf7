"""`python -m bench`: one run, one table, and build/bench/result.json; `python -m bench subscribers` is a part alone."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from bench import ours, peer, subscribers
from bench.audit import measure_audit
from bench.data import Caller, Size, fill, make_caller
from bench.obligations import measure_dispatch, measure_obligations
from bench.place import BUILD, Place, make_place, scratch_folder
from bench.report import Result, as_json, as_table
from bench.requests import Effort, measure_requests
from bench.says import say
from bench.starting import measure_starting


class _Options(argparse.Namespace):
    organisations: int
    members: int
    rounds: int
    seconds: float
    quick: bool
    output: Path


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when something that is needed is missing."""
    if arguments[:1] == ["subscribers"]:
        return subscribers.main(arguments[1:])
    options = _options(arguments)
    try:
        peer.version()
    except peer.PeerMissingError as error:
        say(f"error: {error}")
        return 1
    begun = time.monotonic()
    result = asyncio.run(_measure(options))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(as_json(result), indent=2) + "\n")
    print(as_table(result))
    say(f"Took {time.monotonic() - begun:.0f} s; all figures are in {options.output}.")
    return 0


def _options(arguments: list[str]) -> _Options:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Wardship beside its peers.")
    parser.add_argument("--organisations", type=int, default=101, help="at least 12")
    parser.add_argument("--members", type=int, default=20_000, help="of the organisation that is asked about")
    parser.add_argument("--rounds", type=int, default=7, help="of each operation on each system")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a round")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    parser.add_argument("--output", type=Path, default=BUILD / "result.json", help="where the JSON goes")
    options = parser.parse_args(arguments, namespace=_Options())
    if options.quick:
        options.organisations, options.members, options.rounds, options.seconds = 12, 300, 1, 1.0
    if options.organisations < 12 or options.members < 50 or options.rounds < 1 or options.seconds < 1:  # noqa: PLR2004 - what the parts need
        parser.error("needed are 12 organisations, 50 members, 1 round and 1 second")
    return options


async def _measure(options: _Options) -> Result:
    size = Size(options.organisations, options.members)
    effort = Effort(options.rounds, options.seconds, warm_up=1.0 if options.quick else 5.0)
    with scratch_folder() as folder:
        say("(f) starting …")
        starting = measure_starting(folder, repetitions=1 if options.quick else 3)
        with make_place(folder) as place:
            caller = await _filled(place, size)
            say("(a) requests …")
            requests = await measure_requests(place, caller, size, effort)
            say("(c) obligations and dispatch …")
            obligations = await measure_obligations(place, organisations=2 if options.quick else 15)
            dispatch = await measure_dispatch(calls=200 if options.quick else 2000, rounds=3)
            say("(e) audit …")
            audit = await measure_audit(
                place, appends=80 if options.quick else 2000, entries=500 if options.quick else 20_000
            )
            return Result(size, effort, _versions(place), requests, obligations, dispatch, audit, starting)


async def _filled(place: Place, size: Size) -> Caller:
    say(f"filling the database: {size.organisations} organisations, {size.members} members in the first …")
    await ours.migrate(place)
    async with place.superuser() as connection:
        await fill(connection, size)
        async with ours.services_here(place) as services:
            return await make_caller(services, connection)


def _versions(place: Place) -> dict[str, str]:
    postgres = subprocess.run(
        [place.server.binaries / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    node = subprocess.run([peer.NODE, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return {
        "Wardship": version("wardship"),
        "PostGraphile": peer.version(),
        "Node.js": node.removeprefix("v"),
        "PostgreSQL": postgres,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
