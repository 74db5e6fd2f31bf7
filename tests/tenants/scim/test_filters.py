"""Filters as SQL find what the evaluator of scim2-models finds, whatever the grammar makes: in one statement."""

from __future__ import annotations

import json
import random

import pytest
from scim2_models import ScimFilter, SearchRequest

from tests.builders import access_for
from tests.tenants.scim.directory import ENTERPRISE
from wardship.core.actor import directory_actor
from wardship.core.identifiers import uuid7
from wardship.tenants.scim.kinds import USERS
from wardship.tenants.scim.resources import PROVIDER
from wardship.tenants.scim.users import UserModel

pytestmark = pytest.mark.anyio

TEXTS = ["ada", "Ada", "ADA", "b\u00f6b", "B\u00d6B", "%", "_", "", "a", "\u4e2d", "x\\y", 'q"q']
PEOPLE = [
    {"userName": "ada", "displayName": "Ada", "title": "%", "emails": [{"value": "ada@one.example", "type": "work"}]},
    {"userName": "B\u00d6B", "displayName": "b\u00f6b", "active": False, "name": {"givenName": "B\u00d6B"}},
    {
        "userName": "carol",
        "externalId": "C",
        "emails": [
            {"value": "c@one.example", "type": "home"},
            {"value": "c@two.example", "type": "work", "primary": True},
        ],
        ENTERPRISE: {"department": "Ada", "manager": {"value": "boss"}},
    },
    {"userName": "\u4e2d\u6587", "title": "a_b", "phoneNumbers": [{"value": "+49 30 1", "type": "mobile"}]},
    {"userName": 'q"q', "displayName": "x\\y", "name": {"familyName": "Q"}, "preferredLanguage": "en"},
]
PATHS = [
    "userName", "displayName", "title", "externalId", "id", "name.givenName", "name.familyName", "preferredLanguage",
    "emails", "emails.value", "emails.type", "phoneNumbers.value", f"{ENTERPRISE}:department",
    f"{ENTERPRISE}:manager.value", "meta.resourceType",
]  # fmt: skip
OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]


def _quoted(text: str) -> str:
    return ScimFilter.quote(text)


def _selection(pick: random.Random) -> str:
    first = f"{pick.choice(['type', 'value'])} {pick.choice(OPERATORS)} {_quoted(pick.choice(['work', 'c@', 'HOME']))}"
    second = pick.choice(["primary pr", 'not (type eq "home")'])
    return f"emails[{first} {pick.choice(['and', 'or'])} {second}]"


SIMPLE = (
    lambda pick: f"{pick.choice([*PATHS, 'name', 'active'])} pr",
    lambda pick: f"active {pick.choice(['eq', 'ne'])} {pick.choice(['true', 'false'])}",
    _selection,
    lambda pick: f"{pick.choice(PATHS)} {pick.choice(['eq', 'ne'])} null",
    lambda pick: f"{pick.choice(PATHS)} {pick.choice(OPERATORS)} {_quoted(pick.choice(TEXTS))}",
)


def _condition(pick: random.Random, depth: int) -> str:
    kind = pick.randrange(8 if depth else len(SIMPLE))
    if kind < len(SIMPLE):
        return SIMPLE[kind](pick)
    if kind == len(SIMPLE):
        return f"not ({_condition(pick, depth - 1)})"
    joined = f" {pick.choice(['and', 'or'])} "
    return f"({joined.join(_condition(pick, depth - 1) for _ in range(2))})"


@pytest.fixture
async def people(directory):
    for person in PEOPLE:
        await directory.add(**{"user_name": person["userName"], **{k: v for k, v in person.items() if k != "userName"}})


@pytest.fixture
async def access(people, services, acme):
    del people
    async with access_for(services, directory_actor(acme.id, uuid7())) as opened:
        with PROVIDER:
            yield opened


async def _all(access):
    return (await USERS.search(access, SearchRequest[UserModel]())).resources


async def test_database_finds_what_the_evaluator_finds_for_a_thousand_filters(access):
    everybody, pick = await _all(access), random.Random(7643)  # noqa: S311 - the same filters each time
    assert len(everybody) == 7
    hits = 0
    for _ in range(1000):
        text = _condition(pick, 3)
        evaluator = ScimFilter[UserModel](text)
        wanted = sorted(user.id for user in everybody if evaluator.match(user))
        found = await USERS.search(access, SearchRequest[UserModel](filter=text))
        assert sorted(user.id for user in found.resources) == wanted, text
        assert found.total == len(wanted), text
        hits += bool(wanted) and len(wanted) < len(everybody)
    assert hits > 300


async def test_filter_is_one_statement(access):
    before = access.transaction.statements
    await USERS.search(access, SearchRequest[UserModel](filter='userName eq "ada" and not (title pr)', count=5))
    assert access.transaction.statements == before + 1


@pytest.mark.parametrize("wanted", ['userName eq "ada"', 'externalId eq "C"', 'title pr and userName eq "ADA"'])
async def test_look_up_by_name_reads_no_organisation_through(access, monkeypatch, wanted):
    sent = []
    real = access.transaction.fetch

    async def fetch(sql, *arguments):
        sent.append((sql, arguments))
        return await real(sql, *arguments)

    monkeypatch.setattr(type(access.transaction), "fetch", lambda _, sql, *arguments: fetch(sql, *arguments))
    await USERS.search(access, SearchRequest[UserModel](filter=wanted))
    ((sql, arguments),) = sent
    await access.transaction.execute("set local enable_seqscan = off")
    plan = "\n".join(row["QUERY PLAN"] for row in await real(f"explain {sql}", *arguments))
    assert "Seq Scan" not in plan


@pytest.mark.usefixtures("people")
async def test_groups_are_found_by_their_people(directory):
    ada = (await directory.find("/Users", 'userName eq "ada"'))[0]
    schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
    body = {"schemas": [schema], "displayName": "Team", "externalId": "T", "members": [{"value": ada["id"]}]}
    made = await directory.json("POST", "/Groups", body, 201)
    for wanted in (
        f'members eq "{ada["id"]}"',
        f'members[value eq "{ada["id"]}"]',
        'displayName co "EA"',
        'externalId eq "T"',
        "members pr",
    ):
        assert [group["id"] for group in await directory.find("/Groups", wanted)] == [made["id"]], wanted
    assert await directory.find("/Groups", 'externalId eq "t"') == []


SCRIPTS = [
    "İstanbul",
    "ΟΔΟΣ",
    "οδος",
    "Straße",
    "e\u0301",
    "a\u200db",
    "ﬁ",
    "Ǆ",
    "👩\u200d🚀",
    "ŉ",
    "ſ",
    "عمر",
    "ক্\u200dষ",
]


@pytest.mark.parametrize("text", SCRIPTS)
async def test_text_of_any_script_is_found_as_it_was_sent(directory, text):
    name = f"{text}x{text}"
    made = await directory.add(name, displayName=name, title=name, externalId=name)
    for attribute in ("userName", "displayName", "title", "externalId"):
        for operator, value in (("eq", name), ("eq", f" {name} "), ("sw", text), ("ew", text), ("co", f"{text}x")):
            found = await directory.find("/Users", f"{attribute} {operator} {json.dumps(value)}")
            assert [each["id"] for each in found] == [made["id"]], (attribute, operator)
    assert await directory.find("/Users", f"userName ne {json.dumps(name)} and title eq {json.dumps(name)}") == []


@pytest.mark.parametrize(("kept", "sought"), [("ΟΔΟΣ", "οδος"), ("οδος", "ΟΔΟΣ"), ("ẞ", "ß"), ("Ж", "ж"), ("Ǆ", "ǆ")])
async def test_letters_are_compared_without_their_case_in_each_script(directory, kept, sought):
    made = await directory.add(kept, title=kept)
    for wanted in (f'title eq "{sought}"', f'userName eq "{sought}"', f'userName sw "{sought}"'):
        assert [each["id"] for each in await directory.find("/Users", wanted)] == [made["id"]], wanted
