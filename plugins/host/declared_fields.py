"""What is different between two declarations in what is received: every datum is named, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from wardship.plugins.api import Manifest, Receives, Recipient, Safeguard
from wardship.plugins.api.plain_words import Value, say
from wardship.plugins.api.plain_words.phrases import category, field, kept, passed_on, purpose, use_of
from wardship.plugins.host.differences import Difference, DifferenceKind, Effect, compared

_Compared: TypeAlias = "tuple[Value, DifferenceKind, Value | None, Value | None, Effect]"
_K: Final = DifferenceKind
_PROTECTION: Final[Mapping[Safeguard, int]] = {
    Safeguard.NONE_NEEDED: 0,
    Safeguard.ADEQUACY: 0,
    Safeguard.STANDARD_CLAUSES: 1,
    Safeguard.BINDING_RULES: 1,
    Safeguard.EXPLICIT_CONSENT: 2,
}
"""What protects data abroad, best first: the law there, what the parties owe each other, the person's consent alone."""


def field_differences(old: Manifest, new: Manifest) -> Iterator[Difference]:
    """Yield what is different in what is received; data of which the same is different stand together."""
    together: dict[tuple[DifferenceKind, Effect, Value | None, Value | None], list[Value]] = {}
    for name in dict.fromkeys((*new.field_names, *old.field_names)):
        for what, kind, before, after, effect in _of_field(name, old, new):
            if before != after:
                together.setdefault((kind, effect, before, after), []).append(what)
    for (kind, effect, before, after), names in together.items():
        yield from compared(kind, say(f"what.{kind}", fields=tuple(names)), before, after, effect=effect)


def _of_field(name: str, old: Manifest, new: Manifest) -> Iterator[_Compared]:
    known, wanted = old.declarations_of(name), new.declarations_of(name)
    if not known or not wanted:
        before, after = (tuple(map(use_of, entries)) or None for entries in (known, wanted))
        yield field(name), _K.FIELDS, before, after, Effect.NARROWER if known else Effect.WIDER
        return
    yield field(name), _K.PURPOSE, _purposes(known), _purposes(wanted), _purpose_effect(known, wanted)
    for entry in wanted:
        same = next((each for each in known if each.purpose == entry.purpose), known[0])
        named = field(name)
        what = named if len(wanted) == 1 else say("field.for", field=named, purpose=purpose(entry.purpose))
        for terms in _terms(same, entry):
            yield (what, *terms)


def _purposes(entries: Sequence[Receives]) -> tuple[Value, ...]:
    return tuple(say("in_order_to", purpose=purpose(key)) for key in sorted({entry.purpose for entry in entries}))


def _purpose_effect(known: Sequence[Receives], wanted: Sequence[Receives]) -> Effect:
    return Effect.of_sets([entry.purpose for entry in known], [entry.purpose for entry in wanted])


def _terms(old: Receives, new: Receives) -> Iterator[tuple[DifferenceKind, Value | None, Value | None, Effect]]:
    yield _K.CATEGORY, category(old.category), category(new.category), Effect.OTHER
    yield _K.LEGAL_BASIS, say(f"basis.{old.legal_basis}"), say(f"basis.{new.legal_basis}"), Effect.WIDER
    yield _K.AUDIENCE, say(f"audience.{old.audience}"), say(f"audience.{new.audience}"), Effect.WIDER
    yield _K.DIRECTION, say(f"direction.{old.direction}"), say(f"direction.{new.direction}"), Effect.OTHER
    days = old.retention_days, new.retention_days
    yield _K.RETENTION, kept(days[0]), kept(days[1]), Effect.of_numbers(*days)
    recipients = old.onward_recipients, new.onward_recipients
    words = passed_on(recipients[0]), passed_on(recipients[1])
    yield _K.RECIPIENTS, *words, _recipients_effect(*recipients)


def _recipients_effect(old: Sequence[Recipient | str], new: Sequence[Recipient | str]) -> Effect:
    """Return whether one is new, or is said to be in another country, or is protected by less than before."""
    known = {_name(each): each for each in old}
    for each in new:
        before = known.get(_name(each))
        if before is None or (before != each and not _is_safer(before, each)):
            return Effect.WIDER
    return Effect.NARROWER


def _name(recipient: Recipient | str) -> str:
    return recipient if isinstance(recipient, str) else recipient.name


def _is_safer(before: Recipient | str, after: Recipient | str) -> bool:
    """Return whether a recipient is where it was, and protected by no less: of one in words alone nothing was known."""
    if isinstance(before, str) or isinstance(after, str):
        return False
    return before.country == after.country and _PROTECTION[after.safeguard] <= _PROTECTION[before.safeguard]
