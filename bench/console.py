"""The console in a browser, beside those of others: boot to the first form, first rows, and how soon it answers a hand.

`python -m bench console` runs it: published builds from one static server, and two deployments of our own.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bench.browser import launched
from bench.cold_boot import boot_lines, measure_boots, ratios
from bench.large_list import list_lines, measure_lists
from bench.place import BUILD, scratch_folder
from tools.prepare.steps import say

FEW, MANY, MANY_QUICK = 20_000, 1_000_000, 40_000
ROUNDS, ROUNDS_QUICK = 9, 1


class _Options(argparse.Namespace):
    quick: bool
    rounds: int
    output: Path


def main(arguments: list[str]) -> int:
    """Measure this part alone, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench console", description="Measure the console in a browser.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each boot and of each list")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    parser.add_argument("--output", type=Path, default=BUILD / "console.json", help="where the JSON goes")
    options = parser.parse_args(arguments, namespace=_Options())
    rounds = ROUNDS_QUICK if options.quick else options.rounds
    with scratch_folder() as folder, launched() as browser:
        say("cold boots …")
        boots = measure_boots(browser, rounds)
        print("\n".join(boot_lines(boots)))
        say("lists …")
        lists = measure_lists(browser, folder, few=FEW, many=MANY_QUICK if options.quick else MANY, rounds=rounds)
        print("\n".join(list_lines(lists)))
    found = {
        "boots": {name: [asdict(each) for each in each_boots] for name, each_boots in boots.items()},
        "ratios": ratios(boots),
        "lists": asdict(lists) | {"growth": lists.growth},
    }
    options.output.write_text(json.dumps(found, indent=2) + "\n")
    say(f"All figures are in {options.output}.")
    return 0
