"""Identifiers by which a vendor was told of a person, and that are others now, come along until the end is proven."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.fakes.recorder import recorder
from tests.tenants.erasure.searching import found_in_tables
from wardship.plugins.api import Identifier, SubjectRef, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member

OLD, NEW = "ada@example.org", "countess@example.org"


def subjects(plugin, *verbs: Verb) -> list[SubjectRef]:
    found = []
    for call in plugin.heard:
        if call.verb in verbs:
            argument = call.argument
            found += (
                [record.subject for record in argument.records]
                if hasattr(argument, "records")
                else list(getattr(argument, "subjects", (argument,)))
            )
    return found


def of(subject: SubjectRef) -> tuple[list[str], list[str]]:
    return [each.value for each in subject.identifiers], [each.value for each in subject.earlier]


@pytest.fixture
def take(services, admin, ada, owner):
    """Gives Ada another address, and brings vendors in line."""

    async def address(email: str) -> None:
        await owner.execute("update member set email = $1 where id = $2", email, ada.member_id)
        async with access_for(services, admin) as access:
            await bring_in_line(access, [ada.member_id], fields=frozenset({"email"}))

    return address


@pytest.fixture
async def renamed(connections, recording, take):
    installation = await connections.connect()
    recording.heard.clear()
    await take(NEW)
    await connections.work()
    return installation


@pytest.mark.usefixtures("renamed")
async def test_the_record_with_the_new_one_tells_the_old_one(recording):
    assert [of(each) for each in subjects(recording, Verb.SHARE)] == [([NEW], [OLD])]


@pytest.mark.usefixtures("renamed")
async def test_an_erasure_and_its_proof_tell_both_though_the_person_is_gone_here(
    services, connections, recording, admin, ada, owner
):
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await owner.execute("update member set email = '' where id = $1", ada.member_id)
    await connections.work()

    assert [of(each) for each in subjects(recording, Verb.ERASE, Verb.ATTEST)] == [([NEW], [OLD])] * 2
    assert await owner.fetchval("select sent_as from subject_link where member_id = $1", ada.member_id) is None


async def test_they_are_told_when_everything_is_revoked_and_then_forgotten(
    services, connections, recording, admin, renamed, owner
):
    async with access_for(services, admin) as access:
        await uninstall(access, renamed.id)
    await connections.work()
    assert [OLD] in [of(each)[1] for each in subjects(recording, Verb.REVOKE, Verb.ERASE)]
    assert await owner.fetchval("select count(*) from subject_link where sent_as is not null") == 0


@pytest.mark.usefixtures("renamed")
async def test_who_takes_the_old_one_again_has_it_as_the_present_one(connections, recording, take):
    recording.heard.clear()
    await take(OLD)
    await connections.work()
    assert [of(each) for each in subjects(recording, Verb.SHARE)] == [([OLD], [NEW])]


@pytest.mark.usefixtures("renamed")
async def test_they_stand_nowhere_in_the_clear(owner):
    assert await owner.fetchval("select count(*) from subject_link where sent_as is not null") == 2
    assert await found_in_tables(owner, [OLD]) == ["account_email: ada@example.org"], "which is the account's own"


async def test_they_are_told_in_the_declared_form(services, connections, take):
    plugin = recorder("hashing", identifiers=(Identifier(type="email", format="sha256"),))
    services.integrations.register(plugin, "hashing")
    await connections.connect("hashing")
    plugin.heard.clear()
    await take(NEW)
    await connections.work()
    ((present, earlier),) = [of(each) for each in subjects(plugin, Verb.SHARE)]
    assert OLD not in earlier
    assert len(earlier[0]) == 64
    assert present != earlier
