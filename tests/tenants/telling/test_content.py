"""What the author is told when somebody else deletes or restores what he or she shared."""

from __future__ import annotations

import pytest

from tests.builders import Person, access_for, make_group, make_member, make_organisation
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.tenants.content.bin import delete_post, restore_post
from wardship.tenants.content.notices import CONTENT_DELETED, CONTENT_RESTORED
from wardship.tenants.content.share import create_post

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database)
    admin = await make_member(database, organisation, Role.ORG_ADMIN)
    ann = await make_member(database, organisation, name="Ann", email="ann@example.org")
    group = await make_group(database, organisation, "Team", ann, await make_member(database, organisation))
    return group, admin, ann


async def _do(services, who: Person, act, *arguments):
    async with access_for(services, who) as access:
        return await act(access, *arguments)


@tells(CONTENT_DELETED)
async def test_author_is_told_with_the_reason_that_somebody_deleted_a_post(services, place, postman: Postman):
    group, admin, ann = place
    own = await _do(services, ann, create_post, group, "Mine")
    await _do(services, ann, delete_post, own.id)
    post = await _do(services, ann, create_post, group, "Buy my boat!")
    await _do(services, admin, delete_post, post.id, "No advertising.\nNot here.")
    (mail,) = await postman.mails(CONTENT_DELETED)
    assert (mail.recipient, mail.subject) == (ann.email, "A post of yours was deleted")
    assert "No advertising." in mail.body
    assert "boat" not in mail.body


@tells(CONTENT_RESTORED)
async def test_author_is_told_that_somebody_restored_a_post(services, place, postman: Postman):
    group, admin, ann = place
    own = await _do(services, ann, create_post, group, "Mine")
    await _do(services, ann, delete_post, own.id)
    await _do(services, ann, restore_post, own.id)
    post = await _do(services, ann, create_post, group, "Sorry")
    await _do(services, admin, delete_post, post.id, "No.")
    await _do(services, admin, restore_post, post.id)
    (mail,) = await postman.mails(CONTENT_RESTORED)
    assert mail.recipient == ann.email
