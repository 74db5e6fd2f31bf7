"""What was sent is read back by a parser that did not write it, for generated people (RFC 6350, RFC 5545)."""

from __future__ import annotations

import re
from datetime import date

import vobject
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar.parser import Contentlines

from tests.plugins.dav.test_entries import card, event, read
from wardship.core.errors import InvalidInputError
from wardship.core.text import one_line


def _line(text: str) -> str:
    try:
        return one_line(text, "name")
    except InvalidInputError:
        return ""


# What the product itself lets into a name: the rule of the door, on what anybody may type.
LINES = st.text(max_size=80).map(_line) | st.sampled_from(
    [
        "O'Neil; Jr., \\n",
        "علی\u200cرضا",
        "ශ්\u200dරී",
        "Zoë",
        "王小明",
        "a:b=c",
        '"quoted"',
        "👩\u200d👧",
        "Ж" * 80,
        "\\,",
        "=?x",
    ]
)
PEOPLE = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("display_name", "first_name", "last_name", "company", "job_title", "phone"), LINES),
)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)) | st.sampled_from([date(2028, 2, 29), date(2000, 2, 29)])


def _given(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _components(value: str) -> list[str]:
    """Split a structured value at the semicolons that are not escaped (RFC 6350, section 3.4)."""
    parts, part, signs = [], "", iter(value)
    for sign in signs:
        if sign == ";":
            parts.append(part)
            part = ""
        else:
            part += sign + next(signs, "") if sign == "\\" else sign
    return [_unescaped(each) for each in (*parts, part)]


def _properties(content: str) -> dict[str, str]:
    """Return a card's properties by name, unfolded by icalendar, their values still escaped."""
    lines = [str(line) for line in Contentlines.from_ical(content) if line]
    assert all(len(raw.encode()) <= 75 for raw in content.split("\r\n")), "folded (RFC 6350, section 3.2)"
    named = [line.partition(":") for line in lines]
    assert len({name for name, _, _ in named}) == len(named), "no property stands twice"
    return {name: value for name, _, value in named}


@given(PEOPLE)
@example({"display_name": "Zoë the Great"})
@example({"first_name": "Ada, Augusta", "last_name": "King; Noel\\"})
@example({"job_title": "Engineer"})
def test_a_card_is_read_back_as_it_was_meant(fields):
    fields = _given(fields)
    if not fields:
        return
    found = _properties(card(**fields))
    first, last, shown = (fields.get(name, "") for name in ("first_name", "last_name", "display_name"))
    whole = f"{first} {last}".strip()
    assert (found["BEGIN"], found["VERSION"], found["END"], found["UID"]) == ("VCARD", "3.0", "VCARD", "n")
    assert _components(found["N"]) == [last, first if whole else shown, "", "", ""]
    assert _unescaped(found["FN"]) == (
        shown or whole or next(fields[n] for n in ("company", "phone", "job_title") if n in fields)
    )
    assert _unescaped(found["FN"]), "a card must show a name"
    for name, prop in (("company", "ORG"), ("job_title", "TITLE"), ("phone", "TEL")):
        assert (_unescaped(found[prop]) if prop in found else None) == fields.get(name)
    assert set(found) <= {"BEGIN", "VERSION", "UID", "N", "FN", "ORG", "TITLE", "TEL", "END"}


@given(PEOPLE)
@example({"first_name": "Ada, Augusta", "last_name": "King; Noel\\"})
def test_a_copy_tells_what_is_on_a_card_as_it_was_given(fields):
    fields = _given(fields)
    if not fields:
        return
    told = read(card(**fields))
    for name in ("first_name", "last_name", "company", "job_title", "phone"):
        if name in fields:
            assert told[name] == fields[name]
    assert not any(
        value.startswith("[") and value.endswith("]") and value not in fields.values() for value in told.values()
    )


@given(PEOPLE, DAYS)
def test_an_event_is_read_back_as_it_was_meant(fields, day):
    fields = _given(fields)
    content = event(joined_on=day.isoformat(), **{n: v for n, v in fields.items() if n.endswith("name")})
    calendar = vobject.readOne(content)
    (entry,) = calendar.vevent_list
    whole = f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()
    assert entry.summary.value == f"{whole or fields.get('display_name') or 'A member'} joined"
    assert (entry.dtstart.value, entry.uid.value) == (day, "n")
    following = list(entry.getrruleset(addRDate=True)[:3])
    assert [each.year for each in following] == [day.year, day.year + 1, day.year + 2]
