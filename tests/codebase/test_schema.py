"""What the API says of itself, and what may not break unsaid."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, find_breaking_changes, is_input_object_type

from wardship.app.application import api_schema
from wardship.graphql.engine import check_schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schema.graphql"


def test_every_field_has_a_description_and_every_relation_a_cost_and_a_batch():
    assert check_schema(api_schema()) == []


def test_every_type_and_every_field_of_an_input_has_a_description():
    assert sorted(undescribed(build_schema(api_schema().as_str()))) == []


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    """Yield the types and the fields of inputs that say nothing of themselves."""
    for name, item in schema.type_map.items():
        if name.startswith("__"):
            continue
        if not item.description and name not in {"Boolean", "Float", "ID", "Int", "String"}:
            yield name
        if is_input_object_type(item):
            yield from (f"{name}.{field}" for field, found in item.fields.items() if not found.description)


def test_schema_file_is_current():
    assert SCHEMA.read_text("utf-8") == f"{api_schema().as_str()}\n", "run `make schema`"


# --- what may not break unsaid


def unsaid(before: str, after: str, changes: str) -> list[str]:
    """Return what breaks clients between two schemas and has no line in the part of the change log not yet released."""
    [unreleased] = re.findall(r"^## [^\n]*\(unreleased\)\n(.*?)(?=^## |\Z)", changes, re.MULTILINE | re.DOTALL) or [""]
    breaking = find_breaking_changes(build_schema(before), build_schema(after))
    return sorted(change.description for change in breaking if change.description not in unreleased)


def promised_schema() -> str | None:
    """Return the schema of the last release, before the first one that of the last commit; None without git.

    A clone without history has its own commit at least, and an archive has the schema file alone, which is current.
    """
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    tags = _git(git, "tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD")
    release = tags.split()[0] if tags and tags.split() else "HEAD"
    return _git(git, "show", f"{release}:schema.graphql")


def _git(git: str, *arguments: str) -> str | None:
    command = [git, "-c", f"safe.directory={ROOT}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - git, asked to read
    return done.stdout.decode() if done.returncode == 0 else None


def test_nothing_of_the_last_release_breaks_unsaid():
    before = promised_schema() or SCHEMA.read_text("utf-8")
    assert unsaid(before, api_schema().as_str(), (ROOT / "CHANGELOG.md").read_text("utf-8")) == [], (
        "say each of these in CHANGELOG.md under (unreleased), in these words, or don't break it"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("## 0.2.0 (unreleased)\n- Clearer words.\n", ["Field Query.name was removed."]),
        ("## 0.2.0 (unreleased)\n- Breaking: Field Query.name was removed. Ask for title.\n## 0.1.0\n", []),
        ("## 0.2.0 (unreleased)\n## 0.1.0\n- Field Query.name was removed.\n", ["Field Query.name was removed."]),
        ("## 0.1.0\n- Field Query.name was removed.\n", ["Field Query.name was removed."]),
    ],
)
def test_removed_field_is_found_unless_the_change_log_says_so(changes, expected):
    assert unsaid("type Query { name: String, title: String }", "type Query { title: String }", changes) == expected


def test_added_field_breaks_nothing():
    assert unsaid("type Query { title: String }", "type Query { name: String, title: String }", "") == []
