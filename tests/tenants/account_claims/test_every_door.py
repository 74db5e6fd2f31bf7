"""No field, id or act by which an administrator could come at what a member did before: taken from the schema."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from tests.builders import Person, access_for, make_member
from tests.graphql.calls import gid, make_api
from tests.graphql.sweep import fields, selection, sweep, sweep_by_id
from tests.tables import digest
from tests.tenants.account_claims.coming_back import Place
from wardship.app.application import api_schema
from wardship.core.actor import Role
from wardship.tenants.content.share import share_file

pytestmark = pytest.mark.anyio

BEFORE = ("from before", "before.pdf", "binned before")
AFTER = ("from after", "after.pdf")
OTHERS = {
    "groupId": None,
    "source": "x",
    "reason": "to look at it",
    "name": "x.pdf",
    "mediaType": "application/pdf",
    "sizeBytes": 1,
    "url": "https://example.org/x.pdf",
}
"""What acts on content take besides its id."""


@dataclass
class House:
    """A place with files and a bin, and everybody who reads it because of a role."""

    place: Place
    readers: list[Person]
    earlier: dict[str, list]
    later: dict[str, list]


@pytest.fixture
async def house(place, services, owner) -> House:
    database, at = services.database, place.who.organisation
    later = {"Post": [place.later], "FileReference": []}
    earlier = {"Post": [place.earlier], "FileReference": []}
    for found, name in ((earlier, "before.pdf"), (later, "after.pdf")):
        async with access_for(services, place.member) as access:
            url = f"https://example.org/{name}"
            shared = await share_file(
                access, place.group, name=name, media_type="application/pdf", size_bytes=1, url=url
            )
        found["FileReference"].append(shared.id)
    binned = await owner.fetchval(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body, deleted_at, deleted_by)"
        " select organisation_id, gen_random_uuid(), created_at, group_id, author_id, 'binned before', $2, $3"
        " from post where id = $1 returning id",
        place.earlier,
        services.clock.now(),
        place.bob.member_id,
    )
    earlier["Post"].append(binned)
    moment = "update file_reference set created_at = (select created_at from post where id = $2) where id = $1"
    await owner.execute(moment, earlier["FileReference"][0], place.earlier)
    readers = [place.who.admin, place.who.owner]
    readers += [await make_member(database, at, role) for role in (Role.AUDITOR, Role.PRIVACY_OFFICER)]
    return House(place, readers, earlier, later)


def _words(text: str, words: tuple[str, ...]) -> set[str]:
    return {word for word in words if word in text}


async def test_no_door_shows_administrators_what_was_before(house, services):
    for reader in house.readers:
        seen = await sweep(services, reader)
        assert _words(seen, AFTER) == set(AFTER), "the sweep finds what may be seen"
        assert _words(seen, BEFORE) == set()


async def test_no_id_leads_administrators_to_what_was_before(house, services):
    more = {"Group": [house.place.group], "Member": [house.place.member.member_id]}
    for reader in house.readers:
        seen = await sweep_by_id(services, reader, {**house.later, **more})
        assert _words(seen, AFTER) == set(AFTER)
        assert _words(seen, BEFORE) == set()
        seen = await sweep_by_id(services, reader, house.earlier)
        assert _words(seen, (*AFTER, *BEFORE)) == set()


def _acts_on_content() -> dict[str, dict[str, str]]:
    """Return the mutations that take an id of content, each with the fields of its input and what they hold."""
    found = {}
    for name, field in fields("Mutation").items():
        for argument in field.args.values():
            kind = get_named_type(argument.type)
            if isinstance(kind, GraphQLInputObjectType) and {"postId", "fileId"} & kind.fields.keys():
                found[name] = dict.fromkeys(kind.fields, kind.name)
    return found


async def test_no_act_of_administrators_finds_what_was_before(house, services, owner):
    acts = _acts_on_content()
    assert {"editPost", "deletePost", "restorePost", "deleteFile", "restoreFile", "shareFile"} <= acts.keys()
    before = await digest(owner)
    api = make_api(services)
    ids = {
        "postId": [gid("Post", each) for each in house.earlier["Post"]],
        "fileId": [gid("FileReference", each) for each in house.earlier["FileReference"]],
    }
    others = {**OTHERS, "groupId": gid("Group", house.place.group)}
    for name, takes in acts.items():
        payload = get_named_type(fields("Mutation")[name].type)
        assert isinstance(payload, GraphQLObjectType)
        query = (
            f"mutation A($input: {next(iter(takes.values()))}!) {{ {name}(input: $input) {{"
            f" __typename {selection(payload, 1)} errors {{ code }} }} }}"
        )
        (wanted,) = {"postId", "fileId"} & takes.keys()
        for reader in house.readers[:2]:
            who = reader.actor(at=services.clock.now())
            for identifier in ids[wanted]:
                given = {key: others[key] for key in takes if key in others}
                answer = json.dumps(await api.call(who, query, input={wanted: identifier, **given}))
                assert '"errors": [{' in answer, (name, answer)
                assert "INVALID_INPUT" not in answer, (name, answer)
                assert _words(answer, BEFORE) == set(), name
    assert await digest(owner) == before


async def test_subscriptions_name_what_happened_to_installations_and_requests_alone(services):
    """What they lead to is read by the same fields as above, as the caller."""
    del services
    assert api_schema()._schema.subscription_type is not None
    assert set(fields("Subscription")) == {
        "noticeAdded",
        "groupingProgress",
        "installationProgress",
        "requestProgress",
    }
