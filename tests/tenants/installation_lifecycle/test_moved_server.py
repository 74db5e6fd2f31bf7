"""An address book that moves from one real CardDAV server to another, and is uninstalled."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from wardship.app.demo.radicale_server import radicale_server
from wardship.core.identifiers import uuid7
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings


def settings_for(radicale, address: str) -> dict[str, str]:
    return {
        "collection_url": address,
        "username": radicale.username,
        "password": radicale.password,
        "server_country": "DE",
    }


def book(radicale) -> tuple[str, dict[str, str]]:
    """Return the name of a new address book, and the settings that name it."""
    name = f"book-{uuid7()}"
    return name, settings_for(radicale, radicale.create("addressbook", name))


def cards(radicale, name: str) -> list[str]:
    """Return the names of the cards as they lie on the server's disk."""
    folder = radicale.folder / "collections" / "collection-root" / radicale.username / name
    return [file.name for file in folder.iterdir() if not file.name.startswith(".Radicale")]


@pytest.fixture
def second(tmp_path):
    with radicale_server(tmp_path / "second") as server:
        yield server


@pytest.mark.usefixtures("seven")
async def test_after_a_move_and_the_end_the_first_server_holds_no_card(services, connections, radicale, second):
    first_book, first_settings = book(radicale)
    second_book, second_settings = book(second)
    installation = await connections.connect("address_book", settings=first_settings)
    assert len(cards(radicale, first_book)) == 7

    async with access_for(services, connections.admin) as access:
        await update_settings(access, installation.id, second_settings)
    await connections.work()
    assert cards(radicale, first_book) == []
    assert len(cards(second, second_book)) == 7

    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    told = await connections.complete_all("ok")
    assert (cards(radicale, first_book), cards(second, second_book)) == ([], [])
    assert (await connections.read(installation.id)).state == "removed"
    # One password at each server, and each task says where.
    assert ["127.0.0.1" in words for words in told] == [True, True]


@pytest.mark.usefixtures("seven")
async def test_a_first_server_that_is_gone_is_a_person_s_task_and_never_probed(
    services, connections, radicale, tmp_path, owner
):
    with radicale_server(tmp_path / "first") as first:
        first_book, first_settings = book(first)
        installation = await connections.connect("address_book", settings=first_settings)
        assert len(cards(first, first_book)) == 7
    _, second_settings = book(radicale)
    async with access_for(services, connections.admin) as access:
        await update_settings(access, installation.id, second_settings)
    await connections.work()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "revoking"

    for _ in range(60):
        await connections.pass_time(hours=12)
    assert (await connections.read(installation.id)).state == "revocation_overdue"
    for _ in range(5):
        await connections.complete_all("ok")
        await connections.pass_time(hours=24 * 8)
    removed = await connections.read(installation.id)
    assert removed.state == "removed"
    assert removed.state_reason not in {"probed", "receipt"}
    grades = await owner.fetch(
        "select attestation ->> 'level' as level from obligation where place_id = $1 and verb in ('erase', 'revoke')",
        installation.place_id,
    )
    assert {row["level"] for row in grades} & {"probed", "receipt"} == set()
