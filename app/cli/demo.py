"""`wardship demo`."""

from __future__ import annotations

import sys

import rich_click as click

from wardship.app.demo.script import run_demo


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each step.")
def demo(*, as_json: bool) -> None:
    """Do the main job from end to end on a deployment of its own, checking each step.

    Exit status 0 only if every check held.
    """
    sys.exit(0 if run_demo(as_json=as_json).is_whole else 1)
