"""Keeps the organisation's address book (CardDAV, RFC 6352) equal to what members let it have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, Protocol
from xml.sax.saxutils import escape

import vobject
from icalendar.parser import Contentline

from wardship.plugins.api import Connector, ConnectorContext, Manifest, Record, RevocationPlan, hookimpl
from wardship.plugins.dav.connector import DavConnector
from wardship.plugins.dav.declaration import manifest_of, person, plan_for
from wardship.plugins.dav.settings import DavSettings

# vCard property (RFC 2426) -> name of the field.
_TEXTS: Final = {"email": "email", "tel": "phone", "title": "job_title"}
_UNFOLDED: Final = 1_000_000
_LINE: Final[Any] = Contentline
"""Folds by octets; a class without types."""
_QUERY: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:addressbook-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">'
    "<d:prop><c:address-data/></d:prop>"
    '<c:filter><c:prop-filter name="{}"><c:text-match collation="i;unicode-casemap" match-type="contains">{}'
    "</c:text-match></c:prop-filter></c:filter></c:addressbook-query>"
)


MANIFEST: Final = manifest_of(
    "address_book",
    "Address book (CardDAV)",
    "CardDAV",
    {
        "user.name": ("display_name", "first_name", "last_name"),
        "user.contact": ("email", "phone", "company"),
        "user.job_title": ("job_title",),
    },
    (
        person(first_name="Ada", last_name="Fixture", phone="+49 30 1"),
        person(first_name="Eda", last_name="Fixture", phone="+49 30 2"),
    ),
)


class Card(Protocol):
    """A vCard as vobject reads it: by property, in lower case, its entries."""

    contents: dict[str, list[Any]]


class AddressBook(DavConnector):
    """One vCard per member."""

    kind: ClassVar[str] = "{urn:ietf:params:xml:ns:carddav}addressbook"
    what: ClassVar[str] = "address book"
    suffix: ClassVar[str] = ".vcf"
    content_type: ClassVar[str] = "text/vcard; charset=utf-8"

    def render(self, record: Record, name: str) -> bytes | None:
        """Return a vCard 3.0 with the fields that were granted and no other; None where none was."""
        if not record.fields:
            return None
        card = vobject.vCard()
        card.add("uid").value = name.removesuffix(self.suffix)
        first, last, shown = record.text("first_name"), record.text("last_name"), record.text("display_name")
        whole = f"{first} {last}".strip()
        # A card must have both (RFC 2426, sections 3.1.1 and 3.1.2): a single name stands where the given one does.
        card.add("n").value = vobject.vcard.Name(family=last, given=first if whole else shown)
        card.add("fn").value = shown or whole or _other_name(record)
        for kind, field in _TEXTS.items():
            if value := record.text(field):
                card.add(kind).value = value
        if company := record.text("company"):
            card.add("org").value = [company]
        return _folded(str(card.serialize(lineLength=_UNFOLDED)))

    def values(self, content: str) -> Iterator[tuple[str, str]]:
        """Return the names, addresses and other details on a card."""
        for card in _cards(content):
            yield from _names(card)
            for kind, field in _TEXTS.items():
                yield from ((field, str(entry.value)) for entry in card.contents.get(kind, []))
            for company in card.contents.get("org", []):
                yield "company", " ".join(company.value)

    def query(self, email: str) -> bytes:
        """Return the query for cards with an e-mail address."""
        return _QUERY.format("EMAIL", escape(email)).encode()

    def uid_query(self, uid: str) -> bytes:
        """Return the query for cards whose UID holds a text."""
        return _QUERY.format("UID", escape(uid)).encode()


def _folded(content: str) -> bytes:
    """Return a card whose lines have at most 75 octets (RFC 6350, section 3.2): vobject counts signs."""
    return b"\r\n".join(bytes(_LINE(line).to_ical()) for line in content.split("\r\n"))


def _other_name(record: Record) -> str:
    """Return what a card is called whose person's names were not granted: it must be called something."""
    return next((text for name in ("company", "email", "phone", "job_title") if (text := record.text(name))), "")


def _names(card: Card) -> Iterator[tuple[str, str]]:
    """Yield a card's names; the one that is shown where it tells more than what else is on the card."""
    parts = [(_one(name.value.given), _one(name.value.family)) for name in card.contents.get("n", [])]
    for first, last in parts:
        yield "first_name", first
        yield "last_name", last
    told = {" ".join(filter(None, pair)) for pair in parts}
    told |= {_one(entry.value) for kind in ("email", "tel", "org", "title") for entry in card.contents.get(kind, [])}
    yield from (("display_name", name.value) for name in card.contents.get("fn", []) if name.value not in told)


def _one(value: str | list[str]) -> str:
    """Return a part of a name as one text: a card may hold several given names (RFC 2426, section 3.1.2)."""
    return " ".join(value) if isinstance(value, list) else str(value)


def _cards(content: str) -> list[Card]:
    try:
        return list(vobject.readComponents(content))
    except vobject.base.VObjectError as error:
        raise ValueError("not a vCard") from error


@hookimpl
def wardship_receives() -> Manifest:
    """Return the manifest."""
    return MANIFEST


@hookimpl
def wardship_revokes() -> RevocationPlan:
    """Return the revocation plan."""
    return plan_for("address book")


@hookimpl
def wardship_connector(context: ConnectorContext[DavSettings]) -> Connector[Any]:
    """Return the connector for one call."""
    return AddressBook(context)
