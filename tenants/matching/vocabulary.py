"""All forms of all that a person is known by, ready to be sought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

import regex

from wardship.tenants.matching.addresses import address_pattern
from wardship.tenants.matching.folding import fold
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.names import FormKind, NameForm, key_of, keys_of, name_forms
from wardship.tenants.matching.phones import phone_pattern

_STRENGTH: Final = tuple(FormKind)
_SIGNS: Final = regex.compile(r"\d|[_.\-+&]")
_SHORTEST: Final = 4
_OTHERS: Final = frozenset({FormKind.FULL, FormKind.LISTED, FormKind.SINGLE})
_FULL: Final = frozenset({FormKind.FULL, FormKind.LISTED})
_SINGLE: Final = frozenset({FormKind.SINGLE, FormKind.PART, FormKind.USERNAME})


class Vocabulary:
    """Patterns and forms of one person, or of several; a pattern is made when it is first needed."""

    def __init__(self, known: Identifiers) -> None:
        self._known = known
        forms = list(_forms(known))
        self._forms: dict[str, list[NameForm]] = defaultdict(list)
        for form in sorted(forms, key=lambda item: _STRENGTH.index(item.kind)):
            self._forms[form.key].append(form)
        full = {form.key for form in forms if form.kind is FormKind.FULL}
        self._distinct = {fold(name.lstrip("@")) for name in known.usernames if _is_distinct(name, full)}
        others = (form for name in sorted(known.others) for form in name_forms(name) if form.kind in _OTHERS)
        self._others = [(key_of("".join(form.words)), form) for form in others]

    @cached_property
    def emails(self) -> regex.Pattern[str] | None:
        """Return what finds the addresses in a folded text."""
        return _compiled(map(address_pattern, sorted(self._known.emails)))

    @cached_property
    def phones(self) -> regex.Pattern[str] | None:
        """Return what finds the telephone numbers."""
        return _compiled(map(phone_pattern, sorted(self._known.phones)))

    @cached_property
    def names(self) -> regex.Pattern[str] | None:
        """Return what finds every full form of a name of several words."""
        return _compiled(_longest_first(form for form in self.forms() if form.kind in _FULL))

    @cached_property
    def short(self) -> regex.Pattern[str] | None:
        """Return what finds what people make of them; one may begin where a full one does."""
        return _compiled(_longest_first(form for form in self.forms() if form.kind not in _FULL | _SINGLE))

    @cached_property
    def words(self) -> regex.Pattern[str] | None:
        """Return what finds names of one word, parts of names, and usernames; one may begin where a longer one does."""
        return _compiled(_longest_first(form for form in self.forms() if form.kind in _SINGLE))

    def others_in(self, folded: str) -> list[regex.Pattern[str]]:
        """Return what finds the names of other people that may stand in a folded text: few of very many do."""
        if not self._others:
            return []
        spoken = key_of(folded)
        return [_pattern(form) for key, form in self._others if key in spoken]

    def may_be_in(self, folded: str) -> bool:
        """Return whether anything of the person is in a folded text."""
        every = (self.names, self.words, self.short, self.emails, self.phones)
        return any(pattern and pattern.search(folded) for pattern in every)

    def forms(self) -> Iterator[NameForm]:
        """Return all forms of all names and usernames."""
        return chain.from_iterable(self._forms.values())

    def forms_of(self, seen: str) -> list[NameForm]:
        """Return the forms that a folded text has, which the pattern of names has found."""
        found: list[NameForm] = next(filter(None, (self._forms.get(key) for key in keys_of(seen))), [])
        return [form for form in found if form.kind is not FormKind.USERNAME or form.words == (seen,)]

    def is_distinct(self, form: NameForm) -> bool:
        """Return whether a form can't be a word: a username with digits or signs, or made of the full name."""
        return form.kind is FormKind.USERNAME and form.words[0] in self._distinct


@lru_cache(maxsize=1000)
def _pattern(form: NameForm) -> regex.Pattern[str]:
    return regex.compile(form.pattern(), regex.V1)


def _forms(known: Identifiers) -> Iterator[NameForm]:
    shared = {fold(name) for name in known.namesakes}
    for name in sorted(known.names):
        yield from name_forms(name, is_namesakes=fold(name) in shared)
    for part in sorted(known.parts - known.names):
        yield from name_forms(part, is_part=True, is_namesakes=fold(part) in shared)
    for username in sorted(known.usernames):
        word = username.lstrip("@")
        if word.strip():
            yield NameForm(FormKind.USERNAME, word, (" ".join(fold(word).split()),), fold(word) in shared)


def _is_distinct(username: str, full: set[str]) -> bool:
    word = fold(username.lstrip("@"))
    has_letter = any(sign.isalpha() for sign in word)
    is_signed = has_letter and len(word) >= _SHORTEST and _SIGNS.search(word.strip(".-_")) is not None
    return is_signed or key_of(word) in full


def _longest_first(forms: Iterable[NameForm]) -> Iterable[str]:
    return dict.fromkeys(form.pattern() for form in sorted(forms, key=lambda form: (-len(form.key), form.pattern())))


def _compiled(patterns: Iterable[str]) -> regex.Pattern[str] | None:
    given = [pattern for pattern in patterns if pattern]
    return regex.compile("|".join(given), regex.V1) if given else None
