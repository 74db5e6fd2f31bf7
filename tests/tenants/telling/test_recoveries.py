"""What those who decide are told about recoveries of accounts."""

from __future__ import annotations

import pytest

from tests.builders import Organisation, make_member
from tests.tenants.accounts.conftest import Recovering
from tests.tenants.accounts.test_recovery_asked import LIST
from tests.tenants.accounts.test_recovery_asked import _ask as ask
from tests.tenants.telling.postman import Postman, tells
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import Role, StaffRole
from wardship.core.http.credentials import Client
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.recoveries import DECIDED_WITHIN, STAFF_DECIDES_WITHIN, call_off
from wardship.tenants.accounts.clock import announce_recoveries
from wardship.tenants.accounts.notices import RECOVERY_FOR_PRIVACY_TEAM, RECOVERY_OVER, RECOVERY_WANTED

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]


@tells(RECOVERY_WANTED)
@tells(RECOVERY_OVER)
async def test_those_who_recover_accounts_are_told_what_is_wanted_and_how_it_ended(
    recovering: Recovering, acme: Organisation, open_browser, postman: Postman
):
    officer = await make_member(recovering.services.database, acme, Role.PRIVACY_OFFICER)
    await ask(recovering, open_browser("198.51.100.1"))
    await announce_recoveries(recovering.services)
    assert await postman.readers(RECOVERY_WANTED) == ["adam@example.org", "olivia@example.org"]
    listed = await recovering.api.data(recovering.admin.actor(), LIST)
    (node,) = [edge["node"] for edge in listed["accountRecoveries"]["edges"]]
    await recovering.approve(node, recovering.admin)
    await recovering.decline(node)
    await announce_recoveries(recovering.services)
    mails = await postman.mails(RECOVERY_OVER)
    assert sorted(mail.recipient for mail in mails) == ["adam@example.org", "olivia@example.org"]
    assert all("it was declined, and nothing was changed" in mail.body for mail in mails)
    assert officer.email not in {mail.recipient for mail in await postman.everything()}


@tells(RECOVERY_OVER)
async def test_those_who_were_told_that_it_is_wanted_are_told_that_it_is_not_any_more(
    recovering: Recovering, open_browser, postman: Postman
):
    await ask(recovering, open_browser("198.51.100.1"))
    await announce_recoveries(recovering.services)
    assert await postman.readers(RECOVERY_WANTED) == ["adam@example.org", "olivia@example.org"]
    async with recovering.services.database.directory() as transaction:
        await call_off(transaction, Call(recovering.services, Client("")), recovering.person.account_id, "by_owner")
    await announce_recoveries(recovering.services)
    mails = await postman.mails(RECOVERY_OVER)
    assert sorted(mail.recipient for mail in mails) == ["adam@example.org", "olivia@example.org"]
    assert all("the account's owner called it off, and nothing was changed" in mail.body for mail in mails)


@tells(RECOVERY_FOR_PRIVACY_TEAM)
async def test_privacy_team_is_told_what_no_organisation_decides(
    recovering: Recovering, open_browser, postman: Postman, team: list[str]
):
    await ask(recovering, open_browser("198.51.100.1"))
    await recovering.tick(seconds=DECIDED_WITHIN.total_seconds())
    assert await postman.readers(RECOVERY_FOR_PRIVACY_TEAM) == team
    mails = await postman.mails(RECOVERY_OVER)
    assert sorted(mail.recipient for mail in mails) == ["adam@example.org", "olivia@example.org"]
    assert all("the provider's privacy team decides now" in mail.body for mail in mails)
    await postman.forget()
    await recovering.tick(seconds=STAFF_DECIDES_WITHIN.total_seconds())
    mails = await postman.mails(RECOVERY_OVER)
    assert sorted(mail.recipient for mail in mails) == team
    assert all("nobody approved it in time" in mail.body for mail in mails)


async def test_one_of_the_privacy_team_is_not_told_to_decide_on_the_own_recovery(
    recovering: Recovering, open_browser, postman: Postman, team: list[str]
):
    async with recovering.services.database.directory() as transaction:
        now = recovering.services.clock.now()
        await add_staff(transaction, recovering.person.account_id, StaffRole.PRIVACY_TEAM, at=now)
    await ask(recovering, open_browser("198.51.100.1"))
    await announce_recoveries(recovering.services)
    assert await postman.readers(RECOVERY_FOR_PRIVACY_TEAM) == team
