"""Every command is documented and has help."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import rich_click as click

from wardship.app.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]


def commands(command: click.Command, *path: str) -> Iterator[str]:
    """Yield every command that does something, by its full name."""
    if not isinstance(command, click.Group):
        yield " ".join(path)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from commands(found, *path, name)


def test_every_command_is_documented():
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "".join(path.read_text("utf-8") for path in documents)
    assert [name for name in commands(cli, "wardship") if name not in text] == []


def test_every_command_has_help_for_itself_and_for_each_option():
    for name in cli.list_commands(click.Context(cli)):
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        assert found.help, name
        members = found.commands.values() if isinstance(found, click.Group) else [found]
        for member in members:
            options = [item for item in member.params if isinstance(item, click.Option)]
            assert [item.name for item in options if not item.help] == [], member.name
