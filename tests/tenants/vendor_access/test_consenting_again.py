"""Who consents again sees what is different from the last consent, in the words of the one generator."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.connecting import Connections
from tests.tenants.vendor_access.desk import FETCHED, Desk, landed, make_client
from wardship.core.actor import Role
from wardship.plugins.api import Direction, Holder, Manifest, Receives
from wardship.plugins.host.declaration_diff import all_differences
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installations.records import stored_plan
from wardship.tenants.vendor_access.granting import withdraw_vendor_grant
from wardship.tenants.vendor_access.records import fetched_part

pytestmark = pytest.mark.anyio
ODD = "Zoë’s “Mails” <b>\u202egmbH</b> יד"
NEW = Receives(
    category="user.job_title",
    fields=("job_title",),
    purpose="functional.service",
    legal_basis="contract",
    direction="pull",
    retention_days=90,
    onward_recipients=(ODD,),
)
ROW = re.compile(r'<tr role="row"><th role="rowheader" scope="row" dir="auto">(.*?)</th>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r'<td role="cell" dir="auto" data-title="([^"]*)">(.*?)</td>', re.DOTALL)


def rows_of(page: str) -> list[tuple[str, ...]]:
    """The table of differences: what, before, now, what it takes."""
    found = []
    for what, cells in ROW.findall(page):
        told = CELL.findall(cells)
        assert [title for title, _ in told] == ["Before", "Now", "It takes"]
        found.append(tuple(html.unescape(text) for text in (what, *(text for _, text in told))))
    return found


async def declare(desk: Desk, manifest: Manifest) -> Manifest:
    """Let the approved declaration be this one from now on."""
    plan = stored_plan(await desk.owner.fetchval("select plan from installation where id = $1", desk.installation_id))
    await desk.owner.execute(
        "update installation set manifest = $2, declaration_digest = $3 where id = $1",
        desk.installation_id,
        manifest.model_dump_json(),
        declaration_digest(manifest, plan),
    )
    return manifest


def widened(manifest: Manifest) -> Manifest:
    """One that fetches a field more, another no more, and keeps one for longer."""
    kept = FETCHED[1].model_copy(update={"fields": ("email",), "retention_days": 60})
    passed_on = FETCHED[0].model_copy(update={"onward_recipients": (ODD,)})
    return manifest.model_copy(update={"receives": (passed_on, kept, NEW), "version": "2.0"})


async def test_first_consent_shows_no_difference(desk):
    page = (await desk.ask()).text
    assert "What is different" not in page
    assert "<table" not in page


async def test_every_difference_has_its_row_and_its_sentence(desk, recording):
    await desk.code()
    now = await declare(desk, widened(recording.declared))
    page = (await desk.ask()).text
    found = all_differences(recording.declared, now, old_plan=recording.plan, new_plan=recording.plan)
    assert {each.effect for each in found} == {"wider", "narrower", "other"}
    takes = {"wider": "more", "narrower": "less", "other": "neither more nor less"}
    assert rows_of(page) == [
        (each.what, each.was or "nothing", each.is_now or "nothing", takes[each.effect]) for each in found
    ]
    told = html.unescape(page)
    assert all(f"<li>{each.sentence}</li>" in told for each in found)
    at = desk.services.clock.now()
    assert f"What is different since {at.day} {at:%B %Y}" in told
    assert "If you cancel, that stays as it is" in told
    assert told.index("What is different") < told.index("What it receives")


async def test_what_a_vendor_writes_stays_text(desk, recording):
    await desk.code()
    await declare(desk, widened(recording.declared))
    page = (await desk.ask()).text
    assert "<b>" not in page
    assert ODD in html.unescape(page)


async def test_what_is_sent_and_not_fetched_is_no_difference_of_a_consent(desk, recording):
    await desk.code()
    sent = NEW.model_copy(update={"direction": Direction.PUSH})
    receives = (*recording.declared.receives, sent)
    await declare(desk, recording.declared.model_copy(update={"receives": receives}))
    page = (await desk.ask()).text
    assert "Nothing is different from what was allowed then." in page
    assert "<table" not in page


async def test_each_consent_is_compared_with_the_last_one(desk, recording):
    await desk.code()
    now = await declare(desk, widened(recording.declared))
    await desk.code()
    assert "Nothing is different" in (await desk.ask()).text
    assert fetched_part(now).receives == now.receives
    await declare(desk, recording.declared)
    rows = rows_of((await desk.ask()).text)
    assert ("Job title", "less") in {(row[0], row[-1]) for row in rows}


async def test_an_ended_consent_is_compared_with_and_said_to_have_ended(desk, recording, services):
    await desk.code()
    async with access_for(services, desk.admin) as access:
        await withdraw_vendor_grant(access, await desk.owner.fetchval("select id from vendor_grant"))
    services.clock.advance(timedelta(minutes=1))
    await declare(desk, widened(recording.declared))
    page = (await desk.ask()).text
    assert "and that was ended on" in page
    assert "nothing is fetched at present" in page
    assert len(rows_of(page)) > 2


async def test_installed_again_it_is_compared_with_what_the_same_client_had(desk, recording, services, connections):
    await desk.code()
    async with access_for(services, desk.admin) as access:
        await uninstall(access, desk.installation_id)
    await connections.work()
    again = await connections.connect()
    desk.installation_id = again.id
    await declare(desk, widened(recording.declared))
    assert len(rows_of((await desk.ask(installation=str(again.id))).text)) > 2


async def test_a_consent_from_before_is_said_to_have_no_declaration(desk):
    await desk.code()
    await desk.owner.execute("update vendor_grant set declared = null, declared_plan = null, consented_at = null")
    page = (await desk.ask()).text
    assert "What was declared then was not kept: read all that follows." in page
    assert "<table" not in page


async def test_another_clients_consent_and_a_members_own_are_not_compared_with(
    desk, recording, services, database, acme, ada
):
    await desk.code()
    other = await make_client(services, desk.vendor_id, name="Other")
    await declare(desk, widened(recording.declared))
    first, desk.client = desk.client, other.client
    assert "What is different" not in (await desk.ask()).text
    desk.client = first
    own = await Connections(services, desk.admin).connect(holder=Holder.MEMBER, member_id=ada.member_id)
    await desk.sign_in(ada)
    assert "What is different" not in (await desk.ask(installation=str(own.id))).text
    await desk.sign_in(await make_member(database, acme, Role.ORG_ADMIN, name="Rita"))
    assert "What is different" in (await desk.ask(installation=str(desk.installation_id))).text


async def test_a_declaration_that_changes_while_it_is_read_is_shown_again_and_not_consented_to(desk, recording):
    await desk.code()
    before = [tuple(row) for row in await desk.owner.fetch("select consented, declared from vendor_grant")]
    read = declaration_digest(recording.declared, recording.plan).hex()
    await declare(desk, widened(recording.declared))
    for shown in (read, "", "f" * 64):
        page = await desk.press(form={"declaration": shown})
        assert (page.status_code, "read it again and accept the present one" in page.text) == (409, True)
        assert "Job title" in page.text
    assert [tuple(row) for row in await desk.owner.fetch("select consented, declared from vendor_grant")] == before
    assert await desk.rows("vendor_code") == 1
    assert "code" in landed(await desk.press())
