"""Asking: what is taken in, to whom it goes, and when it is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation
from tests.mails import waiting_mails
from wardship.core.actor import CredentialKind
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import InsufficientScopeError
from wardship.tenants.organisations.update import update_settings
from wardship.tenants.requests.identity import IdentityError, send_identity_code, verify_identity
from wardship.tenants.requests.records import Handler, IdentityState
from wardship.tenants.requests.regimes import Span
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import AlreadyAskedError, RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request

ACCESS, ERASURE, CORRECTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.CORRECTION


async def _code(firm) -> str:
    lines = [line for mail in await waiting_mails(firm.services) for line in mail.body.splitlines()]
    return [line for line in lines if line.isdigit()][-1]


async def test_request_goes_to_the_admin_and_is_due_in_a_month(firm):
    submitted = await firm.submit(ACCESS, ERASURE, country="DE")
    assert submitted.request.identity_state is IdentityState.VERIFIED
    locked = await firm.locked(submitted)
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_ADMIN, ERASURE: RightState.WITH_ADMIN}
    assert locked.request.handler is Handler.ADMIN
    assert locked.request.regime == "gdpr"
    assert (locked.request.due_at, locked.request.original_due_at) == (
        firm.services.clock.now().replace(month=12),
        firm.services.clock.now().replace(month=12),
    )
    assert locked.request.acknowledge_by == firm.services.clock.now() + timedelta(hours=72)
    assert locked.request.decide_by == firm.services.clock.now() + timedelta(days=7)


async def test_country_of_the_account_is_taken_when_none_is_given(firm, owner):
    await owner.execute("update account set residence_country = 'BR' where id = $1", firm.member.account_id)
    submitted = await firm.submit(ACCESS)
    assert (await firm.locked(submitted)).request.regime == "lgpd"


async def test_organisation_promises_an_answer_sooner_than_the_law_of_india_asks(firm):
    asked_before = await firm.submit(RightKind.ACCESS, country="IN")
    async with firm.access(firm.admin) as access:
        await update_settings(access, {"dpdp_days": 30})
    asked = [await firm.submit(RightKind.ERASURE, country="IN"), await firm.submit(RightKind.RESTRICTION, country="DE")]
    now = firm.services.clock.now()
    assert asked_before.request.due_at == now + timedelta(days=90)
    assert [item.request.due_at for item in asked] == [now + timedelta(days=30), Span(months=1).after(now)]


async def test_reference_is_given_once_and_kept_as_hash(firm, owner):
    submitted = await firm.submit(ACCESS)
    assert len(submitted.reference) == 32
    rows = await owner.fetch("select data_request::text as row from data_request")
    assert submitted.reference not in rows[0]["row"]


async def test_without_a_fresh_second_factor_a_code_is_mailed_and_nothing_moves(firm):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    assert submitted.request.identity_state is IdentityState.PENDING
    assert await firm.states(submitted) == {ACCESS: RightState.SUBMITTED}
    assert [mail.recipient for mail in await waiting_mails(firm.services)] == [firm.member.email]
    code = await _code(firm)
    async with firm.access(firm.member, stepped_up=False) as access:
        verification = await verify_identity(access, submitted.request.id, code)
    assert verification.is_verified
    locked = await firm.locked(submitted)
    assert (locked.request.identity_state, locked.request.identity_method) == (
        IdentityState.VERIFIED,
        "verified_address",
    )
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_ADMIN}


async def test_wrong_codes_are_counted_and_then_refused(firm):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    right = await _code(firm)
    wrong = f"{(int(right) + 1) % 10**8:08}"
    for left in range(9, -1, -1):
        async with firm.access(firm.member, stepped_up=False) as access:
            verification = await verify_identity(access, submitted.request.id, wrong)
        assert (verification.is_verified, verification.attempts_left) == (False, left)
    with pytest.raises(IdentityError, match="Too many codes"):
        async with firm.access(firm.member, stepped_up=False) as access:
            await verify_identity(access, submitted.request.id, right)
    assert await firm.states(submitted) == {ACCESS: RightState.SUBMITTED}


async def test_code_of_another_request_does_not_verify(firm):
    async with firm.access(firm.member, stepped_up=False) as access:
        await submit_request(access, [RequestedRight(ACCESS)])
    code = await _code(firm)
    async with firm.access(firm.member, stepped_up=False) as access:
        other = await submit_request(access, [RequestedRight(RightKind.RESTRICTION)])
    async with firm.access(firm.member, stepped_up=False) as access:
        assert not (await verify_identity(access, other.request.id, code)).is_verified


async def test_code_dies_after_half_an_hour(firm, clock):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    clock.advance(timedelta(minutes=31))
    code = await _code(firm)
    async with firm.access(firm.member, stepped_up=False) as access:
        assert not (await verify_identity(access, submitted.request.id, code)).is_verified


async def test_next_code_replaces_the_one_before_and_not_more_than_one_a_minute(firm, clock):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    first = await _code(firm)
    with pytest.raises(IdentityError, match="less than a minute"):
        async with firm.access(firm.member, stepped_up=False) as access:
            await send_identity_code(access, submitted.request.id)
    clock.advance(timedelta(minutes=2))
    async with firm.access(firm.member, stepped_up=False) as access:
        await send_identity_code(access, submitted.request.id)
    second = await _code(firm)
    async with firm.access(firm.member, stepped_up=False) as access:
        assert (await verify_identity(access, submitted.request.id, first)).is_verified is (first == second)
    async with firm.access(firm.member, stepped_up=False) as access:
        assert (await verify_identity(access, submitted.request.id, second)).is_verified


async def test_a_token_proves_no_identity(firm):
    actor = firm.member.actor(credential=CredentialKind.TOKEN, stepped_up_at=None)
    async with firm.access(actor) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    assert submitted.request.identity_state is IdentityState.PENDING
    with pytest.raises(IdentityError, match="A token proves no identity"):
        async with firm.access(actor) as access:
            await verify_identity(access, submitted.request.id)


async def test_a_reading_token_can_not_ask(firm, owner):
    actor = firm.member.actor(credential=CredentialKind.TOKEN, scopes=frozenset({"read"}))
    with pytest.raises(InsufficientScopeError):
        async with firm.access(actor) as access:
            await submit_request(access, [RequestedRight(ACCESS)])
    assert await owner.fetchval("select count(*) from data_request") == 0


async def test_code_is_only_for_the_person(firm):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    code = await _code(firm)
    with pytest.raises(Exception, match="No such request"):
        async with firm.access(firm.admin) as access:
            await verify_identity(access, submitted.request.id, code)
    assert await firm.states(submitted) == {ACCESS: RightState.SUBMITTED}


async def test_stranger_to_the_organisation_can_not_ask(firm):
    with pytest.raises(PermissionDeniedError):
        async with firm.access(firm.privacy_team) as access:
            await submit_request(access, [RequestedRight(ACCESS)])


@pytest.mark.parametrize("asked", [[], [RequestedRight(ACCESS), RequestedRight(ACCESS)]])
async def test_no_right_and_the_same_twice_are_refused(firm, asked):
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.member) as access:
            await submit_request(access, asked)


@pytest.mark.parametrize(
    ("kind", "details", "path"),
    [
        (CORRECTION, {}, ("fields",)),
        (CORRECTION, {"fields": {"email": "nonsense"}}, ("email",)),
        (CORRECTION, {"fields": {"pseudonym": "x"}}, ("pseudonym",)),
        (CORRECTION, {"fields": {"display_name": " "}}, ("display_name",)),
        (RightKind.OBJECTION, {}, ("purpose",)),
        (RightKind.OBJECTION, {"purpose": "world domination"}, ("purpose",)),
        (RightKind.OBJECTION, {"installation_id": "nonsense"}, ("installation_id",)),
        (RightKind.CONSENT_WITHDRAWAL, {"installation_id": "0192a000-0000-7000-8000-000000000000"}, ("purpose",)),
        (ACCESS, {"everything": "please"}, ("details",)),
    ],
)
async def test_wrong_particulars_are_refused_by_name(firm, owner, kind, details, path):
    with pytest.raises(InvalidInputError) as refusal:
        async with firm.access(firm.member) as access:
            await submit_request(access, [RequestedRight(kind, details)])
    assert refusal.value.path == path
    assert await owner.fetchval("select count(*) from data_request") == 0


@pytest.mark.parametrize("country", ["XX", "de", "DEU"])
async def test_unknown_country_is_refused(firm, country):
    with pytest.raises(InvalidInputError, match="two capital letters"):
        await firm.submit(ACCESS, country=country)


async def test_same_right_is_not_opened_twice(firm):
    await firm.submit(ACCESS)
    with pytest.raises(AlreadyAskedError):
        await firm.submit(ACCESS, ERASURE)
    await firm.submit(ERASURE)


async def test_same_correction_is_not_opened_twice_and_another_is(firm, owner):
    async def correct(name: str) -> None:
        async with firm.access(firm.member) as access:
            await submit_request(access, [RequestedRight(CORRECTION, {"fields": {"display_name": name}})])

    await correct("Mia M.")
    with pytest.raises(AlreadyAskedError, match="correction"):
        await correct("Mia M.")
    assert await owner.fetchval("select count(*) from data_request") == 1
    await correct("Mia Member")
    assert await owner.fetchval("select count(*) from data_request") == 2


@pytest.mark.parametrize("role", ["owner", "admin", "officer"])
async def test_request_of_a_decider_goes_to_the_privacy_team_at_once(firm, role):
    submitted = await firm.submit(ACCESS, who=getattr(firm, role))
    locked = await firm.locked(submitted)
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_PRIVACY_TEAM}
    assert (locked.request.handler, locked.request.escalation_reason) == (Handler.PRIVACY_TEAM, "concerns_the_decider")


async def test_without_an_active_admin_it_goes_to_the_privacy_team_at_once(firm, owner):
    await owner.execute("update member set state = 'deactivated' where id <> $1", firm.member.member_id)
    submitted = await firm.submit(ACCESS)
    assert (await firm.locked(submitted)).request.escalation_reason == "no_active_admin"


async def test_request_of_somebody_who_left_goes_to_the_privacy_team_at_once(firm, owner):
    await owner.execute("update member set state = 'removed' where id = $1", firm.member.member_id)
    actor = firm.member.actor(roles=frozenset())
    async with firm.access(actor) as access:
        submitted = await submit_request(access, [RequestedRight(ERASURE)])
    locked = await firm.locked(submitted)
    assert (locked.request.handler, locked.request.escalation_reason) == (Handler.PRIVACY_TEAM, "person_has_left")


async def test_request_is_audited_without_personal_data(firm, owner):
    await firm.submit(ACCESS, country="FR")
    entries = [row["entry"] for row in await owner.fetch("select entry from audit_entry order by sequence")]
    assert '"action":"request.submitted"' in entries[0]
    assert not any("Lovelace" in entry or "example.org" in entry for entry in entries)


async def test_another_organisation_has_nothing_of_it(firm, services):
    other = await make_organisation(services.database)
    stranger = await make_member(services.database, other)
    submitted = await firm.submit(ACCESS)
    with pytest.raises(Exception, match="No such request"):
        async with firm.access(stranger) as access:
            await verify_identity(access, submitted.request.id)


@pytest.mark.parametrize("kind", [RightKind.OBJECTION, RightKind.CONSENT_WITHDRAWAL])
async def test_recipient_that_does_not_exist_is_refused_at_once(firm, owner, kind):
    details = {"purpose": "marketing", "installation_id": str(uuid7())}
    with pytest.raises(InvalidInputError) as refused:
        async with firm.access(firm.member) as access:
            await submit_request(access, [RequestedRight(kind, details)])
    assert refused.value.path == ("installation_id",)
    assert await owner.fetchval("select count(*) from data_request") == 0


async def test_right_taken_back_before_the_proof_does_not_stand_in_the_way_of_the_others(firm):
    async with firm.access(firm.admin, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS), RequestedRight(ERASURE)])
    erasure = await firm.right(submitted, ERASURE)
    async with firm.access(firm.admin) as access:
        await withdraw_request(access, submitted.request.id, erasure.id)
    async with firm.access(firm.admin) as access:
        assert (await verify_identity(access, submitted.request.id)).is_verified
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_PRIVACY_TEAM, ERASURE: RightState.WITHDRAWN}


async def test_asking_again_and_again_ends_for_the_day(firm, clock):
    for _ in range(20):
        submitted = await firm.submit(ACCESS)
        async with firm.access(firm.member) as access:
            await withdraw_request(access, submitted.request.id)
    with pytest.raises(AlreadyAskedError, match="within a day"):
        await firm.submit(ACCESS)
    clock.advance(timedelta(days=1))
    await firm.submit(ACCESS)
