"""Keeps the organisation's address book (CardDAV, RFC 6352) equal to what members let it have."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from xml.sax.saxutils import escape

import vobject

from wardship.plugins.api import (
    Connector,
    ConnectorContext,
    Direction,
    Field,
    Fixtures,
    Identifier,
    IdentifierType,
    LegalBasis,
    Limits,
    Manifest,
    Receives,
    Record,
    RevocationPlan,
    SubjectRef,
    hookimpl,
)
from wardship.plugins.dav.connector import DavConnector
from wardship.plugins.dav.declaration import SUPPORTS, TRANSFER, operator_of, plan_for
from wardship.plugins.dav.settings import DavSettings

# vCard property (RFC 2426) -> name of the field, category.
_TEXTS: Final = {
    "email": ("email", "user.contact.email"),
    "tel": ("phone", "user.contact.phone_number"),
    "title": ("job_title", "user.job_title"),
}
_QUERY: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:addressbook-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">'
    "<d:prop><c:address-data/></d:prop>"
    '<c:filter><c:prop-filter name="EMAIL"><c:text-match collation="i;unicode-casemap" match-type="contains">{}'
    "</c:text-match></c:prop-filter></c:filter></c:addressbook-query>"
)


def _receives(category: str, *fields: str) -> Receives:
    return Receives(
        category=category,
        fields=fields,
        purpose="functional.service",
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        direction=Direction.MIRROR,
        retention_days=0,
    )


def _person(first: str, phone: str) -> Record:
    return Record(
        subject=SubjectRef(id="fixture-person-1"),
        fields=(
            Field(category="user.name.first", name="first_name", value=first),
            Field(category="user.name.last", name="last_name", value="Fixture"),
            Field(category="user.contact.phone_number", name="phone", value=phone),
        ),
    )


MANIFEST: Final = Manifest(
    key="address_book",
    name="Address book (CardDAV)",
    version="1",
    vendor=operator_of("CardDAV"),
    receives=(
        _receives("user.name", "first_name", "last_name"),
        _receives("user.contact", "email", "phone", "company"),
        _receives("user.job_title", "job_title"),
    ),
    identifiers=(Identifier(type=IdentifierType.EMAIL),),
    supports=SUPPORTS,
    limits=Limits(batch=50),
    transfer=TRANSFER,
    host_settings=("collection_url",),
    settings=DavSettings,
    fixtures=Fixtures(
        active=_person("Ada", "+49 30 1"), updated=_person("Eda", "+49 30 2"), closed=SubjectRef(id="fixture-person-1")
    ),
)


class AddressBook(DavConnector):
    """One vCard per member."""

    kind: ClassVar[str] = "{urn:ietf:params:xml:ns:carddav}addressbook"
    what: ClassVar[str] = "address book"
    suffix: ClassVar[str] = ".vcf"
    content_type: ClassVar[str] = "text/vcard; charset=utf-8"

    def render(self, record: Record, name: str) -> bytes | None:
        """Return a vCard 3.0 with the fields that were granted and no other."""
        card = vobject.vCard()
        card.add("uid").value = name.removesuffix(self.suffix)
        first, last = record.text("first_name"), record.text("last_name")
        # A card must have a name (RFC 2426, section 3.1); without one granted it stays an empty one.
        card.add("n").value = vobject.vcard.Name(family=last, given=first)
        card.add("fn").value = f"{first} {last}".strip()
        for kind, (field, _) in _TEXTS.items():
            if value := record.text(field):
                card.add(kind).value = value
        if company := record.text("company"):
            card.add("org").value = [company]
        return str(card.serialize()).encode()

    def rows(self, content: str) -> tuple[Field, ...]:
        """Return the names, addresses and other details on a card."""
        held: list[tuple[str, str, str]] = []
        for card in _cards(content):
            for name in card.contents.get("n", []):
                held.append(("first_name", "user.name.first", str(name.value.given)))
                held.append(("last_name", "user.name.last", str(name.value.family)))
            for kind, (field, category) in _TEXTS.items():
                held += [(field, category, str(entry.value)) for entry in card.contents.get(kind, [])]
            for company in card.contents.get("org", []):
                held.append(("company", "user.contact.organization", " ".join(company.value)))
        return tuple(Field(name=name, category=category, value=value) for name, category, value in held if value)

    def query(self, email: str) -> bytes:
        """Return the query for cards with an e-mail address."""
        return _QUERY.format(escape(email)).encode()


def _cards(content: str) -> list[Any]:
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
