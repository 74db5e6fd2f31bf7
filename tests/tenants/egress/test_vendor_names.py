"""What a vendor calls a person: kept encrypted, given back in every call, gone once the end is proven."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from tests.tenants.erasure.searching import found_in_files, found_in_tables
from wardship.plugins.api import KnownAs, Outcome, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member

CALLED = "Lovelace-of-the-vendor"


def _naming(share):
    record = share.records[0]
    called = CALLED if record.text("first_name") == "Ada" else f"other-{record.subject.id}"
    return Outcome.completed(1, known_as=(KnownAs(subject_id=record.subject.id, name=called),))


@pytest.fixture
async def named(connections, recording, ada):  # noqa: ARG001 - somebody has to be there
    recording.always[Verb.SHARE] = _naming
    installation = await connections.connect()
    recording.heard.clear()
    return installation


@pytest.mark.usefixtures("named")
async def test_name_is_given_back_in_every_later_call(connections, recording, services, admin, ada):
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
        await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
        await enqueue_for_member(access, ada.member_id, Verb.RESTRICT)
    await connections.work()
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()

    told = {call.verb: _subject(call.argument) for call in recording.heard}
    assert {verb: subject.known_as for verb, subject in told.items()} == {
        Verb.EXPORT: CALLED,
        Verb.RESTRICT: CALLED,
        Verb.ERASE: CALLED,
        Verb.ATTEST: CALLED,
    }


def _subject(argument):
    if hasattr(argument, "records"):
        return argument.records[0].subject
    if hasattr(argument, "subjects"):
        return argument.subjects[0]
    return getattr(argument, "subject", argument)


async def test_everybody_is_named_when_an_installation_ends(named, connections, recording, services, admin):
    async with access_for(services, admin) as access:
        await uninstall(access, named.id)
    await connections.work()
    (revocation,) = [call.argument for call in recording.heard if call.verb is Verb.REVOKE]
    assert CALLED in {subject.known_as for subject in revocation.subjects}
    assert len({subject.known_as for subject in revocation.subjects}) == 2


@pytest.mark.usefixtures("named")
async def test_name_stands_nowhere_in_the_clear(owner, services):
    assert await owner.fetchval("select count(*) from subject_link where known_as is not null") == 2
    assert await found_in_tables(owner, [CALLED]) == []
    assert found_in_files(services.settings.data_dir, [CALLED]) == []


@pytest.mark.usefixtures("named")
async def test_name_outlives_the_person_until_the_end_is_proven(connections, services, admin, ada, owner):
    """The recording vendor is not looked at, so that its word is no proof."""
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    assert await owner.fetchval("select known_as is not null from subject_link where member_id = $1", ada.member_id)


async def test_name_goes_when_nothing_is_asked_there_any_more(named, connections, services, admin, owner):
    async with access_for(services, admin) as access:
        await uninstall(access, named.id)
    await connections.work()
    assert (await connections.read(named.id)).state == "removed"
    assert await owner.fetchval("select count(*) from subject_link where known_as is not null") == 0


async def test_name_goes_once_the_end_is_proven(connections, services, admin, ada, owner):
    with running_shelf() as shelf:
        shelf.renames, shelf.tells_name = (lambda name: name[::-1]), True
        plugin = credulous(heeds_location=True)
        services.integrations.register(plugin, KEY)
        await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})
        async with access_for(services, admin) as access:
            await enqueue_for_member(access, ada.member_id, Verb.ERASE)
        await connections.work()

    reference = await owner.fetchval("select subject_ref from subject_link where member_id = $1", ada.member_id)
    heard = {verb: subject.known_as for verb, subject in plugin.seen if subject.id == reference}
    assert heard == {"share": None, "erase": reference[::-1], "attest": reference[::-1]}
    links = await owner.fetch("select member_id, known_as from subject_link")
    assert {row["member_id"] for row in links if row["known_as"] is None} == {ada.member_id}
    assert await found_in_tables(owner, [reference[::-1]]) == []
