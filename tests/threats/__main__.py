"""Takes each control out and runs its test, which has to be red: `python -m tests.threats [numbers]`."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.threats.control import ROOT, Control
from tests.threats.listed import controls


def without(number: int, control: Control) -> str:
    """Return what became of a control's test without it, in a line."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.threats.taken_out", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603 - our own tests
        [*command, f"tests/{control.test}"],
        cwd=ROOT,
        env=os.environ | {"WITHOUT": str(number)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = re.search(r"^WITHOUT: (.*)$", done.stdout, re.MULTILINE)
    return (
        said[1].strip()
        if said and done.returncode in {0, 1}
        else f"BROKEN {(done.stdout + done.stderr).strip()[-300:]}"
    )


def main(wanted: list[int]) -> int:
    """Print a line for each control, and return how many of their tests are not red."""
    listed = controls()
    faults = 0
    for number in wanted or range(len(listed)):
        outcome = without(number, listed[number])
        faults += not outcome.startswith("RED")
        print(f"{number:3} {outcome}\n    {listed[number].words}\n    {listed[number].test}", flush=True)  # noqa: T201 - this is a command
    return faults


if __name__ == "__main__":
    sys.exit(main([int(each) for each in sys.argv[1:]]) > 0)
