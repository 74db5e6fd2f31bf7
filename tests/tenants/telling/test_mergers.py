"""What is told of mergers: offers to owners, the rest to everybody in both organisations."""

from __future__ import annotations

import pytest

from tests.builders import make_group, make_member
from tests.connecting import Connections
from tests.fakes.recorder import Recorder, recorder
from tests.installed import installed_integrations
from tests.tenants.mergers.merging import Merging, make_merging
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.plugins.host.registry import Registry
from wardship.tenants.groups.rules.change import preview_rule, set_rule
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
from wardship.tenants.mergers.clocks import follow_mergers
from wardship.tenants.mergers.notices import (
    GROUP_RULES_REST,
    INTEGRATIONS_HELD,
    MERGER_ANNOUNCED,
    MERGER_CALLED_OFF,
    MERGER_DONE,
    MERGER_OFFERED,
    MERGER_OVER,
    ORGANISATION_HANDED_OVER,
)
from wardship.tenants.mergers.offering import OFFER_LASTS, decline_merger, withdraw_merger
from wardship.tenants.organisations.update import update_settings

pytestmark = pytest.mark.anyio
ADMIN, ADA, FORMER = "admin@harbour.example", "ada@orchard.example", "former@orchard.example"


@pytest.fixture
def recording() -> Recorder:
    return recorder()


@pytest.fixture
def integrations(recording: Recorder) -> Registry:
    registry = installed_integrations()
    registry.register(recording, "recorder")
    return registry


@pytest.fixture
async def merging(services, clock, owner, postman) -> Merging:
    """Harbour with an owner and an administrator; Orchard with an owner, a member and one who is deactivated."""
    merging = await make_merging(services, clock, owner)
    await make_member(services.database, merging.harbour, Role.ORG_ADMIN, email=ADMIN)
    await make_member(services.database, merging.orchard, email=ADA)
    await make_member(services.database, merging.orchard, email=FORMER, state="deactivated")
    await postman.forget()
    return merging


def _everybody(merging: Merging) -> list[str]:
    return sorted([merging.hanna.email, merging.oscar.email, ADMIN, ADA, FORMER])


@tells(MERGER_OFFERED)
async def test_owner_is_told_who_offers_and_until_when(merging, postman: Postman):
    await merging.offer()
    (mail,) = await postman.mails(MERGER_OFFERED)
    assert mail.recipient == merging.hanna.email
    assert mail.subject == "Orchard Søren & Ida offers to become part of Harbour Logistics"
    assert "short name orchard" in mail.body
    assert "2026-12-05" in mail.body


@tells(MERGER_OVER)
@pytest.mark.parametrize("how", ["declined", "withdrawn", "expired"])
async def test_owners_are_told_that_an_offer_is_over(merging, postman: Postman, how):
    merger = await merging.offer()
    if how == "declined":
        async with merging.access(merging.hanna) as access:
            await decline_merger(access, merger.id)
    elif how == "withdrawn":
        async with merging.access(merging.oscar) as access:
            await withdraw_merger(access, merger.id)
    else:
        merging.clock.advance(OFFER_LASTS)
    await follow_mergers(merging.services)
    told = {mail.recipient: (mail.subject, mail.body) for mail in await postman.mails(MERGER_OVER)}
    told_ours = {"declined": [merging.oscar.email], "withdrawn": [merging.hanna.email]}
    assert sorted(told) == sorted(told_ours.get(how, [merging.oscar.email, merging.hanna.email]))
    words = {"declined": "was declined", "withdrawn": "was taken back", "expired": "Nobody answered"}
    assert all(words[how] in body for _, body in told.values())
    if merging.oscar.email in told:
        subject, body = told[merging.oscar.email]
        assert subject == "No merger with harbour"
        assert "Orchard Søren & Ida does not become part of harbour" in body


@tells(MERGER_ANNOUNCED)
async def test_everybody_in_both_is_told_the_day_and_what_can_be_chosen(merging, postman: Postman):
    await merging.announce()
    mails = await postman.mails(MERGER_ANNOUNCED)
    assert sorted(mail.recipient for mail in mails) == _everybody(merging)
    assert {mail.subject for mail in mails} == {"Orchard Søren & Ida becomes part of Harbour Logistics on 2026-12-05"}
    assert all("take a copy of your data, ask for its erasure, or leave" in mail.body for mail in mails)
    theirs = {mail.recipient for mail in mails if "go over as they are" in mail.body}
    assert theirs == {merging.oscar.email, ADA, FORMER}


@tells(MERGER_CALLED_OFF)
async def test_everybody_is_told_that_it_is_called_off(merging, postman: Postman):
    merger = await merging.announce()
    async with merging.access(merging.hanna) as access:
        await withdraw_merger(access, merger.id)
    assert sorted(await postman.readers(MERGER_CALLED_OFF)) == sorted(set(_everybody(merging)) - {FORMER})


@tells(MERGER_DONE)
async def test_everybody_is_told_once_when_it_has_happened(merging, postman: Postman):
    await merging.merge()
    await follow_mergers(merging.services)
    mails = await postman.mails(MERGER_DONE)
    assert sorted(mail.recipient for mail in mails) == _everybody(merging)
    assert {mail.subject for mail in mails} == {"Orchard Søren & Ida is now part of Harbour Logistics"}


@tells(INTEGRATIONS_HELD)
async def test_administrators_are_told_what_stands_still(merging, postman: Postman):
    connections = Connections(merging.services, merging.oscar, merging.clock.now())
    await connections.connect()
    await postman.forget()
    await merging.merge()
    mails = await postman.mails(INTEGRATIONS_HELD)
    assert sorted(mail.recipient for mail in mails) == sorted([merging.hanna.email, ADMIN])
    assert {mail.subject for mail in mails} == {
        "1 integration stands still since Orchard Søren & Ida became part of Harbour Logistics"
    }


@tells(GROUP_RULES_REST)
async def test_administrators_are_told_which_rules_rest(merging, database, postman: Postman):
    said = [RuleCondition(RuleAttribute.JOB_TITLE, ("Welder",))]
    for name in ("Crew", "Quay"):
        group = await make_group(database, merging.harbour, name)
        async with merging.access(merging.hanna) as access:
            await set_rule(access, group, said, (await preview_rule(access, group, said)).fingerprint)
    await merging.merge()
    mails = await postman.mails(GROUP_RULES_REST)
    assert sorted(mail.recipient for mail in mails) == sorted([merging.hanna.email, ADMIN])
    assert {mail.subject for mail in mails} == {
        "2 groups are not filled by their rules since Orchard Søren & Ida became part of Harbour Logistics"
    }


@tells(ORGANISATION_HANDED_OVER)
async def test_everybody_is_told_that_another_legal_entity_decides(merging, postman: Postman):
    for name in ("Orchard ApS", "Søren & Ida Holding"):
        async with merging.access(merging.oscar) as access:
            await update_settings(access, {"legal_entity": name})
    mails = await postman.mails(ORGANISATION_HANDED_OVER)
    assert sorted(mail.recipient for mail in mails) == sorted([merging.oscar.email, ADA, FORMER])
    assert {mail.subject for mail in mails} == {"Orchard Søren & Ida is now run by Søren & Ida Holding"}
    assert all("So far Orchard ApS decided" in mail.body for mail in mails)
