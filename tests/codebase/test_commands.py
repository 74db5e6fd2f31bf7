"""Every command is documented, has help, and imports what it does only when it does it."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from wardship.app.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
LIGHT = {"wardship.app", "wardship.app.cli", "wardship.app.collector", "wardship.core", "wardship.core.errors"}
"""What help may import of Wardship, besides the modules of `app/cli` and modules of constants that its options name."""
CONSTANTS = {"wardship.core.tokens", "wardship.core.tokens.scopes"}
IMPORTED_BY_HELP = """
import json, sys
before = set(sys.modules)
from wardship.app.cli import main
sys.argv = ["wardship", *sys.argv[1:], "--help"]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield every command that does something, by its full name."""
    if not isinstance(command, click.Group):
        yield path
        return
    for name, found in command.commands.items():
        yield from commands(found, *path, name)


EVERY = list(commands(cli))
GROUPS = sorted({path[:-1] for path in EVERY})


def test_every_command_is_documented():
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "".join(path.read_text("utf-8") for path in documents)
    assert [path for path in EVERY if " ".join(("wardship", *path)) not in text] == []


def test_every_command_has_help_for_itself_and_for_each_option():
    for name, found in cli.commands.items():
        assert found.help, name
        members = found.commands.values() if isinstance(found, click.Group) else [found]
        for member in members:
            options = [item for item in member.params if isinstance(item, click.Option)]
            assert member.help, member.name
            assert [item.name for item in options if not item.help] == [], member.name


@pytest.mark.parametrize("path", [*GROUPS, *EVERY], ids=lambda path: " ".join(path) or "wardship")
def test_help_imports_the_command_line_and_nothing_that_a_command_does(path):
    asked = [sys.executable, "-c", IMPORTED_BY_HELP, *path]
    done = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)  # noqa: S603 - our own program
    imported = json.loads(done.stdout.splitlines()[-1])
    others = {name.split(".")[0] for name in imported} - sys.stdlib_module_names
    assert others <= {"wardship", "click", "__editable___wardship_0_1_0_finder"}
    ours = {name for name in imported if name.startswith("wardship.")}
    assert {name for name in ours if not name.startswith("wardship.app.cli.")} <= LIGHT | CONSTANTS


def loads() -> Iterator[tuple[str, ast.Call]]:
    """Yield what the command line loads: the module, and the call of a function of it."""
    for path in (ROOT / "app" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                loading = node.func.value
                if isinstance(loading, ast.Call) and getattr(loading.func, "id", "") == "loaded":
                    yield ast.literal_eval(loading.args[0]), node


def test_every_command_calls_a_function_that_is_there_with_what_it_takes():
    """No type checker follows a module that is loaded by its name."""
    called = list(loads())
    assert len(called) == len(EVERY)
    for module, call in called:
        assert isinstance(call.func, ast.Attribute)
        function = getattr(importlib.import_module(f"wardship.app.{module}"), call.func.attr)
        keywords = {str(word.arg): None for word in call.keywords}
        inspect.signature(function).bind(*call.args, **keywords)
