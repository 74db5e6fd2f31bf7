"""What is taken out of a copy, and what is not."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.builders import access_for, make_member
from wardship.tenants.exports.redact import Redactor, names_in
from wardship.tenants.matching.identifiers import Identifiers

ME = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")
OWN = Identifiers(
    frozenset({"me@example.org"}), frozenset({"+49 30 123456"}), frozenset({"me"}), frozenset({"Me Self"})
)

NOBODY = Identifiers(frozenset(), frozenset(), frozenset(), frozenset())
BO = Identifiers(
    frozenset(),
    frozenset(),
    frozenset({"user_name"}),
    frozenset({"Bo Derek", 'Kim "Q" Lee', "Kim\\Lee", "王小明", "Will"}),
)


@pytest.mark.parametrize(
    ("text", "expected", "count"),
    [
        (f"<@{ME}> and <@{OTHER}>", "you and [another person]", 1),
        ("me@example.org, ME@example.org", "me@example.org, ME@example.org", 0),
        ("you@example.org", "[address of another person]", 1),
        ("x%40example.org", "[address of another person]", 1),
        ("+49 30 123456 or +49 30 654321", "+49 30 123456 or [number of another person]", 1),
        ("on 2026-11-21 at 12:00, order 4711 0815", "on 2026-11-21 at 12:00, order 4711 0815", 0),
        ("BO Derek, Bo Derekson", "[another person], Bo Derekson", 1),
        ("on 01.02.2024 and 01/02/2024", "on 01.02.2024 and 01/02/2024", 0),
        ("me@example.net, me+news@example.org", "[address of another person], me+news@example.org", 1),
        ("030 123456 and 0049 30 123456", "030 123456 and 0049 30 123456", 0),
        (
            "_Bo Derek_, Bo_Derek_CV.pdf, Bo\u200b De\u00adrek",
            "_[another person]_, [another person]_CV.pdf, [another person]",
            3,
        ),
        ("我和王小明去开会。", "我和[another person]去开会。", 1),
        ("ask @user_name", "ask @[another person]", 1),
        ("I asked Will, as I will", "I asked [another person], as I will", 1),
    ],
)
def test_only_other_people_are_taken_out(text, expected, count):
    redactor = Redactor(ME, OWN, BO)
    assert redactor.text(text) == expected
    assert redactor.count == count


def test_texts_are_found_inside_documents():
    redactor = Redactor(ME, OWN, NOBODY)
    document = {"list": ["you@example.org", 7, None], "deep": {"text": "fine"}}
    assert redactor.value(document) == {"list": ["[address of another person]", 7, None], "deep": {"text": "fine"}}
    assert redactor.count == 1


@pytest.mark.parametrize("name", ['Kim "Q" Lee', "Kim\\Lee", "Bo\nDerek"])
def test_names_are_found_in_documents_whatever_their_escapes(name):
    redactor = Redactor(ME, OWN, BO)
    assert redactor.value({"by": [f"a {name}!"]}) == {"by": ["a [another person]!"]}
    assert redactor.count == 1


@pytest.fixture
async def firm_of(services, acme):
    async def fill(**person):
        return await make_member(services.database, acme, **person)

    return fill


async def test_names_of_those_who_occur_are_found_in_every_spelling(services, firm_of):
    me = await firm_of(name="Me Self", first_name="Me", last_name="Self")
    await firm_of(name="Bobby", first_name="Robert", last_name="Stone", username="b_stone")
    await firm_of(name="王小明")
    await firm_of(name="Émile Zóla")
    await firm_of(name="Nobody Here")
    texts = ["Robert Stone, @b_stone, 我和王小明去开会。", "E\u0301MILE ZO\u0301LA"]
    async with access_for(services, me, read_only=True) as access:
        found = await names_in(access, me.member_id, OWN, texts)
    assert found.names >= {"Robert Stone", "王小明", "Émile Zóla", "Bobby"}
    assert found.usernames == {"b_stone"}
    assert "Nobody Here" not in found.names
    redactor = Redactor(me.member_id, OWN, found)
    assert [redactor.text(text) for text in texts] == [
        "[another person], @[another person], 我和[another person]去开会。",
        "[another person]",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 555 010 9999 now", "call [number of another person] now"),
        ("tel. 901820", "tel. [number of another person]"),
        ("paid 901820 for it", "paid 901820 for it"),
        ("Jurgen Muellers plan", "[another person]s plan"),
        ("die Idee Annes", "die Idee [another person]s"),
    ],
)
async def test_number_as_a_colleague_typed_it_and_a_name_with_an_ending_are_found(services, firm_of, text, expected):
    me = await firm_of(name="Me Self", first_name="Me", last_name="Self")
    await firm_of(name="Anne", phone="555-010-9999")
    await firm_of(name="J\u00fcrgen M\u00fcller", first_name="J\u00fcrgen", last_name="M\u00fcller", phone="901820")
    async with access_for(services, me, read_only=True) as access:
        found = await names_in(access, me.member_id, OWN, [text])
    assert Redactor(me.member_id, OWN, found).text(text) == expected


async def test_number_that_the_person_has_too_stays(services, firm_of):
    me = await firm_of(name="Me Self", phone="555 010 9999")
    await firm_of(name="Anne", phone="555-010-9999")
    own = Identifiers(frozenset(), frozenset({"555 010 9999"}), frozenset(), frozenset({"Me Self"}))
    async with access_for(services, me, read_only=True) as access:
        found = await names_in(access, me.member_id, own, ["call 555 010 9999"])
    assert Redactor(me.member_id, own, found).text("call 555 010 9999") == "call 555 010 9999"
