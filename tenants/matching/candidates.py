"""Conditions for PostgreSQL that leave out no text in which the matcher finds something, and few others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Final

from wardship.tenants.matching.addresses import canonical_address
from wardship.tenants.matching.folding import fold
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.names import FormKind, NameForm
from wardship.tenants.matching.phones import digits_of, phone_forms
from wardship.tenants.matching.spellings import clusters, unusual, written_as
from wardship.tenants.matching.vocabulary import Vocabulary

_LAST_DIGITS: Final = 7
_SPELT_OUT: Final = 3
_UNCERTAIN: Final = frozenset({FormKind.PART, FormKind.SHORT})
_WIDE: Final = frozenset({FormKind.FULL, FormKind.LISTED, FormKind.SHORT})

_Sought = tuple[str, ...]
"""Folded words that stand in a text in this order, whatever stands between them."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What to ask the database for.

    A text may have a find in it when, in small ASCII letters, it is like one of ``likes``, or when something of
    ``unusual`` is in it. Neither depends on the locale or collation of the database.

    Attributes:
        likes: patterns of LIKE, for the usual spellings; empty when there is nothing to find.
        unusual: a regular expression for escapes, and for characters that only folding makes a letter of the person's.
    """

    likes: tuple[str, ...]
    unusual: str


def candidates(known: Identifiers, *, is_certain: bool = False) -> Candidates:
    """Return what to ask the database for, so that it leaves out no text in which something of the person is found.

    Args:
        known: what the person is known by.
        is_certain: only texts with a find that is certain are needed.
    """
    sought = {item for item in _sought(known, is_certain=is_certain) if item}
    likes = set(chain.from_iterable(map(_likes, sought)))
    return Candidates(tuple(sorted(_widest(likes))), unusual(word for words in sought for word in words))


def _widest(likes: Collection[str]) -> Iterator[str]:
    """Return the patterns that no other one includes."""
    for like in likes:
        if not any(other != like and _includes(other, like) for other in likes):
            yield like


def _includes(wide: str, narrow: str) -> bool:
    parts = iter(narrow.split("%"))
    return all(any(part in found for found in parts) for part in wide.split("%") if part)


def _sought(known: Identifiers, *, is_certain: bool) -> Iterator[_Sought]:
    vocabulary = Vocabulary(known)
    for form in vocabulary.forms():
        is_at = is_certain and form.kind not in _WIDE and not vocabulary.is_distinct(form)
        if not is_certain or form.kind not in _UNCERTAIN or _is_greek(form):
            yield (*(("@",) if is_at else ()), *_words(form))
    for address in known.emails:
        local, _, domain = canonical_address(address).rpartition("@")
        label = domain.rpartition(".")[2]
        yield (fold(local), "@", label) if label.isascii() else (fold(local), "@")
    for phone in known.phones:
        yield tuple(_last_digits(phone))


def _is_greek(form: NameForm) -> bool:
    """Return whether a name in capitals is written without its accents, so that this form of it may be certain."""
    return form.kind is FormKind.SHORT and "\u0370" <= form.words[0][0] <= "\u03ff"


def _words(form: NameForm) -> tuple[str, ...]:
    return tuple(word for word in chain.from_iterable(map(str.split, form.words)) if word)


def _last_digits(phone: str) -> str:
    """Return the last digits of a number, which are the same in all its forms."""
    forms = (digits_of(form) for form in phone_forms(phone))
    return min(forms, key=len, default="")[-_LAST_DIGITS:]


def _likes(sought: _Sought) -> Iterator[str]:
    """Return the patterns of LIKE for the usual spellings, to be asked of a text in small ASCII letters."""
    letters = [cluster for word in sought for cluster in (*clusters(word), " ")]
    spellings = [_spellings(cluster) for cluster in letters]
    fixed = sum(len(item) == 1 and item[0] not in _ANY for item in spellings)
    spelt_out = 0 if fixed >= _SPELT_OUT else _SPELT_OUT
    for place, item in enumerate(spellings):
        if len(item) > 1:
            spelt_out -= 1
            if spelt_out < 0:
                spellings[place] = ("_",) if all(len(form) == 1 for form in item) else ("%",)
    yield from (_like("".join(each)) for each in product(*spellings))


_ANY: Final = frozenset("_%")


def _spellings(cluster: str) -> Sequence[str]:
    if not any(map(str.isalnum, cluster)) and cluster != "@":
        return ("%",)
    return sorted({form if not form.isascii() else form.lower() for form in written_as(cluster)})


def _like(text: str) -> str:
    squeezed = "%".join(part for part in text.split("%") if part)
    return f"%{squeezed}%"
