"""What people are told of tasks at integrations."""

from __future__ import annotations

import pytest

from tests.builders import Person, access_for, make_member
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.tenants.closing import let_leave, pass_time, work_off
from tests.tenants.operating import commanding, register
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role, StaffRole
from wardship.plugins.api import Holder, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.staff.staff import add_to_staff
from wardship.tenants.tasks.notices import CLOSING_TASK, TASK_OVERDUE, TASK_WAITS

pytestmark = pytest.mark.anyio
OTTO = "otto@example.org"


@pytest.fixture
def by_hand(services) -> None:
    plugin = recorder("byhand", name="By hand", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(plugin, "byhand")


@pytest.fixture
async def doers(database, acme, admin) -> list[str]:
    """Who completes tasks; those who only see them are there too."""
    await make_member(database, acme, Role.AUDITOR)
    await make_member(database, acme, Role.TECHNICAL_CONTACT)
    officer = await make_member(database, acme, Role.PRIVACY_OFFICER, name="Petra")
    return sorted([officer.email, admin.email])


@pytest.fixture
async def waiting(by_hand, doers, connections: Connections, services, ada, database, acme):  # noqa: ARG001 - there before
    """Two people's erasures that have to be done by hand."""
    bob = await make_member(database, acme, name="Bob")
    installation = await connections.connect("byhand")
    async with access_for(services, connections.admin) as access:
        for person in (ada, bob):
            await enqueue_for_member(access, person.member_id, Verb.ERASE)
    await connections.work()
    return installation


@tells(TASK_WAITS)
@pytest.mark.usefixtures("waiting")
async def test_those_who_complete_tasks_are_told_once_a_day_of_many_of_one_kind(doers, connections, postman: Postman):
    await connections.pass_time(minutes=1)
    mails = await postman.mails(TASK_WAITS)
    assert sorted(mail.recipient for mail in mails) == doers
    assert {mail.subject for mail in mails} == {"Something is left to people at By hand"}
    assert all("(erase what it holds of a person)" in mail.body and "Ada" not in mail.body for mail in mails)


@tells(TASK_OVERDUE)
@pytest.mark.usefixtures("waiting")
async def test_overdue_tasks_are_told_once(doers, connections, postman: Postman):
    await connections.pass_time(days=31)
    await connections.pass_time(minutes=1)
    mails = await postman.mails(TASK_OVERDUE)
    assert sorted(mail.recipient for mail in mails) == doers
    assert {mail.subject for mail in mails} == {"A task at By hand is overdue"}


@tells(TASK_OVERDUE)
@pytest.mark.usefixtures("by_hand", "doers")
async def test_member_alone_is_told_of_the_own_overdue_task(services, connections, ada: Person, postman: Postman):
    own = await connections.connect("byhand", holder=Holder.MEMBER, member_id=ada.member_id)
    async with access_for(services, ada) as access:
        await uninstall(access, own.id)
    await connections.work()
    await connections.pass_time(days=31)
    assert await postman.readers(TASK_OVERDUE) == [ada.email]


@tells(CLOSING_TASK)
@pytest.mark.usefixtures("waiting", "doers")
async def test_operators_are_told_of_tasks_of_an_organisation_that_closes(
    services, acme, connections, postman: Postman
):
    await register(services, OTTO)
    async with commanding(services) as access:
        await add_to_staff(access, OTTO, StaffRole.OPERATOR)
    await postman.forget()
    await let_leave(services, acme)
    await pass_time(services)
    await work_off(services)
    (mail,) = await postman.mails(CLOSING_TASK)
    assert (mail.recipient, mail.subject) == (OTTO, "A task at By hand is left to you")
    assert "Acme" not in mail.body
    await postman.forget()
    await connections.pass_time(days=31)
    (mail,) = await postman.mails(CLOSING_TASK)
    assert (mail.recipient, mail.subject) == (OTTO, "A task at By hand is overdue")
