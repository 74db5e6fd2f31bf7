"""Files of people over HTTP: each is accepted or refused by itself, and nothing of a file that can't be read is."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.builders import make_member, make_organisation
from tests.edge import make_app, undeclared
from wardship.app import uploads
from wardship.app.uploads import LARGEST_FILE, upload_router
from wardship.core.actor import Role
from wardship.core.http.credentials import Client
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.members.import_file import _COLUMNS, MOST_PEOPLE
from wardship.tenants.members.profile import PROFILE_FIELDS

CSV, JSON_LINES = "text/csv", "application/jsonl"


@pytest.fixture
async def http(services):
    app = make_app(services.settings, upload_router(services))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        yield client
    assert undeclared(app) == set()


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "harbour")
    return organisation, await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")


async def token_of(services, organisation, person, *scopes: str) -> tuple[str, object]:
    at = services.clock.now()
    async with services.database.tenant(organisation.id, directory=True) as transaction:
        wanted = TokenRequest("import", scopes or ("read", "write", "admin"), at + timedelta(days=1))
        made, text = await create_token(transaction, person.account_id, organisation.id, wanted, at=at)
    return text, made


@pytest.fixture
async def send(services, http, place):
    text, _ = await token_of(services, *place)

    async def send(content: bytes | str, media_type: str = CSV, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {text}", "Content-Type": media_type} | headers
        return await http.post("/members/import", content=content, headers=sent)

    return send


def lines(answer: httpx.Response) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(JSON_LINES)
    return [json.loads(line) for line in answer.text.splitlines()]


def outcomes(answer: httpx.Response) -> list[str]:
    """Return the code of each person's refusal, or nothing."""
    return [line.get("error", {}).get("code", "") for line in lines(answer)[:-1]]


async def addresses(owner) -> list[str]:
    found = await owner.fetch("select email from member where email like '%@harbour.example' order by email")
    return [row["email"] for row in found]


async def test_each_person_of_a_csv_file_is_imported_or_refused_by_himself(send, owner):
    answer = await send(
        "\ufeffE-Mail;Display Name;job_title;postalAddress\r\n"
        'ann@harbour.example;"Ann ""Q"" Ray";Nurse;"Quay 1\nHarbour"\r\n'
        "\r\n"
        "no address;Bob;;\r\n"
        "ann@harbour.example;Ann;;\r\n"
        "carl@harbour.example;;;\r\n"
        "dora@harbour.example;Dora\r\n"
    )
    assert outcomes(answer) == ["", "INVALID_ADDRESS", "ALREADY_MEMBER", "", "INVALID_INPUT"]
    first, *_, last = lines(answer)
    assert first["row"] == 1
    assert str(first["memberId"])
    assert last == {"imported": 2, "refused": 3}
    found = await owner.fetch(
        "select display_name, job_title, postal_address from member where email like '%@harbour%'"
    )
    assert {tuple(row) for row in found} == {('Ann "Q" Ray', "Nurse", "Quay 1\nHarbour"), ("carl", "", "")}


async def test_json_lines_are_rows_as_import_members_takes_them(send, owner):
    rows = [
        {
            "email": "ann@harbour.example",
            "profile": {"displayName": "Ann", "jobTitle": "Nurse"},
            "reassigned": ["EMAIL"],
        },
        {"email": "bob@harbour.example", "profile": {"salary": "1"}},
        {"email": "carl@harbour.example", "reassigned": ["SHOE_SIZE"]},
        {"email": "dora@harbour.example", "colour": "red"},
    ]
    answer = await send("\n".join(["", *map(json.dumps, rows), "[", ""]), JSON_LINES)
    assert outcomes(answer) == ["", *["INVALID_INPUT"] * 4]
    assert await owner.fetchval("select job_title from member where display_name = 'Ann'") == "Nurse"


def people(count: int) -> str:
    """Return a file of people whose profiles are as full as they can be."""
    written = io.StringIO()
    written.write(",".join(("email", *PROFILE_FIELDS)) + "\n")
    for number in range(count):
        values = [
            "https://example.org/a.png" if name == "picture_url" else f"{name} {number}" for name in PROFILE_FIELDS
        ]
        values[list(PROFILE_FIELDS).index("phone")] = f"+49301{number:06}"
        written.write(",".join((f"person{number}@harbour.example", *values)) + "\n")
    return written.getvalue()


async def test_file_of_a_thousand_full_profiles_is_imported_and_may_be_sent_again(send, owner):
    file = people(1000)
    assert lines(await send(file))[-1] == {"imported": 1000, "refused": 0}
    assert await owner.fetchval("select count(*) from audit_entry where action = 'members.imported'") == 4
    again = await send(file)
    assert set(outcomes(again)) == {"ALREADY_MEMBER"}
    assert lines(again)[-1] == {"imported": 0, "refused": 1000}
    assert len(await addresses(owner)) == 1000


@pytest.mark.parametrize(
    ("content", "media_type", "words"),
    [
        (people(400) + '"never ended\n' + people(400), CSV, "is no CSV"),
        (people(400).encode() + b"\xe9@harbour.example" + b"," * len(PROFILE_FIELDS), CSV, "isn't UTF-8"),
        ("address\nann@harbour.example", CSV, "'address' is none"),
        ("display_name\nAnn", CSV, "each once, the address among them"),
        ("email,E-Mail\na@b.example,c@d.example", CSV, "each once"),
        ("", CSV, "must name the columns"),
        ("email\n" + "a\n" * (MOST_PEOPLE + 1), CSV, "at most 50000"),
        ('{"email": "ann@harbour.example"}\n' + " " * 70_000, JSON_LINES, "Line 2 is longer"),
    ],
)
async def test_nothing_of_a_file_that_can_not_be_read_to_its_end_is_imported(send, owner, content, media_type, words):
    answer = await send(content, media_type)
    assert (answer.status_code, answer.json()["code"]) == (400, "UNREADABLE_FILE")
    assert words in answer.json()["message"]
    assert await addresses(owner) == []


async def test_file_of_another_type_or_length_is_refused(send, owner):
    answer = await send("email\nann@harbour.example", "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_FILE_TYPE")

    async def endless():
        yield b"email\n"
        for _ in range(LARGEST_FILE // 65_536 + 1):
            yield b"a" * 65_536

    answer = await send(endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "REQUEST_ENTITY_TOO_LARGE")
    assert await addresses(owner) == []


async def test_who_may_not_import_is_refused_before_the_file_is_read(services, database, http, place, owner):
    organisation, adam = place
    mia = await make_member(database, organisation, name="Mia")
    read = []

    async def file():
        read.append(True)
        yield b"email\nann@harbour.example"

    for person, scopes, expected in (
        (None, (), (401, "NOT_AUTHENTICATED")),
        (mia, (), (403, "PERMISSION_DENIED")),
        (adam, ("read",), (403, "INSUFFICIENT_SCOPE")),
    ):
        headers = {"Content-Type": CSV}
        if person:
            headers["Authorization"] = f"Bearer {(await token_of(services, organisation, person, *scopes))[0]}"
        answer = await http.post("/members/import", content=file(), headers=headers)
        assert (answer.status_code, answer.json()["code"], read) == (*expected, [])
    assert await addresses(owner) == []


async def test_session_imports_from_a_page_of_the_deployment_alone(services, http, place, owner):
    organisation, adam = place
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, adam.account_id, Stage.COMPLETE, Client(""), at=services.clock.now())
    http.cookies.set("wardship", opened.cookie)
    own = {"Content-Type": CSV, "X-Wardship-Organisation": organisation.slug}
    file = "email\nann@harbour.example"
    for headers, code in (
        (own, "CSRF_REFUSED"),
        (own | {"X-Wardship-CSRF": opened.session.csrf_token, "Origin": "https://evil.example"}, "ORIGIN_REFUSED"),
    ):
        answer = await http.post("/members/import", content=file, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert await addresses(owner) == []
    answer = await http.post(
        "/members/import", content=file, headers=own | {"X-Wardship-CSRF": opened.session.csrf_token}
    )
    assert lines(answer)[-1] == {"imported": 1, "refused": 0}


async def test_import_ends_with_the_right_to_it(services, http, place, owner, monkeypatch):
    organisation, adam = place
    text, made = await token_of(services, organisation, adam)
    plain = uploads.import_members

    async def revoking(access, rows):
        await owner.execute("update access_token set revoked_at = $2 where id = $1", made.id, access.now)
        return await plain(access, rows)

    monkeypatch.setattr(uploads, "import_members", revoking)
    headers = {"Content-Type": CSV, "Authorization": f"Bearer {text}"}
    last = lines(await http.post("/members/import", content=people(700), headers=headers))[-1]
    assert (last["imported"], last["refused"]) == (300, 0)
    assert last["ended"]["code"] == "NOT_AUTHENTICATED"
    assert len(await addresses(owner)) == 300


def test_columns_that_the_documentation_lists_are_those_that_are_read():
    guide = Path("docs/importing-members.md").read_text("utf-8")
    listed = [name for row in re.findall(r"^\| (`.*?) \|", guide, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert listed == list(_COLUMNS.values())
