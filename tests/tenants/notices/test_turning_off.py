"""Mails of a kind are turned off from the mail itself, by a button or by the mail program, and nothing else is."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from tests.builders import make_member, make_organisation, system_access
from tests.inbox import Inbox, serving
from tests.mail_parts import parts
from tests.tenants.notices.conftest import NEWS, ORDINARY, URGENT
from wardship.app.application import application
from wardship.core.keys import KeyRing
from wardship.core.mail import deliver_due
from wardship.core.notices.turning_off import turn_off_url
from wardship.tenants.notices import tell
from wardship.tenants.notices.mailing import mail_notices

pytestmark = pytest.mark.anyio

SITE = "https://wardship.example"
ONE_CLICK = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"public_url": SITE})


@pytest.fixture
async def firm(database):
    return await make_organisation(database, name="Firm")


@pytest.fixture
async def ann(database, firm, owner):
    ann = await make_member(database, firm, name="Ann")
    await owner.execute(
        "insert into notice_preference (id, created_at, account_id, pace, turned_off)"
        " values (gen_random_uuid(), now(), $1, 'at_once', '{other}')",
        ann.account_id,
    )
    return ann


@pytest.fixture
async def http(services):
    transport = httpx.ASGITransport(app=application(services, with_worker=False))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        yield client


@pytest.fixture
def mailed(services, firm, ann):
    """Tell kinds, and return the messages that a server is given."""

    async def run(*kinds, times=1, by=services):
        async with system_access(by, firm) as access:
            for kind, number in itertools.product(kinds, range(times)):
                await tell(access, kind, [ann.member_id], what=f"{kind} {number}", until=by.clock.now())
        inbox = Inbox()
        async with serving(inbox) as url:
            settings = by.settings.model_copy(update={"smtp_url": SecretStr(url)})
            await mail_notices(by)
            while await deliver_due(by.database, settings, by.clock, by.keys):
                pass
        return [message for _, message in inbox.messages]

    return run


async def turned_off(owner, ann):
    return await owner.fetchrow("select pace, turned_off from notice_preference where account_id = $1", ann.account_id)


async def test_mail_program_turns_a_kind_off_by_one_click_and_the_rest_stays(mailed, ann, http, owner):
    (message,) = await mailed(NEWS)
    (address,) = re.fullmatch(
        r"<(https://wardship\.example/auth/notices/[\w-]+)>", message["List-Unsubscribe"]
    ).groups()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(address in part for part in parts(message))
    answer = await http.post(address, content="List-Unsubscribe=One-Click", headers=ONE_CLICK)
    assert answer.status_code == 200
    assert await turned_off(owner, ann) == ("at_once", ["news", "other"])
    again = await http.post(address, content="List-Unsubscribe=One-Click", headers=ONE_CLICK)
    assert again.status_code == 200
    assert await turned_off(owner, ann) == ("at_once", ["news", "other"])
    assert [m["Subject"] for m in await mailed(NEWS, ORDINARY, URGENT)] == [
        "Something ordinary: ordinary 0",
        "Something urgent: urgent 0",
    ]


async def test_looking_at_the_page_turns_nothing_off(mailed, ann, http, owner):
    (message,) = await mailed(NEWS)
    answer = await http.get(message["List-Unsubscribe"].strip("<>"))
    assert (answer.status_code, "Mail it no more" in answer.text) == (200, True)
    assert "script" not in answer.text
    assert (await turned_off(owner, ann))["turned_off"] == ["other"]


@pytest.mark.parametrize("kind", [ORDINARY, URGENT], ids=str)
async def test_what_is_always_mailed_offers_no_way_out(mailed, kind):
    (message,) = await mailed(kind)
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (None, None)
    assert "/auth/notices/" not in "".join(parts(message))


async def test_mail_of_several_offers_a_way_out_only_if_all_can_be_turned_off(mailed):
    (of_news,) = await mailed(NEWS, times=5)
    (mixed,) = await mailed(NEWS, ORDINARY, times=4)
    assert of_news["List-Unsubscribe"] is not None
    assert mixed["List-Unsubscribe"] is None


async def test_changed_address_turns_nothing_off(services, mailed, ann, http, owner):
    (message,) = await mailed(NEWS)
    address = message["List-Unsubscribe"].strip("<>")
    other_keys = KeyRing("another secret, long enough for it")
    foreign = turn_off_url(services.settings, other_keys, ann.account_id, [NEWS])
    changed = address[:-5] + ("A" if address[-5] != "A" else "B") + address[-4:]
    for wrong in (changed, address[:-8], f"{address}é", foreign, f"{SITE}/auth/notices/x"):
        for answer in (await http.get(wrong), await http.post(wrong, headers=ONE_CLICK)):
            assert (answer.status_code, "choose in the console" in answer.text) == (404, True)
    assert (await turned_off(owner, ann))["turned_off"] == ["other"]


@pytest.mark.usefixtures("ann")
async def test_account_that_is_gone_leaves_no_trace(services, http, owner):
    address = turn_off_url(services.settings, services.keys, UUID(int=7), [NEWS])
    assert (await http.post(address, headers=ONE_CLICK)).status_code == 200
    assert await owner.fetchval("select count(*) from notice_preference") == 1


async def test_site_without_tls_offers_the_page_and_no_one_click(services, mailed):
    plain = services.settings.model_copy(update={"public_url": "http://wardship.example"})
    (message,) = await mailed(NEWS, by=replace(services, settings=plain))
    assert message["List-Unsubscribe"].startswith("<http://wardship.example/auth/notices/")
    assert message["List-Unsubscribe-Post"] is None
