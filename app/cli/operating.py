"""`wardship serve`, `worker`, `migrate`, `doctor` and `demo`: to run a deployment, or to see one run."""

from __future__ import annotations

import click

from wardship.app.cli.loading import loaded
from wardship.app.cli.options import as_json as as_json_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of processes.")
@click.option(
    "--demo", "with_demo", is_flag=True, help="Load the demonstration organisations once; print sign-in links."
)
def serve(host: str, port: int, workers: int, *, with_demo: bool) -> None:
    """Serve the API and the console, and work on what is owed.

    With several processes each one also works on obligations: they share the queue safely.
    """
    loaded("commands.serve").serve(host, port, workers, with_demo=with_demo)


@click.command()
def worker() -> None:
    """Work on obligations, clocks and mail until ended; run as many as you like beside `serve`."""
    loaded("commands.operate").work()


@click.command()
@as_json_option
def migrate(*, as_json: bool) -> None:
    """Bring the database forward; safe to repeat, and to run while another does."""
    loaded("commands.operate").migrate(as_json=as_json)


@click.command()
@as_json_option
def doctor(*, as_json: bool) -> None:
    """Check this deployment: pooler, database, migrations, isolation, privacy team, queues, keys, integrations, mail.

    Exit status 1 when something is not sound.
    """
    loaded("commands.operate").doctor(as_json=as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each step.")
def demo(*, as_json: bool) -> None:
    """Do the main job from end to end on a deployment of its own, checking each step.

    Exit status 0 only if every check held.
    """
    loaded("demo.script").demo(as_json=as_json)
