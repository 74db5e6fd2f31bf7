"""What people are told of what vendors pass on, and of data that they send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import Organisation, Person, access_for, make_member
from tests.connecting import Connections
from tests.fakes.calling_vendor import KEY, SECRET, calling_vendor
from tests.tenants.inbound.vendor_calls import fields
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import vendor_actor
from wardship.plugins.api import Holder, InboundCall, InboundEvent, Outcome, Received
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.inbound.applying import apply_message
from wardship.tenants.inbound.notices import CHOICE_FROM_VENDOR, CHOICES_FROM_VENDOR, DATA_FROM_VENDOR
from wardship.tenants.inbound.telling import Caller
from wardship.tenants.installations.records import InstallationRecord, read_places

pytestmark = pytest.mark.anyio
CALL = InboundCall(headers=(), body=b"{}")


@pytest.fixture
async def installation(services, connections: Connections, ada: Person) -> InstallationRecord:
    calling = calling_vendor()
    services.integrations.register(calling, KEY)
    assert ada.member_id
    declared = calling.declared
    grants = [Grantable(each.category, each.purpose) for each in (*declared.receives, *declared.provides)]
    return await connections.connect(KEY, settings={"webhook_secret": SECRET}, grants=grants)


@pytest.fixture
def tell(services, owner):
    """Let a verified message of the vendor bring one event about a member."""
    numbers = iter(range(1000))

    async def told(installation: InstallationRecord, who: Person, kind: str, **more: object) -> tuple[str, ...]:
        sql = "select subject_ref from subject_link where member_id = $1 and installation_id = $2"
        subject = {"id": await owner.fetchval(sql, who.member_id, installation.id)}
        event = InboundEvent.model_validate({"kind": kind, "subject": subject} | more)
        received = Received(outcome=Outcome.completed(), message_id=f"message {next(numbers)}", events=(event,))
        async with access_for(services, vendor_actor(installation.organisation_id, installation.id)) as access:
            place = (await read_places(access, [installation.place_id]))[installation.place_id]
            return (await apply_message(access, Caller(installation, place), CALL, received)).results

    return told


@tells(CHOICE_FROM_VENDOR)
async def test_who_chose_something_at_a_vendor_is_told_that_it_holds_here(
    installation, tell, ada: Person, postman: Postman
):
    assert await tell(installation, ada, "unsubscribed") == ("applied",)
    (mail,) = await postman.mails(CHOICE_FROM_VENDOR)
    assert (mail.recipient, mail.subject) == (ada.email, "Recorder told us that you unsubscribed")
    assert "Recorder Ltd told Acme that you unsubscribed (purpose: market)." in mail.body
    assert "is not shared any more" in mail.body
    await postman.forget()
    assert await tell(installation, ada, "unsubscribed") == ("nothing_new",)
    assert await postman.mails(CHOICE_FROM_VENDOR) == []
    await postman.forget()
    assert await tell(installation, ada, "erased") == ("applied",)
    (mail,) = await postman.mails(CHOICE_FROM_VENDOR)
    assert mail.subject == "Recorder told us that you had everything erased there"
    assert "until you withdraw the objection" in mail.body


@tells(CHOICES_FROM_VENDOR)
async def test_those_who_look_after_an_integration_are_told_once_a_day_and_by_nobodys_name(
    installation, tell, ada: Person, admin: Person, database, acme: Organisation, postman: Postman, clock
):
    await make_member(database, acme, name="Bystander", email="bystander@example.org")
    assert await tell(installation, ada, "objected", purpose="analytics") == ("applied",)
    assert await tell(installation, ada, "objected", purpose="sales") == ("applied",)
    (mail,) = await postman.mails(CHOICES_FROM_VENDOR)
    assert (mail.recipient, mail.subject) == (admin.email, "Recorder passes on what people chose there")
    assert "Recorder Ltd told Acme that somebody objected." in mail.body
    assert "Ada" not in mail.body
    await postman.forget()
    clock.advance(timedelta(days=1))
    assert await tell(installation, ada, "objected", purpose="operations") == ("applied",)
    assert [mail.recipient for mail in await postman.mails(CHOICES_FROM_VENDOR)] == [admin.email]


@tells(CHOICES_FROM_VENDOR)
@pytest.mark.usefixtures("installation")
async def test_of_an_integration_that_a_member_connected_alone_that_member_is_told_once(
    connections, tell, admin: Person, postman: Postman, owner
):
    await owner.execute("update member set first_name = 'Olga' where id = $1", admin.member_id)
    settings = {"webhook_secret": SECRET, "account": "own"}
    own = await connections.connect(KEY, settings=settings, holder=Holder.MEMBER, member_id=admin.member_id)
    assert own.state == "active"
    assert await tell(own, admin, "objected", purpose="analytics") == ("applied",)
    assert [mail.recipient for mail in await postman.mails(CHOICES_FROM_VENDOR)] == [admin.email]
    assert await postman.mails(CHOICE_FROM_VENDOR) == []


@tells(DATA_FROM_VENDOR)
async def test_of_whom_data_comes_in_is_told_once_a_day_what_it_is(installation, tell, ada: Person, postman: Postman):
    assert await tell(installation, ada, "new_data", fields=fields(visits=3, phone="+49 30 1")) == ("applied",)
    assert await tell(installation, ada, "new_data", fields=fields(visits=4)) == ("applied",)
    (mail,) = await postman.mails(DATA_FROM_VENDOR)
    assert (mail.recipient, mail.subject) == (ada.email, "Recorder sent data of you")
    assert "- telephone number" in mail.body
    assert "- visits" in mail.body
    assert "+49" not in mail.body, "the names of what was sent, and not what it says"
    assert "changes nothing" in mail.body
