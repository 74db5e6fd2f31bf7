"""What is told about domains: to the owner, the administrators and the technical contacts of the organisation alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.builders import Person, make_member
from tests.fakes.dns_server import DnsFake, serving_dns
from tests.requesting import Firm
from tests.tenants.domains.claimant import NAME, Claimant, make_claimant
from tests.tenants.operating import commanding, operating
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.core.settings import Settings
from wardship.tenants.access import Services
from wardship.tenants.domains.claiming import MOST_PENDING
from wardship.tenants.domains.clocks import SUSPENDED_FOR, check_domains
from wardship.tenants.domains.contests import ANSWERED_WITHIN
from wardship.tenants.domains.disputes import decide_dispute, examine_dispute
from wardship.tenants.domains.notices import (
    DOMAIN_CONTESTED,
    DOMAIN_DECIDED,
    DOMAIN_DISPUTED,
    DOMAIN_EXAMINED,
    DOMAIN_LOST,
    DOMAIN_RELEASED,
    DOMAIN_SUSPENDED,
    DOMAIN_TRANSFERRED,
    DOMAIN_VERIFIED,
    KINDS,
)
from wardship.tenants.domains.records import ClaimScope
from wardship.tenants.domains.settling import GRACE, GRACE_WHILE_SUSPENDED
from wardship.tenants.organisation_lifecycle.changes import resume_organisation, suspend_organisation

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]


@pytest.fixture
async def resolvers() -> AsyncIterator[tuple[DnsFake, DnsFake]]:
    async with serving_dns() as first, serving_dns() as second:
        yield first, second


@pytest.fixture
async def settings(settings: Settings, resolvers: tuple[DnsFake, DnsFake]) -> Settings:
    return settings.model_copy(update={"dns_servers": [each.server for each in resolvers]})


@pytest.fixture
async def contact(firm: Firm) -> Person:
    return await make_member(firm.services.database, firm.organisation, Role.TECHNICAL_CONTACT)


@pytest.fixture
def ours(firm: Firm, resolvers: tuple[DnsFake, DnsFake], contact: Person) -> Claimant:
    """The firm, whose technical contact is told too."""
    assert contact.organisation_id == firm.organisation.id
    return Claimant(firm.services, resolvers, firm.organisation, firm.owner, firm.admin)


@pytest.fixture
async def rival(services: Services, resolvers: tuple[DnsFake, DnsFake]) -> Claimant:
    return await make_claimant(services, resolvers, "rival")


@pytest.fixture
def told(firm: Firm, contact: Person) -> list[str]:
    """Who looks after the firm's domains."""
    return sorted([firm.owner.email, firm.admin.email, contact.email])


def _of(claimant: Claimant) -> list[str]:
    return sorted([claimant.owner.email, claimant.admin.email])


@tells(DOMAIN_VERIFIED)
async def test_holder_is_told_that_a_domain_was_proven(ours: Claimant, postman: Postman, told: list[str]):
    await ours.claim("waits.com")
    issued = await ours.prove("bücher.de")
    mails = await postman.mails(DOMAIN_VERIFIED)
    assert sorted(mail.recipient for mail in mails) == told
    assert all("bücher.de (xn--bcher-kva.de)" in mail.body for mail in mails)
    assert not any("quarantine" in mail.body for mail in mails)
    await postman.forget()
    await ours.release(issued.claim.id)
    await ours.prove("bücher.de")
    mails = await postman.mails(DOMAIN_VERIFIED)
    assert len(mails) == 3
    assert all("in quarantine until 2026-12-05" in mail.body for mail in mails)


@tells(DOMAIN_LOST)
async def test_loss_is_told_on_the_first_the_third_and_the_sixth_day(ours: Claimant, postman: Postman, told: list[str]):
    issued = await ours.held()
    await ours.lose(issued)
    mails = await postman.mails(DOMAIN_LOST)
    assert sorted(mail.recipient for mail in mails) == told
    until = f"{(await ours.found(issued.claim.id)).state_until:%Y-%m-%d}"
    assert all(until in mail.subject and f"_users.wardship-challenge.{NAME}" in mail.body for mail in mails)
    days = []
    for _ in range(13):
        await postman.forget()
        await ours.pass_time(timedelta(hours=12))
        if await postman.readers(DOMAIN_LOST) == told:
            days.append((ours.services.clock.now() - (await ours.found(issued.claim.id)).state_since).days)
    assert days == [3, 6]


@tells(DOMAIN_SUSPENDED)
@tells(DOMAIN_RELEASED)
async def test_suspension_and_release_by_the_clock_are_told(ours: Claimant, postman: Postman, told: list[str]):
    issued = await ours.held()
    await ours.lose(issued)
    await ours.pass_time(GRACE)
    assert await postman.readers(DOMAIN_SUSPENDED) == told
    assert await postman.readers(DOMAIN_RELEASED) == []
    await ours.pass_time(SUSPENDED_FOR)
    assert await postman.readers(DOMAIN_RELEASED) == told


async def test_release_by_an_administrator_is_told_where_the_domain_was_held(
    ours: Claimant, postman: Postman, told: list[str]
):
    issued, waiting = await ours.held(), await ours.claim("waits.com")
    await ours.release(waiting.claim.id)
    assert await postman.readers(DOMAIN_RELEASED) == []
    await ours.release(issued.claim.id)
    assert await postman.readers(DOMAIN_RELEASED) == told


@tells(DOMAIN_CONTESTED)
async def test_holder_is_told_of_anothers_proof_and_neither_is_named(
    ours: Claimant, rival: Claimant, postman: Postman, told: list[str]
):
    await ours.held(NAME, ClaimScope.SUBTREE)
    await postman.forget()
    await rival.prove(f"yard.{NAME}")
    mails = await postman.mails(DOMAIN_CONTESTED)
    assert sorted(mail.recipient for mail in mails) == told
    assert all(f"yard.{NAME}" in mail.subject + mail.body for mail in mails)
    assert not any("rival" in (mail.subject + mail.body).lower() for mail in await postman.everything())
    assert {mail.recipient for mail in await postman.everything()} == set(told)


@tells(DOMAIN_DISPUTED)
async def test_claimant_is_told_that_the_holder_has_answered(ours: Claimant, rival: Claimant, postman: Postman):
    held = await ours.held()
    await rival.prove()
    ours.place(await ours.renew(held.claim.id))
    await postman.forget()
    await ours.verify(held.claim.id)
    mails = await postman.mails(DOMAIN_DISPUTED)
    assert sorted(mail.recipient for mail in mails) == _of(rival)
    name = ours.organisation.name.lower()
    assert not any(name in (mail.subject + mail.body).lower() for mail in mails)


@tells(DOMAIN_EXAMINED)
@tells(DOMAIN_DECIDED)
@pytest.mark.parametrize("is_claimants", [True, False])
async def test_both_sides_are_told_that_the_provider_looks_and_what_it_decides(
    ours: Claimant, rival: Claimant, postman: Postman, told: list[str], is_claimants
):
    held = await ours.held()
    issued = await rival.prove()
    ours.place(await ours.renew(held.claim.id))
    await ours.verify(held.claim.id)
    await postman.forget()
    async with operating(ours.services) as access:
        await examine_dispute(access, issued.claim.id, "Asked by both")
    await check_domains(ours.services)
    mails = await postman.mails(DOMAIN_EXAMINED)
    assert sorted(mail.recipient for mail in mails) == sorted([*told, *_of(rival)])
    assert all("Asked by both" in mail.body and NAME in mail.subject for mail in mails)
    async with operating(ours.services) as access:
        await decide_dispute(access, issued.claim.id, "By the register", is_claimants=is_claimants)
    mails = await postman.mails(DOMAIN_DECIDED)
    assert sorted(mail.recipient for mail in mails) == sorted([*told, *_of(rival)])
    assert all("By the register" in mail.body for mail in mails)
    winners = {mail.recipient for mail in mails if f"{NAME} is held by" in mail.body}
    assert winners == set(_of(rival) if is_claimants else told)


@tells(DOMAIN_TRANSFERRED)
async def test_silent_holder_is_told_that_the_domain_has_passed(
    ours: Claimant, rival: Claimant, postman: Postman, told: list[str]
):
    await ours.held()
    await rival.prove()
    await postman.forget()
    await rival.pass_time(ANSWERED_WITHIN)
    mails = await postman.mails(DOMAIN_TRANSFERRED)
    assert sorted(mail.recipient for mail in mails) == told
    assert not any("rival" in (mail.subject + mail.body).lower() for mail in mails)
    assert await postman.readers(DOMAIN_VERIFIED) == _of(rival)


async def _suspend(claimant: Claimant) -> None:
    async with commanding(claimant.services) as access:
        await suspend_organisation(access, claimant.organisation.slug)


async def _resume(claimant: Claimant) -> None:
    async with commanding(claimant.services) as access:
        await resume_organisation(access, claimant.organisation.slug)


async def test_suspended_holder_is_told_that_a_contest_waits_and_again_until_when_it_may_answer(
    ours: Claimant, rival: Claimant, postman: Postman, told: list[str]
):
    await ours.held()
    await _suspend(ours)
    await postman.forget()
    issued = await rival.prove()
    mails = await postman.mails(DOMAIN_CONTESTED)
    assert sorted(mail.recipient for mail in mails) == told
    assert all("once it is resumed, it has seven whole days to answer" in mail.body for mail in mails)
    await rival.pass_time(ANSWERED_WITHIN * 3)
    await postman.forget()
    await _resume(ours)
    mails = await postman.mails(DOMAIN_CONTESTED)
    assert sorted(mail.recipient for mail in mails) == told
    until = f"{(await rival.found(issued.claim.id)).contested_until:%Y-%m-%d}"
    assert all(f"goes on doing so until {until}" in mail.body for mail in mails)
    assert not {mail.recipient for mail in await postman.everything()} & set(_of(rival))


async def test_grace_of_a_suspended_organisation_does_not_end_unseen(ours: Claimant, postman: Postman, told: list[str]):
    issued = await ours.held()
    await _suspend(ours)
    await ours.lose(issued)
    mails = await postman.mails(DOMAIN_LOST)
    assert sorted(mail.recipient for mail in mails) == told
    until = f"{(await ours.found(issued.claim.id)).state_until:%Y-%m-%d}"
    assert all(until in mail.subject and "is suspended, and nobody can have a record" in mail.body for mail in mails)
    days = []
    for _ in range(GRACE_WHILE_SUSPENDED.days):
        await postman.forget()
        await ours.pass_time(timedelta(days=1))
        if await postman.readers(DOMAIN_LOST) == told:
            days.append((ours.services.clock.now() - (await ours.found(issued.claim.id)).state_since).days)
    assert days == [3, 6, 23]
    assert await postman.readers(DOMAIN_SUSPENDED) == told


async def test_grace_that_a_suspension_lengthens_or_its_end_begins_again_is_told_with_its_new_end(
    ours: Claimant, postman: Postman, told: list[str]
):
    issued = await ours.held()
    await ours.lose(issued)
    await _suspend(ours)
    await ours.pass_time(timedelta(days=6))
    await postman.forget()
    await ours.pass_time(timedelta(days=1))
    for act in (None, _resume):
        if act is not None:
            await postman.forget()
            await act(ours)
        until = f"{(await ours.found(issued.claim.id)).state_until:%Y-%m-%d}"
        mails = await postman.mails(DOMAIN_LOST)
        assert sorted(mail.recipient for mail in mails) == told
        assert all(until in mail.subject for mail in mails)
        assert all(("is suspended, and" in mail.body) is (act is None) for mail in mails)


async def test_claims_that_were_never_proven_tell_nobody(ours: Claimant, rival: Claimant, postman: Postman):
    await ours.held()
    await postman.forget()
    for number in range(MOST_PENDING - 1):
        await rival.claim(f"harbour-{number}.com")
    issued = await rival.claim()
    await rival.verify(issued.claim.id)
    await rival.release(issued.claim.id)
    for kind in KINDS:
        assert await postman.readers(kind) == []
