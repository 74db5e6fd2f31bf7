"""What the steps of the demonstration share: the people, the vendor, and what was found so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import vobject

from wardship.app.demo.dns_server import Resolvers
from wardship.app.demo.letters_server import LettersServer
from wardship.app.demo.person import Person, UnexpectedAnswerError, codes
from wardship.app.demo.process import ServedWardship
from wardship.app.demo.radicale_server import RadicaleServer
from wardship.app.demo.renaming_server import RenamingServer
from wardship.app.demo.report import Report

T = TypeVar("T")
_PATIENCE_S = 45.0
_POLL_S = 0.05


@dataclass(slots=True)
class Stage:
    """The demonstration's world.

    Attributes:
        report: where checks go.
        wardship: the running server.
        vendor: a real CardDAV server, the third party; ``second`` is another.
        renaming: a server that calls things by names of its own.
        letters: a vendor that serves its integration itself.
        resolvers: what the DNS says, on loopback.
        folder: where downloads are kept.
        admin: Harbour's administrator; ``owner`` its owner; ``member`` is Mia; ``other_member`` is Gina;
            ``outsider`` administers Orchard; ``operator`` is the provider's, and ``vendor_account`` who registers the
            vendor's integration; ``asked`` are the accounts at a domain, by the part before the at sign.
        installation: global id of the address book, once installed.
    """

    report: Report
    wardship: ServedWardship
    vendor: RadicaleServer
    second: RadicaleServer
    renaming: RenamingServer
    letters: LettersServer
    resolvers: Resolvers
    folder: Path
    owner: Person
    admin: Person
    member: Person
    other_member: Person
    outsider: Person
    operator: Person
    vendor_account: Person
    asked: dict[str, Person]
    installation: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Return what ``look`` finds, asking until it finds something.

        Raises:
            UnexpectedAnswerError: nothing within 45 seconds.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(_POLL_S)
        raise UnexpectedAnswerError(f"Waited {_PATIENCE_S:.0f} s for {what}.")

    def check_refused(self, what: str, payload: Mapping[str, Any], code: str) -> None:
        """Check that a mutation was refused for this reason alone."""
        found = codes(payload)
        self.report.check(what, held=found == [code], found=", ".join(found))

    def cards(self) -> dict[str, dict[str, str]]:
        """Return the vendor's address book as it lies on its disk: e-mail address to properties of the card."""
        found = {}
        for text in self.vendor.resources().values():
            card = vobject.readOne(text)
            properties = {name.upper(): str(lines[0].value) for name, lines in card.contents.items()}
            found[properties.get("EMAIL", properties["UID"])] = properties
        return found
