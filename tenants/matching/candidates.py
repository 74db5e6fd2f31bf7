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
_FIXED: Final = 3
_SPELT_OUT: Final = 1
_UNCERTAIN: Final = frozenset({FormKind.PART, FormKind.SHORT, FormKind.MIDDLE, FormKind.INITIAL})
_WIDE: Final = frozenset({FormKind.FULL, FormKind.LISTED, FormKind.SHORT, FormKind.MIDDLE, FormKind.INITIAL})

_ANYTHING: Final = "*"
"""Stands for a word that is not known."""

_Sought = tuple[str, ...]
"""Folded words that stand in a text in this order, whatever stands between them."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What to ask the database for.

    A text may have a find in it when, in small ASCII letters, it is like one of ``likes``, or when something of
    ``unusual`` is in it. Neither depends on the locale or collation of the database.

    Attributes:
        likes: patterns of LIKE, for the usual spellings; empty when there is nothing to find.
        close: a regular expression for the same spellings, that knows what stands between letters and around words:
            for texts in small ASCII letters that hold no escapes and no tags.
        unusual: a regular expression for escapes, and for characters that only folding makes a letter of the person's.
    """

    likes: tuple[str, ...]
    close: str
    unusual: str

    @property
    def arguments(self) -> tuple[list[str], str, str]:
        """Return what the condition takes, in its order."""
        return list(self.likes), self.close, self.unusual


# Texts in which an escape may hide a letter; most have none of these and only ASCII, and are not read twice.
_ESCAPED: Final = r"{text} like any (array['%&%', '%\%%', '%\\%', '%<%'])"
_CONDITION: Final = (
    '(lower({text} collate "C") like any (${first}::text[])'
    f' and (lower({{text}} collate "C") ~ ${{second}}::text or {_ESCAPED})'
    f" or (octet_length({{text}}) <> length({{text}}) or {_ESCAPED}) and {{text}} ~ ${{third}}::text)"
)


def condition(text: str, first: int) -> str:
    """Return the SQL that holds for candidates.

    Args:
        text: the SQL of the text.
        first: the place of the first of the three ``arguments``.
    """
    return _CONDITION.format(text=text, first=first, second=first + 1, third=first + 2)


def candidates(known: Identifiers, *, is_certain: bool = False) -> Candidates:
    """Return what to ask the database for, so that it leaves out no text in which something of the person is found.

    Args:
        known: what the person is known by.
        is_certain: only texts with a find that is certain are needed.
    """
    sought = {item for item in _sought(known, is_certain=is_certain) if item}
    likes = set(chain.from_iterable(map(_likes, sought)))
    close = "|".join(sorted(map(_close, sought)))
    return Candidates(tuple(sorted(_widest(likes))), close, unusual(word for words in sought for word in words))


def _widest(likes: Collection[str]) -> Iterator[str]:
    """Return the patterns that include others in place of those, where one of them is within another."""
    kept: list[str] = []
    for like in sorted(likes, key=len):
        inside = like.strip("%")
        if not any(wide in inside for wide in kept):
            kept.append(inside)
            yield like


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
    if form.kind is FormKind.MIDDLE:
        return form.words[0], _ANYTHING, form.words[-1]
    return tuple(word for word in chain.from_iterable(map(str.split, form.words)) if word)


def _last_digits(phone: str) -> str:
    """Return the last digits of a number, which are the same in all its forms."""
    forms = (digits_of(form) for form in phone_forms(phone))
    return min(forms, key=len, default="")[-_LAST_DIGITS:]


def _likes(sought: _Sought) -> Iterator[str]:
    """Return the patterns of LIKE for the usual spellings, to be asked of a text in small ASCII letters.

    They are few, since each is tried on every text; what they let through is looked at more closely.
    """
    letters = [cluster for word in sought for cluster in (*clusters(word), " ")]
    spellings = [_spellings(cluster) for cluster in letters]
    fixed = sum(len(item) == 1 and item[0] not in _ANY for item in spellings)
    spelt_out = 0 if fixed >= _FIXED else _SPELT_OUT
    for place, item in enumerate(spellings):
        if len(item) > 1:
            spelt_out -= 1
            if spelt_out < 0:
                spellings[place] = ("_",) if all(len(form) == 1 for form in item) else ("%",)
    yield from (_like("".join(each)) for each in product(*spellings))


_BETWEEN: Final = r"(?:[^a-z0-9]|[(]0[)])*"
"""What may stand between the words of a name or the digits of a number; the zero is the one in +49 (0) 30."""
_IN_ADDRESS: Final = "[^ ]*"
_BEFORE: Final = {"letter": "(?:^|[^a-z])", "digit": "(?:^|[^0-9])"}
_AFTER: Final = {"letter": "(?:$|[^a-rt-z])", "digit": "(?:$|[^0-9])"}


def _close(sought: _Sought) -> str:
    """Return the expression for the usual spellings, to be asked of a text in small ASCII letters.

    An ASCII letter before a name makes another word of it, as does one after it that is no plural's; digits likewise.
    """
    if "@" in sought[1:]:
        return _IN_ADDRESS.join(map(_closely, sought))
    between = _BETWEEN.join(map(_closely, sought))
    before = "" if _is_number(sought) else _BEFORE.get(_ascii_kind(sought[0][0]), "")
    return f"{before}{between}{_AFTER.get(_ascii_kind(sought[-1][-1]), '')}"


def _is_number(sought: _Sought) -> bool:
    """Return whether these are the last digits of a number, before which others stand."""
    return all(len(word) == 1 and word.isdecimal() for word in sought)


def _ascii_kind(sign: str) -> str:
    return ("digit" if sign.isdecimal() else "letter" if sign.isalpha() else "") if sign.isascii() else ""


def _closely(word: str) -> str:
    if word == _ANYTHING:
        return _IN_ADDRESS
    return "".join(map(_one_of, clusters(word)))


def _one_of(cluster: str) -> str:
    if not any(map(str.isalnum, cluster)) and cluster != "@":
        return _BETWEEN
    forms = sorted({form.lower() if form.isascii() else form for form in written_as(cluster)})
    return forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"


_ANY: Final = frozenset("_%")


def _spellings(cluster: str) -> Sequence[str]:
    if not any(map(str.isalnum, cluster)) and cluster != "@":
        return ("%",)
    return sorted({form if not form.isascii() else form.lower() for form in written_as(cluster)})


def _like(text: str) -> str:
    squeezed = "%".join(part for part in text.split("%") if part)
    return f"%{squeezed}%"
