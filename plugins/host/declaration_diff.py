"""What an upgrade of an integration would take beyond what an administrator approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from wardship.plugins.api import (
    AttestationLevel,
    AttestSupport,
    EraseSupport,
    ExportSupport,
    Manifest,
    Receives,
    RevocationMethod,
    RevocationPlan,
    RevokeSupport,
    Verb,
)

E = TypeVar("E", bound=Enum)


class DifferenceKind(StrEnum):
    """In what respect more is taken."""

    FIELDS = "fields"
    HOSTS = "hosts"
    PURPOSE = "purpose"
    LEGAL_BASIS = "legal_basis"
    AUDIENCE = "audience"
    RETENTION = "retention"
    RECIPIENTS = "recipients"
    CONTACTS = "contacts"
    IDENTIFIERS = "identifiers"
    COUNTRIES = "countries"
    VENDOR = "vendor"
    PROVIDES = "provides"
    REVOCATION = "revocation"


@dataclass(frozen=True, slots=True)
class Difference:
    """One respect, in words for the administrator; ``before`` is empty when there was nothing."""

    kind: DifferenceKind
    what: str
    before: str
    after: str


def compare_declarations(
    old: Manifest, new: Manifest, *, old_plan: RevocationPlan | None = None, new_plan: RevocationPlan | None = None
) -> tuple[Difference, ...]:
    """Return what the new declaration takes beyond the approved one: an administrator has to approve all of it."""
    return (
        *_fields(old, new),
        *_reach(old, new),
        *_place(old, new),
        *_capabilities(old, new),
        *(_plan(old_plan, new_plan) if old_plan and new_plan else ()),
    )


def _fields(old: Manifest, new: Manifest) -> Iterator[Difference]:
    for entry in new.receives:
        for name in entry.fields:
            before = old.declaration_of(name)
            if before is None:
                yield Difference(DifferenceKind.FIELDS, name, "", f"{entry.category} for {entry.purpose}")
            else:
                yield from _terms(name, before, entry)


def _terms(name: str, old: Receives, new: Receives) -> Iterator[Difference]:
    compared = (
        (DifferenceKind.PURPOSE, old.purpose, new.purpose),
        (DifferenceKind.LEGAL_BASIS, old.legal_basis, new.legal_basis),
        (DifferenceKind.AUDIENCE, old.audience, new.audience),
    )
    for kind, before, after in compared:
        if before != after:
            yield Difference(kind, name, str(before), str(after))
    if new.retention_days > old.retention_days:
        days = (f"{old.retention_days} days", f"{new.retention_days} days")
        yield Difference(DifferenceKind.RETENTION, name, *days)
    yield from _added(DifferenceKind.RECIPIENTS, old.onward_recipients, new.onward_recipients)


def _reach(old: Manifest, new: Manifest) -> Iterator[Difference]:
    yield from _added(DifferenceKind.HOSTS, (*old.hosts, *old.host_settings), (*new.hosts, *new.host_settings))
    # Where a setting no longer says where data is, what lies at another value of it would be forgotten.
    for name in old.place_settings:
        if name not in new.place_settings:
            yield Difference(DifferenceKind.REVOCATION, f"place {name}", "another place", "the same place")
    yield from _added(DifferenceKind.CONTACTS, old.contacts, new.contacts)
    formats = [
        [f"{identifier.type} ({identifier.format})" for identifier in manifest.identifiers] for manifest in (old, new)
    ]
    yield from _added(DifferenceKind.IDENTIFIERS, *formats)
    provided = [
        [f"{name} for {entry.purpose}" for entry in manifest.provides for name in entry.fields]
        for manifest in (old, new)
    ]
    yield from _added(DifferenceKind.PROVIDES, *provided)


def _place(old: Manifest, new: Manifest) -> Iterator[Difference]:
    yield from _added(DifferenceKind.COUNTRIES, old.transfer.countries, new.transfer.countries)
    if old.transfer.safeguard != new.transfer.safeguard:
        yield Difference(DifferenceKind.COUNTRIES, "safeguard", old.transfer.safeguard, new.transfer.safeguard)
    if old.vendor.legal_name != new.vendor.legal_name or old.vendor.country != new.vendor.country:
        before, after = (f"{each.legal_name} ({each.country or 'unstated'})" for each in (old.vendor, new.vendor))
        yield Difference(DifferenceKind.VENDOR, "vendor", before, after)


def _capabilities(old: Manifest, new: Manifest) -> Iterator[Difference]:
    was, is_now = old.supports, new.supports
    if is_now.revoke == RevokeSupport.MANUAL != was.revoke:
        yield Difference(DifferenceKind.REVOCATION, "revoke", was.revoke, is_now.revoke)
    # Each of these enumerations lists its members from the strongest to the weakest.
    for what, before, after, ranking in (
        ("erase", was.erase, is_now.erase, EraseSupport),
        ("attest", was.attest, is_now.attest, AttestSupport),
        ("export", was.export, is_now.export, ExportSupport),
    ):
        if _rank(ranking, after) > _rank(ranking, before):
            yield Difference(DifferenceKind.REVOCATION, what, before, after)
    for what in ("correct", "restrict", "object"):
        if getattr(was, what) and not getattr(is_now, what):
            yield Difference(DifferenceKind.REVOCATION, what, "supported", "not supported")
    for what in ("revoke_h", "erase_d", "attest_d"):
        if getattr(new.deadlines, what) > getattr(old.deadlines, what):
            before_after = (str(getattr(old.deadlines, what)), str(getattr(new.deadlines, what)))
            yield Difference(DifferenceKind.REVOCATION, f"deadline {what}", *before_after)


def _plan(old: RevocationPlan, new: RevocationPlan) -> Iterator[Difference]:
    for verb in Verb:
        before, after = _strength(old, verb), _strength(new, verb)
        if before is not None and (after is None or any(map(int.__gt__, after, before))):
            words = [", ".join(f"{step.method} ({step.proof})" for step in plan.of(verb)) for plan in (old, new)]
            yield Difference(DifferenceKind.REVOCATION, f"plan for {verb}", *words)


def _strength(plan: RevocationPlan, verb: Verb) -> tuple[int, int, int] | None:
    steps = plan.of(verb)
    if not steps:
        return None
    return (
        sum(step.method is RevocationMethod.MANUAL for step in steps),
        max(_rank(AttestationLevel, step.proof) for step in steps),
        max(step.deadline_h for step in steps),
    )


def _rank(ranking: type[E], member: object) -> int:
    return [*ranking].index(ranking(member))


def _added(kind: DifferenceKind, before: Iterable[str], after: Iterable[str]) -> Iterator[Difference]:
    known = set(before)
    for each in dict.fromkeys(after):
        if each not in known:
            yield Difference(kind, str(each), ", ".join(sorted(map(str, known))), str(each))
