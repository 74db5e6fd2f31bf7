"""Domains are claimed and proven; what is claimed alone keeps nobody out, and what is kept proves nothing."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from tests.builders import make_member, system_access
from tests.tables import digest
from tests.tenants.domains.claimant import NAME
from wardship.app.nouns import domain_nouns
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.domains.claiming import (
    MOST_PENDING,
    PENDING_FOR,
    DomainClaimedError,
    TooManyClaimsError,
    TooManyVerificationsError,
    claim_domain,
    release_domain,
    renew_claim,
    verify_domain,
)
from wardship.tenants.domains.clocks import check_domains, end_domain_states
from wardship.tenants.domains.directory import domain_holder
from wardship.tenants.domains.proof import Look
from wardship.tenants.domains.read import claim_by_id, list_claims
from wardship.tenants.domains.records import ClaimScope, ClaimState, Finding
from wardship.tenants.domains.settling import HEALTHY, LeasedCheck, settle_look
from wardship.tenants.domains.write import ClaimStateError
from wardship.tenants.organisations.states import OrganisationNotActiveError
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio


async def test_claim_is_proven_by_its_record(harbour, owner):
    issued = await harbour.claim()
    assert issued.claim.state is ClaimState.PENDING
    assert issued.challenge.name == f"_users.wardship-challenge.{NAME}"
    assert issued.challenge.value.startswith(
        "wardship-domain,service=localhost:8000,organisation=harbour,scope=name,token="
    )
    harbour.place(issued.challenge)
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.finding, found.is_asked) == (ClaimState.VERIFIED, Finding.PROVEN, False)
    assert (found.epoch, found.quarantined_until) == (1, None)
    assert found.proven_at == harbour.services.clock.now()
    assert abs(found.check_at - found.proven_at - HEALTHY) <= HEALTHY / 10
    row = await owner.fetchrow("select * from domain")
    assert (row["name"], row["holder_id"], row["state"], row["epoch"]) == (NAME, harbour.organisation.id, "held", 1)


async def test_record_is_shown_once_and_only_its_digest_is_kept(harbour, owner):
    issued = await harbour.claim()
    token = issued.challenge.value.rpartition("=")[2]
    kept = await owner.fetchval("select token_hash from domain_claim")
    assert kept == hashlib.sha256(issued.challenge.value.encode()).digest()
    for table in await owner.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    ):
        rows = await owner.fetch(f"select t::text from {table['relname']} t where t::text like $1", f"%{token}%")
        assert rows == [], table["relname"]


async def test_without_the_record_the_claim_waits_and_says_what_was_found(harbour, owner):
    issued = await harbour.claim()
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.finding, found.check_at) == (ClaimState.PENDING, Finding.ABSENT, None)
    assert await owner.fetch("select from domain") == []


async def test_renewed_record_replaces_the_one_before_and_begins_the_week_again(harbour):
    issued = await harbour.claim()
    harbour.place(issued.challenge)
    harbour.services.clock.advance(timedelta(days=6))
    renewed = await harbour.renew(issued.claim.id)
    assert renewed.name == issued.challenge.name
    assert renewed.value != issued.challenge.value
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.finding) == (ClaimState.PENDING, Finding.ABSENT)
    assert found.state_until == found.token_issued_at + PENDING_FOR
    harbour.place(renewed)
    assert (await harbour.verify(issued.claim.id)).state is ClaimState.VERIFIED


async def test_claim_that_nobody_proves_ends_after_a_week(harbour):
    issued = await harbour.claim()
    harbour.place(issued.challenge)
    await harbour.pass_time(PENDING_FOR - timedelta(seconds=1))
    assert await harbour.state(issued.claim.id) is ClaimState.PENDING
    await harbour.pass_time(timedelta(seconds=1))
    assert await harbour.state(issued.claim.id) is ClaimState.EXPIRED
    async with harbour.access() as access:
        for act in (verify_domain, renew_claim, release_domain):
            with pytest.raises(ClaimStateError):
                await act(access, issued.claim.id)
    assert (await harbour.claim()).claim.id != issued.claim.id


async def test_name_that_was_never_proven_does_not_come_into_the_directory(harbour, owner):
    first, second = await harbour.claim("typed.com"), await harbour.claim("typed-too.com")
    await harbour.verify(first.claim.id)
    await harbour.release(first.claim.id)
    await harbour.pass_time(PENDING_FOR)
    assert await harbour.state(second.claim.id) is ClaimState.EXPIRED
    assert await owner.fetch("select from domain") == []


async def test_claim_whose_week_is_over_is_not_looked_up_before_the_clock_has_acted(harbour):
    issued = await harbour.claim()
    harbour.services.clock.advance(PENDING_FOR)
    async with harbour.access() as access:
        with pytest.raises(ClaimStateError, match="expired"):
            await verify_domain(access, issued.claim.id)


async def test_ten_claims_wait_at_most(harbour, rival):
    for number in range(MOST_PENDING):
        await harbour.claim(f"harbour-{number}.com")
    with pytest.raises(TooManyClaimsError):
        await harbour.claim("one-more.com")
    await rival.claim("one-more.com")
    async with harbour.access() as access:
        page = await list_claims(access, PageRequest(100))
    await harbour.release(page.items[0].id)
    await harbour.claim("one-more.com")


async def test_domain_is_claimed_once_by_an_organisation_in_whatever_letters(harbour):
    await harbour.claim("bücher.de")
    with pytest.raises(DomainClaimedError):
        await harbour.claim("XN--BCHER-KVA.DE.")


async def test_claims_alone_keep_nobody_out(harbour, rival):
    await harbour.claim()
    await rival.held()


async def test_five_looks_a_minute_are_asked_for_at_most(harbour):
    issued = await harbour.claim()
    async with harbour.access() as access:
        for _ in range(5):
            await verify_domain(access, issued.claim.id)
        with pytest.raises(TooManyVerificationsError, match="60 seconds"):
            await verify_domain(access, issued.claim.id)
    harbour.services.clock.advance(timedelta(minutes=1))
    async with harbour.access() as access:
        await verify_domain(access, issued.claim.id)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR, Role.TECHNICAL_CONTACT, Role.PRIVACY_OFFICER])
async def test_only_who_manages_domains_claims_and_changes_them(harbour, owner, resolvers, role):
    issued = await harbour.claim()
    person = await make_member(harbour.services.database, harbour.organisation, role)
    before = await digest(owner)
    async with harbour.access(person) as access:
        with pytest.raises(PermissionDeniedError):
            await claim_domain(access, "other.com")
        for act in (renew_claim, verify_domain, release_domain):
            with pytest.raises(NotFoundError if role is Role.MEMBER else PermissionDeniedError):
                await act(access, issued.claim.id)
    assert await digest(owner) == before
    assert await check_domains(harbour.services) == 0
    assert resolvers[0].asked == []


async def test_every_change_needs_the_second_factor_shown_a_moment_ago(harbour, owner):
    issued = await harbour.claim()
    before = await digest(owner)
    async with harbour.access(stepped_up=False) as access:
        with pytest.raises(StepUpRequiredError):
            await claim_domain(access, "other.com")
        for act in (renew_claim, verify_domain, release_domain):
            with pytest.raises(StepUpRequiredError):
                await act(access, issued.claim.id)
    assert await digest(owner) == before


async def test_claims_of_another_organisation_are_not_there(harbour, rival, owner):
    issued = await harbour.held()
    before = await digest(owner, harbour.organisation.id)
    async with rival.access() as access:
        for act in (claim_by_id, renew_claim, verify_domain, release_domain):
            with pytest.raises(NotFoundError):
                await act(access, issued.claim.id)
        assert (await list_claims(access, PageRequest())).items == []
    assert await digest(owner, harbour.organisation.id) == before


async def test_suspended_organisation_claims_nothing(harbour, owner):
    await owner.execute("update organisation set state = 'suspended', suspended_at = now() where slug = 'harbour'")
    with pytest.raises(OrganisationNotActiveError):
        await harbour.claim()
    assert await owner.fetch("select from domain_claim") == []


async def test_released_domain_is_free_and_its_next_holder_is_in_quarantine(harbour, rival, owner):
    issued = await harbour.held()
    assert (await harbour.release(issued.claim.id)).state is ClaimState.RELEASED
    row = await owner.fetchrow("select * from domain")
    assert (row["state"], row["holder_id"], row["epoch"]) == ("free", None, 1)
    taken = await rival.held()
    found = await rival.found(taken.claim.id)
    assert found.epoch == 2
    assert found.quarantined_until == found.state_since + timedelta(days=14)


async def test_most_specific_holder_answers_for_an_address(harbour, rival):
    database = harbour.services.database

    async def holder(name):
        async with database.directory(read_only=True) as transaction:
            found = await domain_holder(transaction, name)
        return found and (found.name, found.organisation_id)

    await rival.held(f"yard.{NAME}", ClaimScope.SUBTREE)
    whole = await harbour.held(NAME, ClaimScope.SUBTREE)
    assert await holder(NAME) == (NAME, harbour.organisation.id)
    assert await holder(f"north.yard.{NAME}") == (f"yard.{NAME}", rival.organisation.id)
    assert await holder(f"office.{NAME}") == (NAME, harbour.organisation.id)
    assert await holder("com") is None
    await harbour.release(whole.claim.id)
    await harbour.held(NAME, ClaimScope.NAME)
    assert await holder(f"north.yard.{NAME}") == (f"yard.{NAME}", rival.organisation.id)
    assert await holder(f"office.{NAME}") is None


async def test_claims_are_kept_in_the_audit_chain_without_the_name(harbour, owner):
    issued = await harbour.held()
    await harbour.release(issued.claim.id)
    entries = await owner.fetch(
        "select action, entry from audit_entry where target_kind = 'domain_claim' order by sequence"
    )
    assert [row["action"] for row in entries] == [
        "domain.claimed",
        "domain.verification_asked",
        "domain.verified",
        "domain.released",
    ]
    assert not any(NAME in row["entry"] for row in entries)


async def test_look_that_was_overtaken_says_nothing(harbour, owner):
    """Somebody had the record looked for again while a worker was at it."""
    issued = await harbour.claim()
    await harbour.ask(issued.claim.id)
    before = await digest(owner)
    asked = (await harbour.found(issued.claim.id)).check_at
    digests = (issued.challenge.digest,)
    look = Look(Finding.PROVEN, issued.challenge.digest, ())
    for leased_until, is_written in ((asked - timedelta(seconds=1), False), (asked, True)):
        check = LeasedCheck(
            harbour.organisation.id, issued.claim.id, NAME, ClaimScope.NAME, digests, False, leased_until
        )
        async with system_access(harbour.services, harbour.organisation) as access:
            assert await settle_look(access, check, look) is is_written
        changed = {table for table, rows in (await digest(owner)).items() if rows != before[table]}
        assert ("domain_claim" in changed) is is_written


async def test_claim_is_given_to_one_worker_at_a_time(harbour):
    issued = await harbour.claim()
    harbour.place(issued.challenge)
    await harbour.ask(issued.claim.id)
    assert sorted(await asyncio.gather(*(check_domains(harbour.services) for _ in range(4)))) == [0, 0, 0, 1]
    assert await harbour.state(issued.claim.id) is ClaimState.VERIFIED


async def test_look_of_a_worker_that_died_is_done_by_another(harbour, monkeypatch):
    issued = await harbour.claim()
    harbour.place(issued.challenge)
    await harbour.ask(issued.claim.id)
    with monkeypatch.context() as patch:
        patch.setattr("wardship.tenants.domains.clocks.look_up_proof", None)
        assert await check_domains(harbour.services) == 1
    assert await harbour.state(issued.claim.id) is ClaimState.PENDING
    assert await check_domains(harbour.services) == 0
    await harbour.pass_time(timedelta(minutes=2))
    assert await harbour.state(issued.claim.id) is ClaimState.VERIFIED


async def test_who_asks_wakes_the_workers(harbour):
    issued = await harbour.claim()
    listening, heard = asyncio.Event(), asyncio.Event()
    notifications = harbour.services.database.notifications
    end = notifications.listen("wardship_sweeps", lambda _: heard.set(), listening.set)
    async with asyncio.timeout(60):
        await listening.wait()
        assert not heard.is_set()
        await harbour.ask(issued.claim.id)
        await heard.wait()
    end()


def test_workers_look_domains_up_and_end_their_states():
    assert {check_domains, end_domain_states} <= set(domain_nouns().duties.sweeps)
