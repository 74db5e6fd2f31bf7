"""Make the file that a person gets: structured JSON with a manifest, a readable page, and what vendors handed out."""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import jinja2
import msgspec

from wardship.plugins.api.taxonomy import CATEGORIES
from wardship.tenants.exports.export_context import Change, Look, Quote, Recipient
from wardship.tenants.exports.gather import Section

FORMAT = "wardship-copy"
VERSION = 1
_EARLIEST_YEAR = 1980


class VendorPart(msgspec.Struct, frozen=True):
    """What one place answered: ``status`` says whether and why not; rows are tagged by category.

    Attributes:
        integration: key of the integration, with a number where it has several places.
        recipient: the vendor, with the server where the settings name one.
    """

    integration: str
    status: str
    rows: tuple[dict[str, object], ...]
    recipient: str = ""


class Withheld(msgspec.Struct, frozen=True):
    """What one limitation took out of a copy: what it names, how many values that were, why, and until when."""

    what: str
    values: int
    reason_code: str
    reason: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into one copy, already redacted, without what is withheld.

    Attributes:
        limitation: the limitations in words.
        withheld: what they took out; empty though there are words where these are of before and took out nothing.
    """

    organisation: str
    right: str
    made_at: datetime
    sections: Sequence[Section]
    recipients: Sequence[Recipient]
    looks: Sequence[Look]
    changes: Sequence[Change]
    quotes: Sequence[Quote]
    vendors: Sequence[VendorPart]
    redactions: int
    limitation: str
    withheld: Sequence[Withheld]
    is_complete: bool


def pack(contents: Contents) -> bytes:
    """Return the copy as a ZIP archive; the same contents make the same bytes."""
    data = _data(contents)
    parts = {"data.json": _json(data), "index.html": _page(contents).encode()}
    parts |= {f"recipients/{part.integration}.json": _json(part) for part in contents.vendors if part.rows}
    parts["manifest.json"] = _json(_manifest(contents, parts))
    archive = io.BytesIO()
    moment = contents.made_at.astimezone(UTC).timetuple()[:6]
    stamp = moment if moment[0] >= _EARLIEST_YEAR else (_EARLIEST_YEAR, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(parts):
            file.writestr(zipfile.ZipInfo(name, stamp), parts[name], zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _data(contents: Contents) -> dict[str, Any]:
    return {
        "sections": {section.table: section.rows for section in contents.sections},
        "recipients": contents.recipients,
        "looked_at_by": contents.looks,
        "changes": contents.changes,
        "mentioned_in": contents.quotes,
    }


def _manifest(contents: Contents, parts: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "right": contents.right,
        "organisation": contents.organisation,
        "made_at": contents.made_at.astimezone(UTC).isoformat(),
        "is_complete": contents.is_complete,
        "limitation": contents.limitation,
        "withheld": contents.withheld,
        "redactions_of_other_people": contents.redactions,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())},
        "tables": [
            {"table": section.table, "rows": len(section.rows), "columns": section.origins}
            for section in contents.sections
        ],
        "recipients": [
            {
                "integration": part.integration,
                "recipient": part.recipient,
                "status": part.status,
                "rows": len(part.rows),
            }
            for part in contents.vendors
        ],
    }


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _page(contents: Contents) -> str:
    return _template().render(contents=contents, words=_words)


def _words(category: str) -> str:
    term = CATEGORIES.get(category)
    return term.label if term is not None else category


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(resources.files("wardship.tenants.exports").joinpath("copy.html").read_text())
