"""What vendors, operators and administrators are told of remote integrations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for
from tests.connecting import Connections
from tests.tenants.operating import commanding, operating, register
from tests.tenants.remote_integrations.providing import SETTINGS, Provider
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.vendor_access.desk import make_vendor
from wardship.app.demo import letters_server as serving
from wardship.app.demo.letters import KEY, Answer
from wardship.app.demo.letters_server import LettersServer, letters_server
from wardship.core.actor import StaffRole
from wardship.plugins.api import Verb
from wardship.tenants.installations.notices import INSTALLATION_FAILS
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.remote_integrations.deciding import end_remote_integration
from wardship.tenants.remote_integrations.notices import (
    REMOTE_DOCUMENT_REFUSED,
    REMOTE_INTEGRATION_REQUESTED,
    REMOTE_INTEGRATION_STATE,
)
from wardship.tenants.staff.staff import add_to_staff

pytestmark = pytest.mark.anyio
VERA, OTTO = "vendor@example.org", "otto@example.org"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"development": True})


@pytest.fixture
def server(clock):
    with letters_server() as running:
        running.vendor.now = lambda: clock.now().timestamp()
        yield running


@pytest.fixture
async def provider(services, postman: Postman) -> Provider:
    made = Provider(services, await make_vendor(services, VERA))
    await register(services, OTTO)
    async with commanding(services) as access:
        await add_to_staff(access, OTTO, StaffRole.OPERATOR)
    await postman.forget()
    return made


async def registered(provider: Provider, server: LettersServer):
    issued = await provider.register(server.document_url)
    server.vendor.secret = issued.secret
    return issued.remote


@tells(REMOTE_INTEGRATION_REQUESTED)
async def test_operators_are_told_once_of_what_waits_to_be_let_in(provider, server, postman: Postman):
    remote = await registered(provider, server)
    await provider.check(remote.id)
    (mail,) = await postman.mails(REMOTE_INTEGRATION_REQUESTED)
    assert (mail.recipient, mail.subject) == (OTTO, "Letters waits to be let in")
    assert "Briefpost GmbH" in mail.body
    assert server.document_url in mail.body


@tells(REMOTE_INTEGRATION_STATE)
async def test_a_vendor_is_told_what_the_provider_does_and_nobody_of_its_own_doing(provider, server, postman, services):
    remote = await registered(provider, server)
    await provider.let_in(remote.id)
    (mail,) = await postman.mails(REMOTE_INTEGRATION_STATE)
    assert (mail.recipient, mail.subject) == (VERA, "Letters is let in")
    await postman.forget()
    await provider.suspend(remote.id)
    (mail,) = await postman.mails(REMOTE_INTEGRATION_STATE)
    assert (mail.recipient, mail.subject) == (VERA, "Letters is suspended")
    await postman.forget()
    await provider.let_in(remote.id)
    (mail,) = await postman.mails(REMOTE_INTEGRATION_STATE)
    assert (mail.recipient, mail.subject) == (VERA, "Letters is let in again")
    await postman.forget()
    async with operating(services) as access:
        await end_remote_integration(access, remote.id)
    (mail,) = await postman.mails(REMOTE_INTEGRATION_STATE)
    assert mail.subject == "Letters is ended"
    await postman.forget()
    refused = await registered(provider, server)
    async with operating(services) as access:
        await end_remote_integration(access, refused.id)
    (mail,) = await postman.mails(REMOTE_INTEGRATION_STATE)
    assert mail.subject == "Letters is refused"
    assert "has not let your integration Letters in" in mail.body
    await postman.forget()
    again = await registered(provider, server)
    async with provider.vendor() as access:
        await end_remote_integration(access, again.id)
    assert await postman.mails(REMOTE_INTEGRATION_STATE) == []


@tells(REMOTE_INTEGRATION_STATE)
@tells(INSTALLATION_FAILS)
async def test_vendor_and_keepers_are_told_that_an_endpoint_is_gone(
    provider, server, postman, services, admin, ada, monkeypatch
):
    remote = await registered(provider, server)
    await provider.let_in(remote.id)
    connections = Connections(services, admin)
    await connections.connect(KEY, settings=SETTINGS)
    await postman.forget()
    monkeypatch.setattr(server.vendor, "take", lambda *_: Answer(410))
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    await provider.sweep()
    (mail,) = await postman.mails(REMOTE_INTEGRATION_STATE)
    assert (mail.recipient, mail.subject) == (VERA, "Letters is disabled")
    assert "HTTP 410" in mail.body
    (mail,) = await postman.mails(INSTALLATION_FAILS)
    assert (mail.recipient, "has taken its endpoint away" in mail.body) == (admin.email, True)


@tells(REMOTE_DOCUMENT_REFUSED)
async def test_a_vendor_is_told_once_of_a_document_that_can_not_be_used(provider, server, postman, clock, monkeypatch):
    remote = await registered(provider, server)
    await provider.let_in(remote.id)
    await postman.forget()
    monkeypatch.setattr(serving, "_DOCUMENT", "/elsewhere")
    for _ in range(2):
        clock.advance(timedelta(days=1, hours=1))
        await provider.sweep()
    (mail,) = await postman.mails(REMOTE_DOCUMENT_REFUSED)
    assert (mail.recipient, mail.subject) == (VERA, "The document of Letters can't be used")
    assert "HTTP 404, not 200" in mail.body


async def test_a_vendor_is_told_nothing_by_mail_of_the_document_that_it_has_just_registered(provider, server, postman):
    issued = await provider.register(f"{server.url}/elsewhere")
    await provider.check(issued.remote.id)
    assert (await provider.read(issued.remote.id)).fault == "the document can't be fetched: HTTP 404, not 200"
    assert await postman.mails(REMOTE_DOCUMENT_REFUSED) == []
