"""A declaration as a JSON document: ``manifest`` and ``revocation_plan``, as a vendor pastes, keeps or serves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from wardship.plugins.api import FIRST_CONTRACT, Manifest, RevocationPlan
from wardship.plugins.host.declaration import UnfitDeclarationError, require_sound
from wardship.plugins.host.promises import gaps_in

MOST_CHARACTERS: Final = 262_144
"""The longest document that is read; the longest of those that ship has 4,000."""
_MOST_FAULTS: Final = 50
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a document, and where; empty where it is about the whole."""

    where: str
    what: str

    @property
    def text(self) -> str:
        """It in a line."""
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class DeclarationDocument:
    """What was read of a document.

    Attributes:
        faults: why it would be refused; empty when it would not be.
        warnings: what it says and does not hold, under contract 1, which lets that pass.
    """

    manifest: Manifest | None
    plan: RevocationPlan | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def document_of(manifest: Manifest, plan: RevocationPlan) -> dict[str, Any]:
    """Return a declaration as the document that ``read_document`` reads."""
    return {"manifest": manifest.model_dump(mode="json"), "revocation_plan": plan.model_dump(mode="json")}


def read_document(text: str) -> DeclarationDocument:
    """Return what a document declares, or all that is wrong in it; other parts of it are passed over."""
    if len(text) > MOST_CHARACTERS:
        return _refused(Fault("", f"the document has more than {MOST_CHARACTERS} characters"))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return _refused(Fault(where, "this is not JSON"))
    if not isinstance(data, dict):
        return _refused(Fault("", "the document is a JSON object with manifest and revocation_plan"))
    faults: list[Fault] = []
    manifest = _part(Manifest, data, "manifest", faults)
    plan = _part(RevocationPlan, data, "revocation_plan", faults)
    if manifest is None or plan is None:
        return _refused(*faults[:_MOST_FAULTS])
    return _judged(manifest, plan)


def _judged(manifest: Manifest, plan: RevocationPlan) -> DeclarationDocument:
    try:
        require_sound(manifest, plan)
    except UnfitDeclarationError as refusal:
        return DeclarationDocument(manifest, plan, (Fault("", str(refusal)),))
    gaps = tuple(Fault(gap.entry, f"{gap.what}; {gap.remedy}") for gap in gaps_in(manifest))
    if manifest.contract == FIRST_CONTRACT:
        return DeclarationDocument(manifest, plan, warnings=gaps)
    return DeclarationDocument(manifest, plan, gaps)


def _part(model: type[ModelT], data: dict[str, Any], name: str, faults: list[Fault]) -> ModelT | None:
    if name not in data:
        faults.append(Fault(name, "this part is missing"))
        return None
    try:
        return model.model_validate(data[name])
    except ValidationError as error:
        faults.extend(_faults(name, error))
    return None


def _faults(name: str, error: ValidationError) -> Iterator[Fault]:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        yield Fault(".".join((name, *map(str, each["loc"]))), each["msg"].removeprefix("Value error, "))


def _refused(*faults: Fault) -> DeclarationDocument:
    return DeclarationDocument(None, None, faults)
