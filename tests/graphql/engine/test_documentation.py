"""The page about the engine: its example runs, its limits are the real ones, every public name works."""

from __future__ import annotations

import dataclasses
import re
import runpy
from pathlib import Path

from wardship.graphql import engine
from wardship.graphql.engine import Limits

PAGE = (Path(__file__).parents[3] / "docs" / "graphql-engine.md").read_text()


def test_the_example_runs(tmp_path: Path) -> None:
    example = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    script = tmp_path / "example.py"
    script.write_text(example)
    assert runpy.run_path(str(script))["database"].statements == 2


def test_every_limit_is_told_with_its_default() -> None:
    told: dict[str, str] = {}
    for names, values in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]+) \|", PAGE, re.MULTILINE):
        split = re.split(r", (?=\d)", values.strip()) if "," in names else [values.strip()]
        told |= dict(zip(re.findall(r"`(\w+)`", names), split, strict=True))
    for limit in dataclasses.fields(Limits):
        value = f"{limit.default:,g}" if isinstance(limit.default, float) else f"{limit.default:,}"
        assert told[limit.name] == ("64 MiB" if limit.name == "plan_bytes" else value)
    assert len(told) == len(dataclasses.fields(Limits))


def test_every_public_name_exists() -> None:
    assert all(hasattr(engine, name) for name in engine.__all__)
    assert engine.__all__ == sorted(engine.__all__)
