"""People and what they write, the same every time: a dozen scripts, links, addresses, mentions, and who is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from wardship.core.identifiers import uuid7

NAMED_IN = 0.01
"""The share of all texts that name one of those who are to be erased."""

_LANGUAGES: list[dict[str, Any]] = list(
    json.loads(Path(__file__).with_name("writing.json").read_text(encoding="utf-8")).values()
)
_COLLEAGUES = 0.15
_LENGTHS = ((1, 3), (4, 8), (20, 40))
_LENGTH_WEIGHTS = (60, 35, 5)


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody who doesn't exist, and everything by which a text may name him or her."""

    number: int
    display_name: str
    first_name: str
    last_name: str
    language: int
    member_id: UUID = field(default_factory=uuid7)

    @property
    def email(self) -> str:
        """The address, of which there is no other."""
        return f"p{self.number}.harbour@quay{self.number % 7}.example"

    @property
    def username(self) -> str:
        """The username, of which there is no other."""
        return f"docker_{self.number}"

    @property
    def phone(self) -> str:
        """The telephone number."""
        return f"+49 30 {9_000_000 + self.number * 13}"

    @property
    def named(self) -> tuple[str, ...]:
        """The texts by which others name the person, each as it is kept."""
        return self.display_name, self.email, self.username, self.phone


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, and whom it mentions by id."""

    author: Somebody
    body: str
    mentioned: UUID | None


def people(count: int, *, first: int = 0) -> list[Somebody]:
    """Return so many people with names of every script in turn, no two with one name."""
    return [_somebody(number) for number in range(first, first + count)]


def _somebody(number: int) -> Somebody:
    place = number % len(_LANGUAGES)
    language = _LANGUAGES[place]
    names, families = language["first"], language["last"]
    turn = number // len(_LANGUAGES)
    given, family = names[turn % len(names)], families[turn // len(names) % len(families)]
    round_ = turn // (len(names) * len(families))
    family += "" if not round_ else f"-{families[round_ % len(families)]}"
    whole = f"{family}{given}" if language.get("joined") else f"{given} {family}"
    return Somebody(number, whole, given, family, place)


def texts(count: int, authors: Sequence[Somebody], sought: Sequence[Somebody], *, seed: int = 9) -> Iterator[Text]:
    """Yield so many texts by these authors; each of those who are sought is named in one of a hundred."""
    random = Random(seed)  # noqa: S311 - the same texts each time, nothing secret
    for _ in range(count):
        author = random.choice(authors)
        named = sought if random.random() < NAMED_IN * len(sought) else authors
        is_named = named is sought or random.random() < _COLLEAGUES
        yield _text(random, author, random.choice(named) if is_named else None)


def _text(random: Random, author: Somebody, who: Somebody | None) -> Text:
    # Who names somebody mostly writes in that person's language: a name seldom stands among letters that it lacks.
    language = _LANGUAGES[who.language if who and random.random() < 0.8 else author.language]  # noqa: PLR2004 - a share
    least, most = random.choices(_LENGTHS, _LENGTH_WEIGHTS)[0]
    sentences = [random.choice(language["plain"]) for _ in range(random.randint(least, most))]
    if who is not None:
        sentences.insert(random.randrange(len(sentences) + 1), random.choice(language["about"]))
    is_mention = who is not None and random.random() < 0.1  # noqa: PLR2004 - a share
    called = f"<@{who.member_id}>" if who and is_mention else _called(random, who)
    link = f"https://files.quay{random.randrange(9)}.example/minutes/{random.randrange(10**6)}"
    glue = "" if language.get("joined") else " "
    body = glue.join(sentences).replace("{who}", called).replace("{link}", link)
    return Text(author, body, who.member_id if who and is_mention else None)


def _called(random: Random, who: Somebody | None) -> str:
    if who is None:
        return ""
    forms = (who.display_name, who.display_name.upper(), who.email, f"@{who.username}", who.phone, who.email.upper())
    return random.choices(forms, (70, 6, 8, 8, 5, 3))[0]
