"""Says a declaration in plain words, and what is different between two: what `wardship plugin describe` does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.plugins.api import Manifest, RevocationPlan, plain_words
from wardship.plugins.host.declaration_diff import all_differences
from wardship.plugins.host.declaration_document import document_of, read_document
from wardship.plugins.host.differences import Difference, Effect
from wardship.plugins.kit.findings import KitSetupError
from wardship.plugins.kit.remote.fetching import is_address
from wardship.plugins.kit.target import find_target

_EFFECTS = {Effect.WIDER: "more", Effect.NARROWER: "less", Effect.OTHER: "-"}


def describe(target: str, against: str | None, *, as_json: bool) -> None:
    """Print a declaration in plain words, or in what it is another than an earlier one.

    Exit status 1 where it would have to be approved.
    """
    bootstrap()
    # The earlier first: a project's own sources take the place of an installed package of the same name.
    before = _declared(against) if against is not None else None
    manifest, plan = _declared(target)
    if before is None:
        click.echo(_declaration(manifest, plan, as_json=as_json))
        return
    found = all_differences(before[0], manifest, old_plan=before[1], new_plan=plan)
    click.echo(json.dumps(list(map(_as_data, found)), indent=2) if as_json else "\n".join(_told(found)))
    if any(difference.effect is Effect.WIDER for difference in found):
        sys.exit(1)


def _declared(target: str) -> tuple[Manifest, RevocationPlan]:
    if target.endswith(".json") and not is_address(target):
        return _kept(Path(target))
    loaded = find_target(target).load()
    if loaded.manifest is None or loaded.plan is None:
        raise KitSetupError(f"{target} can't be loaded: {loaded.reason}")
    return loaded.manifest, loaded.plan


def _kept(file: Path) -> tuple[Manifest, RevocationPlan]:
    """Return what a file declares that ``--json`` wrote."""
    try:
        read = read_document(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise KitSetupError(f"{file} can't be read") from None
    if read.faults or read.manifest is None or read.plan is None:
        raise KitSetupError("\n".join(f"{file}: {fault.text}" for fault in read.faults))
    return read.manifest, read.plan


def _declaration(manifest: Manifest, plan: RevocationPlan, *, as_json: bool) -> str:
    words = plain_words(manifest, plan)
    if not as_json:
        return words.text
    sections = [{"title": section.title, "lines": section.lines} for section in words.sections]
    return json.dumps(
        {**document_of(manifest, plan), "words": {"headline": words.headline, "sections": sections}}, indent=2
    )


def _as_data(difference: Difference) -> dict[str, Any]:
    return {
        "kind": difference.kind,
        "effect": difference.effect,
        "what": difference.what,
        "before": difference.was,
        "after": difference.is_now,
        "sentence": difference.sentence,
    }


def _told(found: Iterable[Difference]) -> Iterator[str]:
    """Yield a table, and each difference in a sentence."""
    differences = list(found)
    if not differences:
        yield "Nothing is different."
        return
    heads = ("", "what", "before", "after")
    rows = [(_EFFECTS[each.effect], each.what, each.was or "nothing", each.is_now or "nothing") for each in differences]
    yield from (f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *rows))
    yield ""
    yield from (f"- {each.sentence}" for each in differences)
    yield ""
    more = sum(each.effect is Effect.WIDER for each in differences)
    yield f"{more} of {len(differences)} have to be approved." if more else "Nothing of it has to be approved."
