"""A person who belongs to no organisation asks the provider about the account (requirements A6, D1 to D9)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, Organisation, access_for, make_member, make_organisation, system_access
from tests.mails import told, waiting_mails
from tests.requesting import PRIVACY_OFFICER
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.core.mail import deliver_due
from wardship.core.signing import public_keys
from wardship.tenants.access import Services
from wardship.tenants.certificates.verify import verify_certificate
from wardship.tenants.erasure.snapshot import ErasurePreview
from wardship.tenants.fulfilment.due import do_due_requests, erase_customers_without_account
from wardship.tenants.fulfilment.erase import erase_member
from wardship.tenants.requests.authority import SelfDecisionError
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, Submitted, submit_request
from wardship.tenants.requests.visibility import lock_request

pytestmark = pytest.mark.anyio

PROVIDER = Organisation(PROVIDER_ID, "provider", "The provider")
EMAIL = "cleo@example.org"
INSERT_ACCOUNT = "insert into account (id, created_at, display_name) values ($1, $2, $3)"
BURIED = "select count(*) from tombstone where organisation_id is null and lifted_at is null"


@dataclass
class Customer:
    """Somebody with an account and nothing else, signed in, who has just shown the second factor."""

    services: Services
    account_id: UUID
    member_id: UUID | None = None

    def actor(self) -> Actor:
        now = self.services.clock.now()
        return Actor(
            self.account_id,
            PROVIDER_ID,
            self.member_id,
            frozenset({Role.CUSTOMER}),
            CredentialKind.SESSION,
            stepped_up_at=now,
        )

    async def ask(self, *kinds: RightKind, **details) -> Submitted:
        async with access_for(self.services, self.actor()) as access:
            asked = [RequestedRight(kind, details) for kind in kinds]
            submitted = await submit_request(access, asked, country="BR")
            self.member_id = access.actor.member_id
        return submitted


@pytest.fixture
async def cleo(services, owner) -> Customer:
    account_id = uuid7()
    await owner.execute(INSERT_ACCOUNT, account_id, NOW, "Cleo C.")
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values ($1, $2, $1, $3, true, $2)",
        account_id,
        NOW,
        EMAIL,
    )
    await owner.execute(
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at)"
        " values ($1, $2, $1, 'x', '', 'complete', $2, $2)",
        account_id,
        NOW,
    )
    return Customer(services, account_id)


@pytest.fixture
def team(services) -> Actor:
    """Somebody of the privacy team, at the provider."""
    return Actor(
        PRIVACY_OFFICER,
        PROVIDER_ID,
        None,
        frozenset(),
        CredentialKind.SESSION,
        stepped_up_at=services.clock.now(),
        staff_roles=frozenset({StaffRole.PRIVACY_TEAM}),
    )


async def locked(services, submitted):
    async with system_access(services, PROVIDER) as access:
        return await lock_request(access, submitted.request.id)


async def approve(services, submitted, team, **said):
    for right in (await locked(services, submitted)).rights:
        async with access_for(services, team) as access:
            await approve_right(access, right.id, **said)


async def commit(services, submitted, team) -> ErasurePreview:
    (right,) = (await locked(services, submitted)).rights
    async with access_for(services, team) as access:
        preview = await preview_erasure(access, right.id)
        await commit_erasure(access, right.id, preview.digest)
    return preview.content


async def run(services):
    await do_due_requests(services)


async def erase(services, clock, cleo, team) -> Submitted:
    submitted = await cleo.ask(RightKind.ERASURE)
    await approve(services, submitted, team)
    await commit(services, submitted, team)
    clock.advance(timedelta(days=14))
    await run(services)
    return submitted


async def test_it_is_with_the_privacy_team_from_the_start_and_due_by_the_own_law(services, cleo, owner):
    submitted = await cleo.ask(RightKind.ACCESS)
    found = await locked(services, submitted)
    assert (found.request.handler, found.request.regime) == (Handler.PRIVACY_TEAM, "lgpd")
    assert found.request.escalation_reason == "asked_of_provider"
    assert [right.state for right in found.rights] == [RightState.WITH_PRIVACY_TEAM]
    row = await owner.fetchrow("select display_name, email, state from member where organisation_id = $1", PROVIDER_ID)
    assert tuple(row) == ("Cleo C.", EMAIL, "active")
    roles = await owner.fetch("select role from role_assignment where organisation_id = $1", PROVIDER_ID)
    assert [row["role"] for row in roles] == ["customer"]
    (mail,) = await waiting_mails(services)
    assert mail.recipient == EMAIL
    assert f"/certificates/{submitted.reference}" in mail.body


async def test_who_asks_twice_is_one_customer_under_the_present_name(cleo, owner):
    first = await cleo.ask(RightKind.ACCESS)
    await owner.execute("update account set display_name = 'Cleo D.'")
    cleo.member_id = None
    second = await cleo.ask(RightKind.PORTABILITY)
    assert first.request.member_id == second.request.member_id
    assert await owner.fetchval("select display_name from member where organisation_id = $1", PROVIDER_ID) == "Cleo D."


async def test_an_address_that_went_to_another_account_hinders_nobody(services, cleo, owner):
    await cleo.ask(RightKind.ACCESS)
    other = uuid7()
    await owner.execute("update account_email set address = 'new@example.org'")
    await owner.execute(INSERT_ACCOUNT, other, NOW, "Dora")
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values ($1, $2, $1, $3, true, $2)",
        other,
        NOW,
        EMAIL,
    )
    submitted = await Customer(services, other).ask(RightKind.ACCESS)
    rows = await owner.fetch("select account_id, email from member order by email")
    assert [tuple(row) for row in rows] == [(cleo.account_id, ""), (other, EMAIL)]
    assert submitted.request.handler is Handler.PRIVACY_TEAM


@pytest.mark.parametrize(
    "asked",
    [
        RequestedRight(RightKind.RESTRICTION),
        RequestedRight(RightKind.OBJECTION, {"purpose": "advertising"}),
        RequestedRight(RightKind.CORRECTION, {"fields": {"phone": "+49 30 901820"}}),
    ],
)
async def test_what_the_provider_does_not_hold_or_share_is_refused(services, cleo, owner, asked):
    with pytest.raises(InvalidInputError):
        async with access_for(services, cleo.actor()) as access:
            await submit_request(access, [asked])
    assert await owner.fetchval("select count(*) from member") == 0


async def test_a_token_asks_nothing_of_the_provider(services, cleo):
    token = replace(cleo.actor(), credential=CredentialKind.TOKEN)
    with pytest.raises(PermissionDeniedError):
        async with access_for(services, token) as access:
            await submit_request(access, [RequestedRight(RightKind.ACCESS)])


async def test_the_copy_holds_the_account(services, cleo, team, owner):
    submitted = await cleo.ask(RightKind.ACCESS)
    await approve(services, submitted, team)
    await run(services)
    assert [right.state for right in (await locked(services, submitted)).rights] == [RightState.FULFILLED]
    row = await owner.fetchrow("select id, content from export_file")
    async with system_access(services, PROVIDER) as access:
        packed = access.decrypt("export-file", row["id"], row["content"])
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        text = "".join(files.read(name).decode() for name in files.namelist() if name.endswith(".json"))
    assert EMAIL in text
    assert "Cleo C." in text


async def test_a_correction_corrects_the_account(services, cleo, team, owner):
    submitted = await cleo.ask(RightKind.CORRECTION, fields={"display_name": "Cleopatra"})
    await approve(services, submitted, team)
    await run(services)
    assert await owner.fetchval("select display_name from account") == "Cleopatra"
    assert await owner.fetchval("select display_name from member") == "Cleopatra"


async def test_closing_ends_every_session_and_can_be_taken_back(services, cleo, team, owner):
    submitted = await cleo.ask(RightKind.DEACTIVATION)
    await approve(services, submitted, team)
    await run(services)
    assert await owner.fetchval("select count(*) from session") == 0
    assert await owner.fetchval("select state from member") == "deactivated"
    assert await owner.fetchval("select state from grace_period") == "running"
    assert await owner.fetchval("select state from account") == "active", "who signs in again comes back"


async def test_the_erasure_erases_the_account_and_is_certified(services, cleo, team, owner, clock):
    submitted = await cleo.ask(RightKind.ERASURE)
    await approve(services, submitted, team)
    content = await commit(services, submitted, team)
    assert content.account.startswith("The account with its addresses and credentials is erased.")
    assert [right.state for right in (await locked(services, submitted)).rights] == [RightState.SCHEDULED]
    letter = (await waiting_mails(services))[0].body
    clock.advance(timedelta(days=14))
    await run(services)
    found = await locked(services, submitted)
    assert [right.state for right in found.rights] == [RightState.FULFILLED]
    row = await owner.fetchrow("select state, display_name, erased_at from account")
    assert tuple(row) == ("erased", "", clock.now())
    while await deliver_due(services.database, services.settings, clock, services.keys):
        pass  # the last letter, whose address goes once it is sent
    for table in ("account_email", "session", "outgoing_mail"):
        assert await owner.fetchval(f"select count(*) from {table}") == 0, table
    member = await owner.fetchrow("select state, email, account_id, display_name from member")
    assert (member["state"], member["email"], member["account_id"]) == ("erased", "", None)
    assert "Cleo" not in member["display_name"]
    assert await owner.fetchval(BURIED) > 0
    jws = await owner.fetchval("select jws from certificate")
    (reference,) = set(re.findall(r"/certificates/([\w-]+)", letter))
    verified = verify_certificate(jws, public_keys(services.keys), reference)
    assert verified.is_yours
    assert [(right.kind, right.state) for right in verified.statement.rights] == [("erasure", "fulfilled")]
    assert EMAIL not in jws


async def test_ended_memberships_do_not_keep_the_account_from_its_owner(services, database, cleo, team, owner, clock):
    where = await make_organisation(database)
    await make_member(database, where, account_id=cleo.account_id, email=EMAIL, state="removed")
    submitted = await erase(services, clock, cleo, team)
    assert [right.state for right in (await locked(services, submitted)).rights] == [RightState.FULFILLED]
    assert await owner.fetchval("select state from account") == "erased"
    kept = await owner.fetchval("select email from member where organisation_id = $1", where.id)
    assert kept == EMAIL, "what the organisation holds is the organisation's to erase"


async def test_who_joined_an_organisation_meanwhile_keeps_the_account_and_is_told(
    services, database, cleo, team, owner, clock
):
    submitted = await cleo.ask(RightKind.ERASURE)
    await approve(services, submitted, team)
    await commit(services, submitted, team)
    await make_member(database, await make_organisation(database), account_id=cleo.account_id, email=EMAIL)
    clock.advance(timedelta(days=14))
    await run(services)
    assert [right.state for right in (await locked(services, submitted)).rights] == [RightState.WITHDRAWN]
    assert await owner.fetchval("select state from account") == "active"
    assert await owner.fetchval("select count(*) from account_email") == 1
    assert "you belong to an organisation" in (await told(services, owner))[-1].body


@pytest.mark.parametrize(
    ("role", "state", "account"),
    [(Role.MEMBER, RightState.FULFILLED, "erased"), (Role.ORG_OWNER, RightState.SCHEDULED, "active")],
)
async def test_a_suspended_organisation_keeps_the_account_of_those_alone_who_administer_it(
    services, database, cleo, team, owner, clock, role, state, account
):
    where = await make_organisation(database)
    await make_member(database, where, role, account_id=cleo.account_id, email=EMAIL)
    await owner.execute("update organisation set suspended_at = now() where id = $1", where.id)
    submitted = await erase(services, clock, cleo, team)
    assert [right.state for right in (await locked(services, submitted)).rights] == [state]
    assert await owner.fetchval("select state from account") == account


async def test_of_staff_the_account_stays_until_somebody_is_removed(services, database, cleo, team, owner, clock):
    async with database.directory() as transaction:
        await add_staff(transaction, cleo.account_id, StaffRole.OPERATOR, at=NOW)
    submitted = await erase(services, clock, cleo, team)
    assert [right.state for right in (await locked(services, submitted)).rights] == [RightState.SCHEDULED]
    assert await owner.fetchval("select state from account") == "active"
    await owner.execute("delete from staff")
    await run(services)
    assert [right.state for right in (await locked(services, submitted)).rights] == [RightState.FULFILLED]
    assert await owner.fetchval("select state from account") == "erased"


async def test_nobody_of_the_privacy_team_decides_on_the_own_account(services, cleo, team, owner):
    submitted = await cleo.ask(RightKind.ACCESS)
    oneself = replace(team, account_id=cleo.account_id, member_id=cleo.member_id)
    (right,) = (await locked(services, submitted)).rights
    with pytest.raises(SelfDecisionError):
        async with access_for(services, oneself) as access:
            await approve_right(access, right.id)
    await approve(services, submitted, team)
    by = await owner.fetchval("select actor_kind from request_event where kind = 'approved'")
    assert by == "privacy_team"


async def test_what_the_provider_knows_goes_with_the_account(services, cleo, owner):
    await cleo.ask(RightKind.ACCESS)
    await owner.execute("update account set state = 'erased'")
    assert await erase_customers_without_account(services) == 1
    assert await erase_customers_without_account(services) == 0
    row = await owner.fetchrow("select state, email, display_name from member")
    assert (row["state"], row["email"]) == ("erased", "")
    assert await owner.fetchval("select count(*) from request_right where ended_at is null") == 0


async def test_an_organisation_that_erases_later_buries_no_new_account(services, database, cleo, team, owner, clock):
    where = await make_organisation(database)
    past = await make_member(database, where, account_id=cleo.account_id, email=EMAIL, state="removed")
    await erase(services, clock, cleo, team)
    await owner.execute("update tombstone set lifted_at = now() where organisation_id is null")
    async with system_access(services, where) as access:
        await erase_member(access, past.member_id)
    assert await owner.fetchval(BURIED) == 0


async def test_every_act_is_in_the_providers_audit(services, cleo, team, owner):
    submitted = await cleo.ask(RightKind.ACCESS)
    await approve(services, submitted, team)
    rows = await owner.fetch("select entry from audit_entry where organisation_id = $1 order by sequence", PROVIDER_ID)
    entries = [json.loads(row["entry"]) for row in rows]
    assert {"member.added", "request.submitted", "right.moved"} <= {entry["action"] for entry in entries}
    assert entries[-1]["actor"]["kind"] == "privacy_team"
    assert all(EMAIL not in row["entry"] for row in rows)
