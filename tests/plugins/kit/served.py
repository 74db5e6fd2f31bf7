"""What `plugin new --remote` writes, running on Node.js, with one thing in it changed where a test says so."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tools.prepare.node_packages import node
from wardship.plugins.kit import RemoteTarget, Report, check_conformance
from wardship.plugins.kit.scaffold.writing import write_remote_scaffold


class Change(NamedTuple):
    """What is replaced in a file, and by what."""

    file: str
    before: str
    after: str


def change(folder: Path, changes: Iterable[Change]) -> None:
    """Replace parts of what was written; each of them is there once."""
    for each in changes:
        text = (folder / each.file).read_text("utf-8")
        assert text.count(each.before) == 1, each
        (folder / each.file).write_text(text.replace(each.before, each.after), "utf-8")


@contextmanager
def serving(folder: Path, *, port: int = 0, signing_secret: str = "") -> Iterator[RemoteTarget]:
    """Run the server of a folder until the context ends.

    Args:
        folder: as it was written.
        port: where; 0 for a free one.
        signing_secret: in place of the one in the folder.
    """
    (_, own) = (line.partition("=")[2] for line in (folder / ".env").read_text("utf-8").splitlines())
    secret = signing_secret or own
    env = {**os.environ, "PORT": str(port), "WEBHOOK_SIGNING_SECRET": secret}
    with subprocess.Popen(  # noqa: S603 - what we wrote ourselves
        [node(), "server.mjs"], cwd=folder, env=env, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            said = server.stdout.readline()
            assert said.startswith("listening: "), said
            yield RemoteTarget(said.removeprefix("listening: ").strip(), secret)
        finally:
            server.kill()


def settings(folder: Path) -> dict[str, object]:
    """Return what an administrator would enter."""
    return json.loads((folder / "sandbox.json").read_text("utf-8"))


def report_on(parent: Path, changes: Iterable[Change] = ()) -> Report:
    """Write a remote integration, change it, serve it, and return what the kit finds."""
    folder = write_remote_scaffold("acme", parent)
    change(folder, changes)
    with serving(folder) as target:
        return check_conformance(target, settings(folder))
