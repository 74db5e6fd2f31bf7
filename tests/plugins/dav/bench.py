"""An integration of one of the two kinds, installed on a collection of its own on a real DAV server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.plugins.remembering import Remembering
from wardship.app.demo.radicale_server import RadicaleServer
from wardship.plugins.api import STANDARD_FIELDS, Field, IdentifierValue, Record, SubjectRef, Verb
from wardship.plugins.host.call import Installed
from wardship.plugins.host.dispatch import Dispatcher

EMAIL = "ada+list@example.org"
FIELDS = {
    "address_book": {
        "first_name": "Ada",
        "last_name": "Łovelace; Countess, of\nLines",
        "email": EMAIL,
        "phone": "+49 30 123",
        "job_title": "Engineer",
        "company": "ACME, Inc.; Ltd",
    },
    "calendar": {"first_name": "Ada", "last_name": "Łovelace; x", "email": EMAIL, "joined_on": "2024-02-29"},
}
COLLECTION = {"address_book": "addressbook", "calendar": "calendar"}
SUFFIX = {"address_book": ".vcf", "calendar": ".ics"}


def record(subject: SubjectRef, **fields: str) -> Record:
    return Record(
        subject=subject,
        fields=tuple(Field(category=STANDARD_FIELDS[n].category, name=n, value=v) for n, v in fields.items()),
    )


@dataclass
class Bench:
    """One integration, installed on a collection of its own."""

    key: str
    radicale: RadicaleServer
    dispatcher: Dispatcher
    installed: Installed
    path: str
    memory: Remembering = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Remembering(self.dispatcher)

    async def call(self, verb: Verb, argument: Any = None, installed: Installed | None = None) -> Any:
        reply = await self.memory.call(installed or self.installed, verb, argument)
        assert reply.fault is None, reply.outcome
        return reply.value or reply.outcome

    @property
    def resources(self) -> dict[str, str]:
        """What lies in the collection, by name."""
        folder = self.radicale.folder / "collections" / "collection-root" / self.path.strip("/")
        return {file.name: file.read_text() for file in folder.iterdir() if file.suffix in {".vcf", ".ics"}}

    def put(self, name: str, content: str) -> None:
        """Put an entry there as somebody else would."""
        kind = "text/vcard" if self.key == "address_book" else "text/calendar"
        status, body = self.radicale.request("PUT", self.path + name, content.encode(), {"content-type": kind})
        assert status == 201, body

    @property
    def person(self) -> SubjectRef:
        return SubjectRef(id="subject-0001", identifiers=(IdentifierValue(type="email", value=EMAIL),))

    @property
    def record(self) -> Record:
        return record(self.person, **FIELDS[self.key])

    @property
    def name(self) -> str:
        return f"wardship-{self.installed.id}-subject-0001{SUFFIX[self.key]}"

    def by_others(self, email: str) -> str:
        if self.key == "address_book":
            return f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:o1\r\nFN:Other\r\nN:Other;;;;\r\nEMAIL:{email}\r\nEND:VCARD\r\n"
        return (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:o1\r\nDTSTAMP:20260101T000000Z\r\n"
            f"DTSTART:20260101T090000Z\r\nSUMMARY:Lunch\r\nATTENDEE:mailto:{email}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
