"""Keeps a calendar of members' anniversaries (CalDAV, RFC 4791): one yearly, all-day event for the day of joining."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

import icalendar

from wardship.plugins.api import Connector, ConnectorContext, Manifest, Record, Rejected, RevocationPlan, hookimpl
from wardship.plugins.dav.connector import DavConnector
from wardship.plugins.dav.declaration import manifest_of, person, plan_for
from wardship.plugins.dav.settings import DavSettings

_MAILTO: Final = "mailto:"
_JOINED: Final = " joined"
# DTSTAMP says when the entry was made; a fixed one makes repeated writes equal, byte for byte.
_STAMP: Final = datetime(2000, 1, 1, tzinfo=UTC)
_YEARLY: Final[dict[str, object]] = {"freq": "yearly"}
_LEAP_DAY: Final = (2, 29)
# A rule skips the years in which its day is not (RFC 5545, section 3.3.10); the last day of February is in every one.
_END_OF_FEBRUARY: Final[dict[str, object]] = {"bymonth": 2, "bymonthday": -1}
_QUERY: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:prop><c:calendar-data/></d:prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="{}">'
    '<c:text-match collation="i;ascii-casemap">{}</c:text-match>'
    "</c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)


MANIFEST: Final = manifest_of(
    "calendar",
    "Anniversary calendar (CalDAV)",
    "CalDAV",
    {
        "user.name": ("display_name", "first_name", "last_name"),
        "user.contact.email": ("email",),
        "user.account": ("joined_on",),
    },
    (person(first_name="Ada", joined_on="2024-02-29"), person(first_name="Eda", joined_on="2024-03-01")),
)


class Calendar(DavConnector):
    """One event per member whose day of joining was granted."""

    kind: ClassVar[str] = "{urn:ietf:params:xml:ns:caldav}calendar"
    what: ClassVar[str] = "calendar"
    suffix: ClassVar[str] = ".ics"
    content_type: ClassVar[str] = "text/calendar; charset=utf-8"

    def render(self, record: Record, name: str) -> bytes | None:
        """Return the event with the fields that were granted; None without the day of joining."""
        joined_on = record.text("joined_on")
        if not joined_on:
            return None
        event = icalendar.Event()
        event.add("uid", name.removesuffix(self.suffix))
        event.add("dtstamp", _STAMP)
        day = _day(joined_on)
        event.add("dtstart", day)
        event.add("rrule", _YEARLY | (_END_OF_FEBRUARY if (day.month, day.day) == _LEAP_DAY else {}))
        event.add("transp", "TRANSPARENT")
        full_name = f"{record.text('first_name')} {record.text('last_name')}".strip()
        event.add("summary", f"{full_name or record.text('display_name') or 'A member'}{_JOINED}")
        if email := record.text("email"):
            # An address is a URI here, which is not escaped; and no server shall send an invitation (RFC 6638, 7.1).
            attendee = icalendar.vCalAddress(_MAILTO + quote(email, safe="@+"))
            attendee.params["SCHEDULE-AGENT"] = "NONE"
            event.add("attendee", attendee, encode=False)
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Wardship//Calendar//EN")
        calendar.add("version", "2.0")
        calendar.add_component(event)
        return bytes(calendar.to_ical())

    def values(self, content: str) -> Iterator[tuple[str, str]]:
        """Return the name, address and day in each event."""
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
            yield "display_name", str(event.get("summary", "")).removesuffix(_JOINED)
            attendees = event.get("attendee", [])
            for attendee in attendees if isinstance(attendees, list) else [attendees]:
                yield "email", _address(attendee)
            if start := event.get("dtstart"):
                yield "joined_on", start.dt.isoformat()

    def query(self, email: str) -> bytes:
        """Return the query for events with an e-mail address."""
        return _QUERY.format("ATTENDEE", escape(quote(email, safe="@+"))).encode()

    def uid_query(self, uid: str) -> bytes:
        """Return the query for events whose UID holds a text."""
        return _QUERY.format("UID", escape(uid)).encode()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Rejected("the day of joining is not a day of the form YYYY-MM-DD") from None


def _address(attendee: object) -> str:
    uri = str(attendee)
    return unquote(uri[len(_MAILTO) :]) if uri.lower().startswith(_MAILTO) else ""


@hookimpl
def wardship_receives() -> Manifest:
    """Return the manifest."""
    return MANIFEST


@hookimpl
def wardship_revokes() -> RevocationPlan:
    """Return the revocation plan."""
    return plan_for("calendar")


@hookimpl
def wardship_connector(context: ConnectorContext[DavSettings]) -> Connector[Any]:
    """Return the connector for one call."""
    return Calendar(context)
