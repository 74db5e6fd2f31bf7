"""`wardship doctor`: is this deployment sound?"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

import rich_click as click

from wardship.app.cli.bootstrap import begin
from wardship.app.doctor import examine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(*, as_json: bool) -> None:
    """Check this deployment: database role, policies, clocks, keys, mail, queue, integrations.

    Exit status 1 when something is not sound.
    """
    findings = asyncio.run(examine(begin()))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.is_sound else 'FAIL'} {finding.subject}: {finding.says}")
    sys.exit(0 if all(finding.is_sound for finding in findings) else 1)
