"""A suspended organisation: nobody gets in, nothing is shared, rights go on, and afterwards all is as before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import Person, access_for, make_member, make_organisation, system_access
from tests.core.sign_in.showing import credentials_of
from tests.requesting import Firm
from tests.tenants.operating import commanding, operating, operator, register
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Role, StaffRole
from wardship.core.errors import NotFoundError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.sign_in.authentication import (
    OrganisationNotFoundError,
    OrganisationSuspendedError,
    authenticate,
)
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.plugins.api import Verb
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.egress.gate import authorise_disclosures
from wardship.tenants.installations.records import read_places
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.leases import claim
from wardship.tenants.obligations.prepare import prepare
from wardship.tenants.obligations.worker import WorkerLimits
from wardship.tenants.organisation_lifecycle.changes import (
    close_organisation,
    reopen_organisation,
    resume_organisation,
    suspend_organisation,
)
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.organisations.states import OrganisationNotActiveError, OrganisationStateError
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState

pytestmark = pytest.mark.anyio


async def _do(services, act, slug, *arguments):
    async with commanding(services) as access:
        return await act(access, slug, *arguments)


async def _suspend(services, slug="acme"):
    return await _do(services, suspend_organisation, slug, "Unpaid since May")


async def _token(services, person: Person) -> RequestCredentials:
    at = services.clock.now()
    wanted = TokenRequest("a program", ["read", "write"], at + timedelta(days=1))
    async with services.database.tenant(person.organisation_id, directory=True) as transaction:
        _, text = await create_token(transaction, person.account_id, person.organisation_id, wanted, at=at)
    return RequestCredentials(authorization=f"Bearer {text}")


# --- who gets in


async def test_nobody_gets_in_by_session_or_token_until_it_is_resumed(services, admin, ada):
    shown = [await credentials_of(services, admin), await credentials_of(services, ada), await _token(services, ada)]
    await _suspend(services)
    for credentials in shown:
        with pytest.raises(OrganisationSuspendedError, match=r"suspended \(Unpaid since May\): ask its owner"):
            await authenticate(services, credentials)
    await _do(services, resume_organisation, "acme")
    assert [(await authenticate(services, item)).account_id for item in shown] == [
        admin.account_id, ada.account_id, ada.account_id
    ]  # fmt: skip


async def test_suspension_without_a_reason_is_told_without_brackets(services, ada):
    shown = await credentials_of(services, ada)
    await _do(services, suspend_organisation, "acme")
    with pytest.raises(OrganisationSuspendedError, match="is suspended: ask"):
        await authenticate(services, shown)


async def test_whoever_belongs_elsewhere_goes_on_there(services, database, ada):
    other = await make_organisation(database, "other")
    there = await make_member(database, other, account_id=ada.account_id)
    shown = await credentials_of(services, ada)
    await _suspend(services)
    assert (await authenticate(services, shown)).member_id == there.member_id, "the only one that is open"
    with pytest.raises(OrganisationSuspendedError):
        await authenticate(services, await credentials_of(services, ada, organisation="acme"))


async def test_whoever_belongs_to_suspended_ones_alone_may_ask_the_provider(services, ada, owner):
    await _suspend(services)
    slug = await owner.fetchval("select slug from organisation where kind = 'provider'")
    actor = await authenticate(services, await credentials_of(services, ada, organisation=slug))
    assert (actor.organisation_id, actor.roles) == (PROVIDER_ID, {Role.CUSTOMER})


async def test_privacy_team_gets_in_and_not_as_a_member(services, admin):
    async with services.database.directory() as transaction:
        await add_staff(transaction, admin.account_id, StaffRole.PRIVACY_TEAM, at=services.clock.now())
    await _suspend(services)
    actor = await authenticate(services, await credentials_of(services, admin, organisation="acme"))
    assert (actor.member_id, actor.roles, actor.kind) == (None, frozenset(), "privacy_team")


async def test_operator_does_not_get_in(services, acme, admin):
    async with services.database.directory() as transaction:
        await add_staff(transaction, admin.account_id, StaffRole.OPERATOR, at=services.clock.now())
    del acme
    await _suspend(services)
    with pytest.raises(OrganisationSuspendedError):
        await authenticate(services, await credentials_of(services, admin, organisation="acme"))


async def test_ones_own_copy_is_handed_out_all_the_same(services, ada):
    await _suspend(services)
    actor = await authenticate(services, await credentials_of(services, ada), lets_suspended=True)
    assert actor.member_id == ada.member_id


async def test_outsiders_learn_nothing_of_it(services, database, acme):
    del acme
    stranger = await make_member(database, await make_organisation(database, "other"))
    await _suspend(services)
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(services, await credentials_of(services, stranger, organisation="acme"))


async def test_invitation_is_not_accepted_before_it_is_resumed(services, admin, owner):
    async with access_for(services, admin) as access:
        await invite_member(access, "bob@example.org")
    token = "a token for the test"
    await owner.execute("update invitation set token_hash = sha256($1)", token.encode())
    bob = await register(services, "bob@example.org")
    await _suspend(services)
    with pytest.raises(OrganisationNotActiveError):
        await accept_invitation(services, bob, token, request_id="test")
    assert await owner.fetchval("select count(*) from member where account_id = $1", bob) == 0
    await _do(services, resume_organisation, "acme")
    assert (await accept_invitation(services, bob, token, request_id="test")).organisation_slug == "acme"


# --- what is shared


async def test_nothing_is_shared_and_what_waited_is_shared_afterwards(services, connections, recording, ada):
    await connections.connect()
    recording.heard.clear()
    await _suspend(services)
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.pass_time(days=3)
    assert recording.heard == []
    await _do(services, resume_organisation, "acme")
    await connections.work()
    assert [item.verb for item in recording.heard] == ["share"]


async def test_what_is_to_be_taken_back_is_taken_back_meanwhile(services, connections, recording, acme, ada):
    await connections.connect()
    await _suspend(services)
    recording.heard.clear()
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])  # stays behind what is owed to the person
    async with system_access(services, acme) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    assert recording.heard[0].verb == Verb.ERASE
    assert "share" not in [item.verb for item in recording.heard]


async def test_delivery_that_was_leased_before_does_not_pass_the_gate(
    services, connections, recording, acme, ada, owner
):
    await connections.connect()
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    recording.heard.clear()
    worker = connections.worker()
    batch = await claim(services, "w", WorkerLimits(), after=None, busy=[])
    assert batch is not None
    await _suspend(services)
    ledger = await owner.fetchval("select count(*) from disclosure")
    async with system_access(services, acme) as access:
        assert await prepare(access, batch) == []
    assert recording.heard == []
    assert await owner.fetchval("select count(*) from disclosure") == ledger
    state, failures = await owner.fetchrow(
        "select state, failures from obligation where id = any($1)", [*batch.attempts]
    )
    assert (state, failures) == ("pending", 0)
    await _do(services, resume_organisation, "acme")
    assert await worker.run_once() == 1
    assert [item.verb for item in recording.heard] == ["share"]


async def test_gate_refuses_while_it_is_suspended(services, connections, acme, ada):
    installation = await connections.connect()
    await _suspend(services)
    obligation = UUID(int=1)
    async with system_access(services, acme) as access:
        place = (await read_places(access, [installation.place_id]))[installation.place_id]
        decisions = await authorise_disclosures(
            access, installation, place, {obligation: ada.member_id}, {obligation: 1}
        )
    assert (decisions[obligation].record, decisions[obligation].waits) == (None, True)


# --- rights


async def test_open_requests_go_to_the_privacy_team_which_decides_them(services, firm: Firm):
    asked = await firm.submit(RightKind.ACCESS)
    await _suspend(services, firm.organisation.slug)
    await follow_organisations(services)
    right = await firm.right(asked, RightKind.ACCESS)
    assert (right.state, right.handler) == (RightState.WITH_PRIVACY_TEAM, Handler.PRIVACY_TEAM)
    await firm.approve(asked, RightKind.ACCESS, firm.privacy_team)
    await firm.run()
    assert (await firm.right(asked, RightKind.ACCESS)).state is RightState.FULFILLED


# --- acts and their limits


async def test_suspension_is_audited_at_both_and_its_reason_shown(services, acme, owner):
    async with operating(services) as access:
        suspended = await suspend_organisation(access, "acme", "Unpaid since May")
    assert (suspended.state, suspended.state_reason) == ("suspended", "Unpaid since May")
    rows = await owner.fetch("select organisation_id from audit_entry where action = 'organisation.suspended'")
    assert {row["organisation_id"] for row in rows} == {acme.id, PROVIDER_ID}


async def test_suspension_needs_a_fresh_second_factor(services, acme, owner):
    del acme
    with pytest.raises(StepUpRequiredError):
        async with operating(services, operator(services, stepped_up=False)) as access:
            await suspend_organisation(access, "acme")
    assert await owner.fetchval("select state from organisation where slug = 'acme'") == "active"


async def test_twice_is_refused_and_changes_nothing(services, acme, owner):
    del acme
    await _suspend(services)
    before = await owner.fetchrow("select * from organisation where slug = 'acme'")
    with pytest.raises(OrganisationStateError, match="suspended"):
        await _suspend(services)
    assert await owner.fetchrow("select * from organisation where slug = 'acme'") == before


async def test_suspended_one_that_leaves_lets_nobody_in_and_is_suspended_when_kept(services, ada):
    shown = await credentials_of(services, ada)
    await _suspend(services)
    await _do(services, close_organisation, "acme")
    with pytest.raises(OrganisationSuspendedError):
        await authenticate(services, shown)
    assert (await _do(services, reopen_organisation, "acme")).state == "suspended"
    with pytest.raises(OrganisationSuspendedError):
        await authenticate(services, shown)


async def test_provider_can_not_be_suspended(services, owner):
    slug = await owner.fetchval("select slug from organisation where kind = 'provider'")
    with pytest.raises(NotFoundError):
        await _suspend(services, slug)
