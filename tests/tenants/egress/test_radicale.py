"""Against a real CardDAV and CalDAV server: what the ledger says is what the server has, until it has nothing."""

from __future__ import annotations

import pytest
import vobject

from tests.builders import access_for, make_member
from wardship.core.identifiers import uuid7
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import list_tasks


def settings_for(radicale, address: str) -> dict[str, str]:
    return {
        "collection_url": address,
        "username": radicale.username,
        "password": radicale.password,
        "server_country": "DE",
    }


def resources_below(radicale, name: str) -> dict[str, str]:
    folder = radicale.folder / "collections" / "collection-root" / radicale.username / name
    return {file.name: file.read_text() for file in folder.iterdir() if not file.name.startswith(".Radicale")}


def fields_on(card: str) -> set[str]:
    """Return the names of the fields that a card holds, read without the integration's code."""
    parsed = vobject.readOne(card)
    shown = parsed.fn.value
    found = {
        "first_name": parsed.n.value.given if parsed.n.value.given != shown or parsed.n.value.family else "",
        "last_name": parsed.n.value.family,
        "email": getattr(getattr(parsed, "email", None), "value", ""),
        "phone": getattr(getattr(parsed, "tel", None), "value", ""),
        "company": getattr(getattr(parsed, "org", None), "value", ""),
        "job_title": getattr(getattr(parsed, "title", None), "value", ""),
    }
    # A card must have a name to show: without one it is another of its values.
    if shown not in found.values() and [shown] not in found.values():
        found["display_name"] = shown
    return {name for name, value in found.items() if value}


@pytest.fixture
async def people(database, acme, ada, admin):  # noqa: ARG001 - somebody has to be there
    await make_member(database, acme, first_name="Bob", last_name="Builder", company="Brick Ltd", phone="+49 30 1")
    await make_member(database, acme, first_name="Eve", job_title="Cook", phone="+49 30 2")
    return ada


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "granted", [("user.name",), ("user.contact",), ("user.name", "user.contact", "user.job_title")]
)
async def test_the_ledger_equals_what_the_address_book_holds(granted, connections, radicale, owner):
    name = f"book-{uuid7()}"
    address = radicale.create("addressbook", name)
    installation = await connections.connect(
        "address_book",
        settings=settings_for(radicale, address),
        grants=[Grantable(category, "functional.service") for category in granted],
    )
    assert installation.state == "active"

    cards = resources_below(radicale, name)
    links = await owner.fetch(
        "select l.subject_ref, d.fields, d.recipient, d.state from subject_link l join disclosure d"
        " on d.member_id = l.member_id and d.installation_id = l.installation_id where l.installation_id = $1",
        installation.id,
    )
    on_server = {}
    for row in links:
        (card,) = [text for file, text in cards.items() if row["subject_ref"] in file]
        on_server[row["subject_ref"]] = fields_on(card)
    assert on_server == {row["subject_ref"]: set(row["fields"]) for row in links}
    assert len(cards) == len(links) >= 3
    assert {row["state"] for row in links} == {"delivered"}
    assert {row["recipient"] for row in links} == {"the operator of the CardDAV server that you name (127.0.0.1)"}


@pytest.mark.usefixtures("people")
async def test_both_collections_are_empty_after_uninstalling_and_the_grade_is_the_persons_word_on_the_password(
    services, connections, radicale, owner
):
    names = {"address_book": f"book-{uuid7()}", "calendar": f"calendar-{uuid7()}"}
    installations = []
    for key, kind in (("address_book", "addressbook"), ("calendar", "calendar")):
        address = radicale.create(kind, names[key])
        installations.append(await connections.connect(key, settings=settings_for(radicale, address)))
    assert all(len(resources_below(radicale, name)) == 4 for name in names.values())

    for installation in installations:
        async with access_for(services, connections.admin) as access:
            await uninstall(access, installation.id)
    await connections.work()
    assert all(resources_below(radicale, name) == {} for name in names.values())

    async with access_for(services, connections.admin) as access:
        for task in (await list_tasks(access, PageRequest(10))).items:
            await complete_manual_task(access, task.id, "The app password is deleted.")
    await connections.work()
    for installation in installations:
        ended = await connections.read(installation.id)
        # Each entry was looked up; that the app password is gone is a person's word, and the worst grade counts.
        assert (ended.state, ended.state_reason) == ("removed", "manual")
    rows = await owner.fetch("select attestation ->> 'level' as level from obligation where verb = 'erase'")
    assert {row["level"] for row in rows} == {"probed"}
    assert await owner.fetchval("select count(*) from obligation where ended_at is null") == 0
