"""Calls a connector's methods one after the other, as a vendor does to see what happens."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from wardship.plugins.api import (
    STANDARD_FIELDS,
    Claim,
    Claimed,
    Field,
    Manifest,
    OutcomeStatus,
    Record,
    Revocation,
    SubjectRef,
    Verb,
)
from wardship.plugins.host.data_guards import Redaction
from wardship.plugins.kit.bench import Bench
from wardship.plugins.kit.checking import make_bench, opened
from wardship.plugins.kit.findings import Findings, KitSetupError
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.stage import Stage
from wardship.plugins.kit.target import Settings, find_target

_GOOD = frozenset({OutcomeStatus.COMPLETED, OutcomeStatus.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Person:
    """About whom calls are made.

    Attributes:
        subject: the id; None for that of the manifest's fixture.
        fields: names and values; none for those of the fixture.
        everything: revocations and their proofs are of everything.
    """

    subject: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One call that was made, as a vendor reads it at a terminal: with the person's data, without secrets.

    Attributes:
        redaction: knows the secrets.
    """

    seen: Seen
    redaction: Redaction

    @property
    def is_good(self) -> bool:
        """Whether it came to a good end, or goes on."""
        return self.seen.end.fault is None and self.seen.end.outcome.status in _GOOD

    def as_data(self) -> dict[str, Any]:
        """Return it for machines."""
        end = self.seen.end
        return {
            "verb": self.seen.verb.value,
            "fault": end.fault,
            "outcome": end.outcome.model_dump(mode="json"),
            "answer": None if end.value is None else end.value.model_dump(mode="json"),
            "basis": end.basis,
            "requests": [
                {"method": each.method, "url": self.redaction.cut(each.url), "status": each.status}
                for each in self.seen.sent
            ],
            "log": [self.redaction.cut(text) for text in self.seen.told],
        }

    def as_text(self) -> str:
        """Return it for people."""
        return self.redaction.cut("\n".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        end = self.seen.end
        fault = f" ({end.fault})" if end.fault else ""
        yield f"{self.seen.verb}: {end.outcome.status}{fault}, {end.outcome.records_affected} records"
        for each in self.seen.sent:
            yield f"  {each.method} {urlsplit(each.url).path} -> {each.status or 'no answer'}"
        yield from (f"  log: {text}" for text in self.seen.told)
        if end.outcome.detail:
            yield f"  {end.outcome.detail}"
        if end.value is not None:
            yield f"  {end.value.model_dump_json(exclude_defaults=True)}"
        if end.basis is not None:
            yield f"  basis of the grade: {end.basis}"
        if end.fault is not None and end.fault.value == "crash" and self.seen.error is not None:
            yield "".join(traceback.format_exception(self.seen.error)).rstrip()


def call_in_turn(target: object, verbs: Sequence[str], settings: Settings, person: Person) -> list[Made]:
    """Call methods one after the other under obligations of their own, and return what came of each.

    Args:
        target: as ``find_target`` takes it.
        verbs: names of the methods, in order; ``attest`` proves what the last ``erase`` or ``revoke`` did.
        settings: as ``check_conformance`` takes them; those of the project where there are none.
        person: about whom.

    Raises:
        KitSetupError: there is no such plugin, no settings, or no such person.
    """
    found = find_target(target)
    found.require_signing()
    loaded, settings = found.load(), settings if settings is not None else found.settings
    if loaded.manifest is None:
        raise KitSetupError(f"{loaded.key} can't be loaded: {loaded.reason}")
    if settings is None:
        raise KitSetupError("say which account to use: --settings FILE, or --server FILE.py:FUNCTION")
    with opened(settings) as values:
        bench = make_bench(loaded, values, found.remote)
        return asyncio.run(_made(bench, [Verb(verb) for verb in verbs], person))


async def _made(bench: Bench, verbs: Sequence[Verb], person: Person) -> list[Made]:
    record, made, redaction = _record(bench, person), [], Redaction.of(None, bench.secrets.values())
    stage, ended = Stage(bench, Findings()), Claimed.ERASED
    with bench.running():
        for verb in verbs:
            ended = Claimed.REVOKED if verb is Verb.REVOKE else Claimed.ERASED if verb is Verb.ERASE else ended
            argument = _argument(stage, verb, record, ended, everything=person.everything)
            made.append(Made(await bench.settle(verb, argument), redaction))
    return made


def _argument(stage: Stage, verb: Verb, record: Record, ended: Claimed, *, everything: bool) -> BaseModel | None:
    if verb is Verb.REVOKE:
        return Revocation(everything=everything, subjects=(record.subject,))
    if verb is Verb.ATTEST:
        return Claim(claimed=ended, everything=everything, subjects=(record.subject,))
    return stage.argument(verb, record)


def _record(bench: Bench, person: Person) -> Record:
    like = bench.people.somebody()
    try:
        subject = like.subject if person.subject is None else SubjectRef(id=person.subject)
        fields = tuple(_field(bench.manifest, *each) for each in person.fields) or like.fields
        return Record(subject=subject, fields=fields)
    except ValidationError as error:
        raise KitSetupError(f"no such person: {error.errors(include_url=False)[0]['msg']}") from None


def _field(manifest: Manifest, name: str, value: str) -> Field:
    if name not in manifest.field_names or name not in STANDARD_FIELDS:
        declared = ", ".join(dict.fromkeys(manifest.field_names))
        raise KitSetupError(f"{manifest.key} does not declare the field {name!r}; it declares: {declared}")
    return Field(category=STANDARD_FIELDS[name].category, name=name, value=value)
