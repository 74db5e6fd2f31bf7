"""Whom a call is about, and whether an address or an answer names them: computed while the answer is in memory."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Self
from urllib.parse import unquote

from pydantic import BaseModel

from wardship.plugins.api import (
    Claim,
    Claimed,
    Inquiry,
    Record,
    Restriction,
    Revocation,
    Share,
    SubjectRef,
)

_SHORTEST: Final = 8
"""A shorter name stands in ordinary answers by chance: it counts only as a whole part of an address."""

_FEW: Final = 50
"""So many names are looked for one by one."""

_PART: Final = re.compile(r"[/?&=]")
_WORD: Final = re.compile(r"[^\W_]+")
_FOLDED_LINE: Final = re.compile(r"\r?\n[ \t]")
_JSON_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})|\\([/\"\\])")
_HASHES: Final = ("md5", "sha1", "sha256")


@dataclass(frozen=True, slots=True)
class Naming:
    """The names by which an answer would be known to be about somebody; without any, nothing is.

    Attributes:
        names: in lower case; by the longest word in them, so that one walk through an answer tells which may be in it.
        short: those that only a whole part of an address can tell.
        is_thorough: answers are searched in every way of writing; otherwise only as they came.
    """

    names: dict[str, tuple[str, ...]] | None = None
    short: frozenset[str] = frozenset()
    is_thorough: bool = True

    @classmethod
    def of(cls, argument: BaseModel | None, installation_id: str, *, is_anonymised: bool = False) -> Self:
        """Return the names for a call's argument; those of the installation itself when it is about everything.

        Args:
            argument: of the call.
            installation_id: as the plugin knows it.
            is_anonymised: an erasure leaves a record of nobody at the vendor, which only identifiers would give away.
        """
        match argument:
            case Share() | Record():
                return cls._knowing(_known_there(_brought(argument)), is_thorough=False)
            case (SubjectRef() as subject) | Restriction(subject=subject):
                names = _erased([subject], is_anonymised=is_anonymised)
            case Claim(claimed=Claimed.ERASED, subjects=subjects) if subjects:
                names = _erased(subjects, is_anonymised=is_anonymised)
            case Claim(everything=False, subjects=some) | Revocation(everything=False, subjects=some) if some:
                names = _known_there(some)
            case Claim(subjects=subjects) | Revocation(subjects=subjects) | Inquiry(subjects=subjects):
                # Not by identifiers: what others hold of these people stays when the installation ends.
                names = chain((installation_id,), _known_there(subjects))
            case _:
                return cls()
        return cls._knowing(names)

    @classmethod
    def each_of(cls, argument: Share) -> dict[str, Self]:
        """Return by what each person of a batch is named, by id."""
        people = (record.subject for record in argument.records)
        return {each.id: cls._knowing(_known_there([each]), is_thorough=False) for each in people}

    @classmethod
    def _knowing(cls, names: Iterable[str], *, is_thorough: bool = True) -> Self:
        folded = {form.casefold() for name in names for form in (name, unquote(name)) if form.strip()}
        by_word: dict[str, tuple[str, ...]] = {}
        for name in folded:
            if len(name) >= _SHORTEST:
                word = max(_WORD.findall(name), key=len, default="")
                by_word[word] = (*by_word.get(word, ()), name)
        return cls(by_word, frozenset(name for name in folded if len(name) < _SHORTEST), is_thorough)

    def in_address(self, address: str) -> bool:
        """Tell whether an address without its query names them: a search is no find."""
        plain = unquote(address.partition("?")[0]).casefold()
        return self._in_text(plain) or not self.short.isdisjoint(plain.split("/")[3:])

    def in_question(self, address: str, body: bytes) -> bool:
        """Tell whether a request names them, in its address, query included, or in its body."""
        if not self.is_thorough or not (self.names or self.short):
            return False
        plain = unquote(address).casefold()
        return (
            self._in_text(plain)
            or not self.short.isdisjoint(_PART.split(plain))
            or (bool(body) and self._in_body(body))
        )

    def in_answer(self, body: bytes, location: str | None, asked: str = "") -> bool:
        """Tell whether an answer's body names them, in whatever way it is written, or the address in ``Location``.

        Args:
            body: of the answer.
            location: the header, or None.
            asked: the query of the address: an answer that repeats what was asked has found nothing yet.
        """
        if not self.names and not self.short:
            return False
        return (location is not None and self.in_address(location)) or (bool(body) and self._in_body(body, asked))

    def _in_body(self, body: bytes, asked: str = "") -> bool:
        text = body.decode("utf-8", errors="replace").casefold()
        for repeated in {asked.casefold(), unquote(asked).casefold()} - {""}:
            text = text.replace(repeated, "")
        return self._in_text(text) or (self.is_thorough and any(map(self._in_text, _plainer(text))))

    def _in_text(self, text: str) -> bool:
        names = chain.from_iterable(self._by_word_in(text))
        return any(name in text and (not self.is_thorough or _stands_whole(name, text)) for name in names)

    def _by_word_in(self, text: str) -> Iterable[tuple[str, ...]]:
        """Return the names that may be in a text: of many, those of which a word is."""
        known = self.names or {}
        if len(known) <= _FEW:
            return known.values()
        return [known[word] for word in known.keys() & set(_WORD.findall(text))]


def _stands_whole(name: str, text: str) -> bool:
    """Tell whether a name stands in a text somewhere, and not only as a part of a longer one."""
    # An address is a longer one where more of its own characters stand before it.
    joins = ".+-_" if "@" in name else ""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or (before and before in joins) or after.isalnum()):
            return True
        at = text.find(name, at + 1)
    return False


def _plainer(text: str) -> Iterator[str]:
    """Yield a text without the escapes in which a name may be hidden, as far as it has any."""
    if "\\" in text:
        text = _JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text).casefold()
        yield text
    if "&" in text:
        text = html.unescape(text).casefold()
        yield text
    if "\n " in text or "\n\t" in text:
        text = _FOLDED_LINE.sub("", text)
        yield text
    if "%" in text:
        yield unquote(text).casefold()


def _brought(argument: Share | Record) -> Iterator[SubjectRef]:
    records = argument.records if isinstance(argument, Share) else (argument,)
    return (record.subject for record in records)


def _known_there(subjects: Iterable[SubjectRef]) -> Iterator[str]:
    """Yield what the vendor knows people by."""
    for each in subjects:
        yield each.id
        if each.known_as is not None:
            yield each.known_as


def _erased(subjects: Sequence[SubjectRef], *, is_anonymised: bool) -> Iterator[str]:
    """Yield by what people who are to be erased could be recognised."""
    if not is_anonymised:
        yield from _known_there(subjects)
    for known in (known for each in subjects for known in (*each.identifiers, *each.earlier)):
        yield known.value
        plain = known.value.strip().lower().encode()
        yield from (hashlib.new(name, plain, usedforsecurity=False).hexdigest() for name in _HASHES)
