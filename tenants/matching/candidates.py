"""A PostgreSQL pattern that leaves out no text in which the matcher finds something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, groupby
from typing import Final

from wardship.tenants.matching.addresses import canonical_address
from wardship.tenants.matching.characters import is_ignorable, is_mark
from wardship.tenants.matching.folding import fold, fold_sign
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.names import FormKind, NameForm
from wardship.tenants.matching.phones import digits_of, phone_forms
from wardship.tenants.matching.vocabulary import Vocabulary
from wardship.tenants.matching.words import is_common

_LAST_DIGITS: Final = 7
_ESCAPE: Final = r"&[#a-zA-Z0-9]+;|%[0-9a-fA-F]{2}|\\[u\"'\\/][0-9a-fA-F]{0,4}"
_CHANGED: Final = ((0, 0x3400), (0xA600, 0x12000), (0x16E00, 0x1FC00), (0x2F800, 0x2FA20), (0xE0000, 0xE1000))
"""Where all characters stand that folding changes."""
_OPTIONAL: Final = frozenset("-'. \"")
_ABOVE: Final = "\u0307"
_LAST_PLAIN: Final = 0xFFFF


def candidate_pattern(known: Identifiers, *, is_certain: bool = False) -> str:
    """Return a regular expression that every text matches in which something of the person is found.

    It finds more than the matcher, never less. It has no lookaround and no back reference, so that PostgreSQL reads
    each text once; letter case and the forms of a letter stand in it as characters, so that it depends neither on the
    locale nor on the collation of the database. Empty when there is nothing to find.

    Args:
        known: what they are known by.
        is_certain: only texts with a find that is certain are needed.
    """
    vocabulary = Vocabulary(known)
    names = {_name(form, is_at=is_certain and not _may_be_certain(vocabulary, form)) for form in vocabulary.forms()}
    return "|".join(sorted({*names, *map(_email, known.emails), *map(_phone, known.phones)} - {""}))


def _may_be_certain(vocabulary: Vocabulary, form: NameForm) -> bool:
    return form.kind in {FormKind.FULL, FormKind.LISTED, FormKind.SHORT} or vocabulary.is_distinct(form)


def _name(form: NameForm, *, is_at: bool) -> str:
    """Return the pattern of the one word of a form that is least likely in other texts."""
    words = chain.from_iterable(word.replace("-", " ").split() for word in form.words)
    word = max(words, key=lambda item: (not is_common(item), len(item)), default="")
    if is_at:
        return "" if form.kind in {FormKind.PART, FormKind.SHORT} else f"{_at()}{_spelt(word)}"
    return _spelt(word)


def _email(address: str) -> str:
    local = canonical_address(address).rpartition("@")[0]
    return f"{_spelt(fold(local))}(?:[+@]|{_of('@')}|{_ESCAPE})"


def _phone(phone: str) -> str:
    forms = phone_forms(phone)
    shortest = min((form for form in forms if not form.startswith("+")), key=len, default="")
    last = digits_of(shortest)[-_LAST_DIGITS:]
    return r"[^0-9]{0,6}".join(map(_of, last)) if last else ""


def _at() -> str:
    return f"(?:{_of('@')}|{_ESCAPE}){_unseen()}*"


def _spelt(folded: str) -> str:
    """Return the pattern of a folded word: each letter in all its forms, and letters that stand for several."""
    return _clustered(tuple(_clusters(folded)))


def _clustered(clusters: tuple[str, ...]) -> str:
    if not clusters:
        return ""
    rest = "".join(cluster[0] for cluster in clusters)
    alone = _position(clusters[0]) + _clustered(clusters[1:])
    several = [
        f"{_class(signs)}{_unseen()}*{_clustered(clusters[len(letters) :])}"
        for letters, signs in sorted(_several().get(clusters[0][0], {}).items())
        if rest.startswith(letters)
    ]
    return f"(?:{'|'.join((alone, *several))})" if several else alone


def _clusters(folded: str) -> Iterator[str]:
    """Return the letters, each with the marks on it."""
    cluster = ""
    for sign in folded:
        if cluster and not is_mark(sign):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def _position(cluster: str) -> str:
    marks = "".join(sorted({*cluster[1:], _ABOVE}))
    letter = f"(?:{_of(cluster[0])}|{_ESCAPE})"
    is_optional = cluster[0] in _OPTIONAL
    return f"{letter}{'?' if is_optional else ''}{_unseen(marks)}*"


def _of(sign: str) -> str:
    """Return the class of all characters that are this one when folded, with marks or without."""
    return _class({sign, *_alone().get(sign, ())})


@cache
def _unseen(marks: str = _ABOVE) -> str:
    return _class({*marks, *_ignorable()})


@cache
def _ignorable() -> frozenset[str]:
    """Return the characters without a shape of their own."""
    codes = chain.from_iterable(range(start, end) for start, end in _CHANGED)
    return frozenset(filter(is_ignorable, map(chr, codes)))


def _class(signs: Iterable[str]) -> str:
    codes = sorted(map(ord, signs))
    runs = ([code for _, code in run] for _, run in groupby(enumerate(codes), key=lambda item: item[1] - item[0]))
    return f"[{''.join(_code(run[0]) if len(run) == 1 else f'{_code(run[0])}-{_code(run[-1])}' for run in runs)}]"


def _code(code: int) -> str:
    if chr(code).isascii():
        return chr(code) if chr(code).isalnum() else f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_PLAIN else f"\\U{code:08x}"


@cache
def _alone() -> dict[str, set[str]]:
    """Return, for each folded letter, the characters that become it, with marks or without."""
    return {letter: signs for letters, signs in _changed().items() if len(letters) == 1 for letter in letters}


@cache
def _several() -> dict[str, dict[str, set[str]]]:
    """Return, for each folded letter, the characters that become it and further letters: by all of them."""
    found: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for letters, signs in _changed().items():
        if len(letters) > 1:
            found[letters[0]][letters] = signs
    return found


@cache
def _changed() -> dict[str, set[str]]:
    """Return the characters that folding changes, by the letters that they become."""
    found: dict[str, set[str]] = defaultdict(set)
    for sign in (chr(code) for start, end in _CHANGED for code in range(start, end)):
        folded = fold_sign(sign)
        letters = "".join(part for place, part in enumerate(folded) if place == 0 or not is_mark(part))
        if folded not in {"", sign}:
            found[letters].add(sign)
    return dict(found)
