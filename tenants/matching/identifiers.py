"""What a person is known by, as data: found in the tables by others, sought in texts here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a person is known by in one organisation; all of it personal data, never logged.

    Attributes:
        emails: every address of the account, and the membership's, canonical.
        phones: as typed.
        usernames: without a leading @.
        names: the display name, and first and last name in both orders.
        parts: first and last name alone, which name the person only where nothing else speaks against it.
        namesakes: those names, usernames and parts that another member bears too; they are in the sets above as well.
        others: names of other members that have one of the person's words in them: theirs where both are meant.
    """

    emails: frozenset[str]
    phones: frozenset[str]
    usernames: frozenset[str]
    names: frozenset[str]
    parts: frozenset[str] = NOTHING
    namesakes: frozenset[str] = NOTHING
    others: frozenset[str] = NOTHING

    def but(self, other: Identifiers) -> list[str]:
        """Return what is here and not in the other, in a stable order."""
        return sorted(set(self.texts()).difference(other.texts()))

    def texts(self) -> list[str]:
        """Return all of them, in a stable order."""
        return sorted(self.emails | self.phones | self.usernames | self.names | self.parts)
