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

_PART: Final = re.compile(r"[/?&=]")
_WORD: Final = re.compile(r"[^\W_]+")
_FOLDED_LINE: Final = re.compile(r"(?:&#(?:13|x0?d);|\r)?\n[ \t]", re.IGNORECASE)
_JSON_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})|\\([/\"\\])")
_HASHES: Final = ("md5", "sha1", "sha256")


@dataclass(frozen=True, slots=True)
class Naming:
    """The names by which an answer would be known to be about somebody; without any, nothing is.

    Attributes:
        names: in lower case; by the longest word in them, so that one walk through an answer finds them all.
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
        if not self.names:
            return False
        if not self.is_thorough:
            return any(name in text for alike in self.names.values() for name in alike)
        return any(_is_whole(name, text, at) for name, at in self._found(text))

    def _found(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield the names that stand in a text, each with where the match of its longest word begins."""
        known = self.names or {}
        for word in _WORD.finditer(text):
            for name in known.get(word[0], ()):
                yield name, word.start()


def _is_whole(name: str, text: str, at: int) -> bool:
    """Tell whether a name whose longest word stands at a place stands there whole, and is no part of a longer one."""
    word = max(_WORD.findall(name), key=len)
    begins = at - name.index(word)
    ends = begins + len(name)
    if begins < 0 or text[begins:ends] != name:
        return False
    before, after = text[begins - 1 : begins] if begins else "", text[ends : ends + 1]
    # An address is a longer one where more of its own characters stand before it.
    joins = ".+-_" if "@" in name else ""
    return not (before.isalnum() or (before and before in joins) or after.isalnum())


def _plainer(text: str) -> Iterator[str]:
    """Yield a text without the escapes in which a name may be hidden."""
    for plain in (
        _FOLDED_LINE.sub("", text),
        _JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text).casefold(),
    ):
        once = html.unescape(plain)
        yield _FOLDED_LINE.sub("", once).casefold()
        if "%" in once:
            yield unquote(once).casefold()


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
    for known in (known for each in subjects for known in each.identifiers):
        yield known.value
        plain = known.value.strip().lower().encode()
        yield from (hashlib.new(name, plain, usedforsecurity=False).hexdigest() for name in _HASHES)
