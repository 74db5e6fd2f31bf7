"""What a card and an event say: names of every kind, and an anniversary that comes every year."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import takewhile

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr

from tests.plugins.dav.bench import record
from wardship.plugins.address_book import AddressBook
from wardship.plugins.api import Export, Share, SubjectRef, Verb
from wardship.plugins.calendar import Calendar

PERSON = SubjectRef(id="subject-0001")


def card(**fields: str) -> str:
    content = AddressBook.render(AddressBook.__new__(AddressBook), record(PERSON, **fields), "n.vcf")
    assert content is not None
    return content.decode()


def event(**fields: str) -> str:
    content = Calendar.render(Calendar.__new__(Calendar), record(PERSON, **fields), "n.ics")
    assert content is not None
    return content.decode()


def read(content: str) -> dict[str, str]:
    return {name: value for name, value in AddressBook.values(AddressBook.__new__(AddressBook), content) if value}


def by_others(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", "UID:o", *lines, "END:VCARD", ""))


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (
            ["N:King;Ada,Augusta;Byron;;", "FN:Ada King"],
            {"first_name": "Ada Augusta", "last_name": "King", "display_name": "Ada King"},
        ),
        (["N:King,Noel;Ada;;;", "FN:Ada King Noel"], {"first_name": "Ada", "last_name": "King Noel"}),
        (["N:;;;;", "FN:The Countess"], {"display_name": "The Countess"}),
        (["N:King;Ada;;;", "FN:Ada King"], {"first_name": "Ada", "last_name": "King"}),
        (["N:;;;;", "FN:a@example.org", "EMAIL:a@example.org"], {"email": "a@example.org"}),
    ],
)
def test_names_are_read_as_they_are_said(lines, names):
    assert read(by_others(*lines)) == names


@pytest.mark.parametrize(
    ("fields", "shown", "name"),
    [
        ({"display_name": "Ada Lovelace"}, "Ada Lovelace", ("", "Ada Lovelace")),
        ({"display_name": "The Countess", "first_name": "Ada", "last_name": "King"}, "The Countess", ("King", "Ada")),
        ({"first_name": "Ada", "last_name": "King"}, "Ada King", ("King", "Ada")),
        ({"first_name": "Ada"}, "Ada", ("", "Ada")),
        ({"last_name": "King"}, "King", ("King", "")),
        ({"company": "ACME", "email": "a@example.org"}, "ACME", ("", "")),
        ({"email": "a@example.org", "phone": "+49 30 1"}, "a@example.org", ("", "")),
        ({"job_title": "Engineer"}, "Engineer", ("", "")),
    ],
)
def test_a_card_shows_a_name_wherever_one_was_granted(fields, shown, name):
    parsed = vobject.readOne(card(**fields))
    assert parsed.fn.value == shown
    assert (parsed.n.value.family, parsed.n.value.given) == name


def test_nothing_granted_makes_no_card():
    assert AddressBook.render(AddressBook.__new__(AddressBook), record(PERSON), "n.vcf") is None


@pytest.mark.parametrize(
    ("fields", "summary"),
    [
        ({"display_name": "Ada Lovelace"}, "Ada Lovelace joined"),
        ({"display_name": "The Countess", "first_name": "Ada", "last_name": "King"}, "Ada King joined"),
        ({}, "A member joined"),
    ],
)
def test_an_event_shows_a_name_wherever_one_was_granted(fields, summary):
    (found,) = icalendar.Calendar.from_ical(event(joined_on="2024-03-01", **fields)).walk("VEVENT")
    assert str(found["summary"]) == summary


def days_of(content: str, until: int) -> list[date]:
    (found,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    start = datetime.combine(found["dtstart"].dt, time())
    rule = rrulestr(found["rrule"].to_ical().decode(), dtstart=start)
    return [day.date() for day in takewhile(lambda day: day.year <= until, rule)]


def test_an_anniversary_of_29_february_comes_every_year():
    days = days_of(event(joined_on="2028-02-29"), 2033)
    assert days == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
        date(2033, 2, 28),
    ]


@pytest.mark.parametrize("day", ["2028-02-28", "2027-02-28", "2028-03-01", "2028-12-31"])
def test_any_other_anniversary_comes_on_its_day(day):
    start = date.fromisoformat(day)
    assert days_of(event(joined_on=day), 2033) == [start.replace(year=year) for year in range(start.year, 2034)]


@pytest.mark.parametrize("bench", ["calendar"], indirect=True)
async def test_the_server_finds_the_anniversary_of_29_february_in_a_year_without_one(bench):
    await bench.call(Verb.SHARE, Share(records=(record(bench.person, first_name="Ada", joined_on="2028-02-29"),)))
    for year, day in ((2029, "0228"), (2032, "0229")):
        query = (
            '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/></d:prop>'
            '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
            f'<c:time-range start="{year}{day}T000000Z" end="{year}{day}T235959Z"/>'
            "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
        )
        status, body = bench.radicale.request("REPORT", bench.path, query.encode(), {"depth": "1"})
        assert (status, bench.name.encode() in body) == (207, True), (year, day)


@pytest.mark.parametrize("bench", ["address_book"], indirect=True)
async def test_a_member_with_only_a_display_name_is_held_and_told_by_it(bench):
    await bench.call(Verb.SHARE, Share(records=(record(bench.person, display_name="Zoë the Great"),)))
    assert "FN:Zoë the Great" in bench.resources[bench.name]
    held: Export = await bench.call(Verb.EXPORT, SubjectRef(id="subject-0001"))
    assert [row.value for row in held.rows] == ["Zoë the Great"]
