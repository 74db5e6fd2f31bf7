"""What is different between two versions of a declaration, and what of it an administrator has to approve."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Final, TypeVar

from wardship.plugins.api import (
    AttestationLevel,
    AttestSupport,
    EraseSupport,
    ExportSupport,
    Manifest,
    OAuth,
    RevocationMethod,
    RevocationPlan,
    RevokeSupport,
    Verb,
)
from wardship.plugins.api.plain_words import Value, say
from wardship.plugins.api.plain_words.phrases import (
    ADDRESSES,
    deadlines,
    endings,
    identifier_words,
    limits,
    places,
    provided,
    rights,
    seat,
    servers,
    service,
    step_words,
)
from wardship.plugins.host.declared_fields import field_differences
from wardship.plugins.host.differences import Difference, DifferenceKind, Effect, compared, compared_sets

E = TypeVar("E", bound=Enum)
_K: Final = DifferenceKind
_PLEDGES: Final = frozenset({"revoke_h", "erase_d", "attest_d"})
"""The deadlines by which something is taken back."""
_RANKED: Final[Mapping[str, type[Enum]]] = {"erase": EraseSupport, "attest": AttestSupport, "export": ExportSupport}
"""Each of these enumerations lists its members from the strongest to the weakest."""


def compare_declarations(
    old: Manifest, new: Manifest, *, old_plan: RevocationPlan | None = None, new_plan: RevocationPlan | None = None
) -> tuple[Difference, ...]:
    """Return what the new declaration takes beyond the approved one: an administrator has to approve all of it."""
    found = all_differences(old, new, old_plan=old_plan, new_plan=new_plan)
    return tuple(difference for difference in found if difference.effect is Effect.WIDER)


def all_differences(
    old: Manifest, new: Manifest, *, old_plan: RevocationPlan | None = None, new_plan: RevocationPlan | None = None
) -> tuple[Difference, ...]:
    """Return all that a person can read another way in the new declaration, each difference once."""
    return (
        *field_differences(old, new),
        *_reach(old, new),
        *_access(old.oauth, new.oauth),
        *_place(old, new),
        *_vendor(old, new),
        *_supports(old, new),
        *_terms(old, new),
        *(_plan(old_plan, new_plan) if old_plan and new_plan else ()),
    )


def _reach(old: Manifest, new: Manifest) -> Iterator[Difference]:
    both = old, new
    hosts = [(*each.hosts, *each.host_settings) for each in both]
    yield from compared_sets(_K.HOSTS, say("what.hosts"), [servers(each) for each in both], hosts)
    places_of = [_settings(each.place_settings) for each in both]
    # Where a setting no longer says where data is, what lies at another value of it would be forgotten.
    yield from compared_sets(_K.REVOCATION, say("what.places"), places_of, [new.place_settings, old.place_settings])
    contacts = [tuple(say(f"contact.{kind}") for kind in each.contacts) for each in both]
    yield from compared_sets(_K.CONTACTS, say("what.contacts"), contacts, [each.contacts for each in both])
    identifiers = [tuple(map(identifier_words, each.identifiers)) for each in both]
    yield from compared_sets(_K.IDENTIFIERS, say("what.identifiers"), identifiers, [each.identifiers for each in both])
    comes_in = [tuple(word for entry in each.provides for word in provided(entry)) for each in both]
    yield from compared_sets(_K.PROVIDES, say("what.provides"), comes_in, [_provided(each) for each in both])


def _settings(names: Collection[str]) -> tuple[Value, ...]:
    return tuple(say("setting", setting=name) for name in names)


def _provided(manifest: Manifest) -> set[tuple[str, str]]:
    return {(name, entry.purpose) for entry in manifest.provides for name in entry.fields}


def _access(old: OAuth | None, new: OAuth | None) -> Iterator[Difference]:
    """Yield what the deployment is let in for, and where people and their tokens are led."""
    scopes = [each.scopes if each else () for each in (old, new)]
    yield from compared_sets(_K.ACCESS, say("what.access.scopes"), scopes, scopes)
    asked = [each.authorize_parameters if each else () for each in (old, new)]
    yield from compared_sets(_K.ACCESS, say("what.access.authorize_parameters"), asked, asked)
    for what in ADDRESSES:
        before, after = (getattr(each, what) if each else None for each in (old, new))
        yield from compared(_K.ACCESS, say(f"what.access.{what}"), before, after, effect=Effect.WIDER)


def _place(old: Manifest, new: Manifest) -> Iterator[Difference]:
    was, is_now = old.transfer, new.transfer
    words, countries = [places(was), places(is_now)], [was.countries, is_now.countries]
    yield from compared_sets(_K.COUNTRIES, say("what.countries"), words, countries)
    before, after = (say(f"safeguard.{each.safeguard}") for each in (was, is_now))
    yield from compared(_K.COUNTRIES, say("what.safeguard"), before, after, effect=Effect.WIDER)


def _vendor(old: Manifest, new: Manifest) -> Iterator[Difference]:
    before, after = old.vendor, new.vendor
    yield from compared(_K.VENDOR, say("what.vendor"), seat(before), seat(after), effect=Effect.WIDER)
    for what, was, is_now in (
        ("name", old.name, new.name),
        ("version", old.version, new.version),
        ("privacy_contact", before.privacy_contact, after.privacy_contact),
        ("policy_url", _address(before.policy_url), _address(after.policy_url)),
        ("agreement_url", _address(before.agreement_url), _address(after.agreement_url)),
    ):
        yield from compared(_K.ABOUT, say(f"what.{what}"), was, is_now, effect=Effect.OTHER)


def _address(url: object | None) -> str | None:
    return None if url is None else str(url)


def _supports(old: Manifest, new: Manifest) -> Iterator[Difference]:
    words = [dict((*rights(each), *endings(each), *service(each))) for each in (old, new)]
    for what, before in words[0].items():
        was, is_now = getattr(old.supports, what), getattr(new.supports, what)
        kind = _K.SERVICE if what in dict(service(old)) else _K.REVOCATION
        yield from compared(
            kind, say(f"what.{what}"), before, words[1][what], effect=_support_effect(what, was, is_now)
        )


def _support_effect(what: str, before: object, after: object) -> Effect:
    if what in _RANKED:
        return Effect.of_numbers(_rank(_RANKED[what], before), _rank(_RANKED[what], after))
    if what == "revoke":
        return Effect.of_numbers(before == RevokeSupport.MANUAL, after == RevokeSupport.MANUAL)
    if what in {"correct", "restrict", "object"}:
        return Effect.of_numbers(not before, not after)
    return Effect.OTHER


def _terms(old: Manifest, new: Manifest) -> Iterator[Difference]:
    before, after = dict(deadlines(old)), dict(deadlines(new))
    for what in before | after:
        numbers = getattr(old.deadlines, what), getattr(new.deadlines, what)
        is_pledge = what in _PLEDGES
        yield from compared(
            _K.REVOCATION if is_pledge else _K.SERVICE,
            say(f"what.deadline.{what}"),
            before.get(what),
            after.get(what),
            effect=Effect.of_numbers(*numbers) if is_pledge else Effect.OTHER,
        )
    before, after = dict(limits(old)), dict(limits(new))
    for what in before | after:
        yield from compared(
            _K.SERVICE, say(f"what.limit.{what}"), before.get(what), after.get(what), effect=Effect.OTHER
        )


def _plan(old: RevocationPlan, new: RevocationPlan) -> Iterator[Difference]:
    for verb in Verb:
        before, after = _strength(old, verb), _strength(new, verb)
        yield from compared(
            _K.REVOCATION,
            say("what.plan", when=say(f"when.{verb}")),
            tuple(map(step_words, old.of(verb))),
            tuple(map(step_words, new.of(verb))),
            effect=_plan_effect(before, after),
        )


def _plan_effect(before: tuple[int, ...] | None, after: tuple[int, ...] | None) -> Effect:
    if before is None:
        return Effect.NARROWER
    if after is None or any(map(int.__gt__, after, before)):
        return Effect.WIDER
    return Effect.NARROWER if after != before else Effect.OTHER


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
