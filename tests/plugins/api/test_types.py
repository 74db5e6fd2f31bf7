"""What a vendor writes is checked against the types that the contract brings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "integrations.md").read_text("utf-8")
BLOCKS = [block.split("```", 1)[0] for block in TEXT.split("```python\n")[1:]]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that checks a text as a vendor would: the contract is an installed package."""
    folder = tmp_path_factory.mktemp("vendor")
    installed = folder / "installed"
    shutil.copytree(ROOT / "plugins" / "api", installed / "wardship" / "plugins" / "api")
    (folder / "mypy.ini").write_text("[mypy]\nstrict = true\n")

    def check(text: str) -> tuple[int, str]:
        (folder / "newsletter_wardship.py").write_text(text)
        done = subprocess.run(  # noqa: S603 - the type checker
            [sys.executable, "-m", "mypy", "--cache-dir", folder / "cache", "newsletter_wardship.py"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(installed)},
            check=False,
            capture_output=True,
            text=True,
            timeout=180,
        )
        return done.returncode, done.stdout + done.stderr

    return check


IMPORTS = """
import json
from datetime import datetime
from wardship.plugins.api import InboundCall, InboundEvent, InboundKind, InboundSubject, Received, verify_webhook
"""
"""What the documented way to take a call uses besides."""


def test_what_the_documentation_shows_passes_mypy_strict(checked):
    example, going, receiving = BLOCKS
    text = example + "\n\nclass GoingOn(Newsletter):\n" + indent(going, "    ")
    text += f"\n\n{IMPORTS}\n\nclass Receiving(Newsletter):\n" + indent(receiving, "    ")
    assert checked(text) == (0, "Success: no issues found in 1 source file\n")


def test_a_mistake_of_the_vendors_is_found(checked):
    status, said = checked(BLOCKS[0].replace("Outcome.completed(len(share.records))", "len(share.records)"))
    assert status == 1
    assert 'Incompatible return value type (got "int", expected "Outcome")' in said
