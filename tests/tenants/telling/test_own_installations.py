"""What a member is told about an integration that he or she connected alone; administrators are not."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member
from tests.connecting import Connections
from tests.fakes.recorder import Recorder, recorder
from tests.tenants.telling.postman import Postman, tells
from wardship.plugins.api import AuthorisationExpired, Holder, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installations.notices import OWN_INSTALLATION_FAILS, OWN_TASK
from wardship.tenants.members.membership import deactivate_member
from wardship.tenants.obligations.for_member import enqueue_for_member

pytestmark = pytest.mark.anyio
NAME = 'By "hand" \u05d9\u05d3'


@pytest.fixture
def by_hand(services) -> Recorder:
    """An integration whose erasures people carry out."""
    plugin = recorder("byhand", name=NAME, supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(plugin, "byhand")
    return plugin


@pytest.fixture
async def own(by_hand, connections: Connections, ada, database, acme):  # noqa: ARG001 - it is to be installed
    await make_member(database, acme, name="Bystander")
    return await connections.connect("byhand", holder=Holder.MEMBER, member_id=ada.member_id)


def _expired(_: object) -> None:
    raise AuthorisationExpired("expired")


@tells(OWN_INSTALLATION_FAILS)
async def test_member_alone_is_told_that_the_own_installation_fails(own, by_hand, services, ada, connections, postman):
    by_hand.told[Verb.CORRECT] = [_expired]
    async with access_for(services, ada) as access:
        await enqueue_for_member(access, ada.member_id, Verb.CORRECT)
    await connections.work()
    assert (await connections.read(own.id)).state == "degraded"
    (mail,) = await postman.mails(OWN_INSTALLATION_FAILS)
    assert (mail.recipient, mail.subject) == (ada.email, f"{NAME} needs your attention")
    assert "(unauthorised)" in mail.body


@tells(OWN_TASK)
@pytest.mark.parametrize("is_suspended", [False, True])
async def test_member_alone_is_told_once_of_a_task_at_the_own_installation(
    own, services, ada, admin, connections, postman: Postman, is_suspended
):
    async with access_for(services, ada) as access:
        await uninstall(access, own.id)
    if is_suspended:
        async with access_for(services, admin) as access:
            await deactivate_member(access, ada.member_id)
    await connections.work()
    await connections.pass_time(minutes=1)
    (mail,) = await postman.mails(OWN_TASK)
    assert (mail.recipient, mail.subject) == (ada.email, f"Something is left to you at {NAME}")
