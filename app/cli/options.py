"""Options and arguments that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
"""A file that is there and can be read."""


as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
"""For programs: what is printed is one JSON value."""
