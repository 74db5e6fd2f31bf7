"""An organisation ends: 48 hours to keep it, then everything is taken back and erased, whoever dies in between."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from datetime import timedelta

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from tests.core.sign_in.showing import credentials_of
from tests.requesting import Firm
from tests.rows import fill
from tests.tables import table_names, tenant_table_names
from tests.tenants.closing import (
    HOURS,
    let_leave,
    pass_time,
    state_of,
    tables_left,
    verified_audit,
    work_off,
)
from tests.tenants.erasure.searching import found_in_tables
from tests.tenants.operating import commanding
from wardship.core.actor import PROVIDER_ID, Role
from wardship.core.database.engine import Transaction
from wardship.core.database.personal_data import Outlasting
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.sign_in.authentication import OrganisationNotFoundError, authenticate
from wardship.core.signing import CERTIFICATE, public_keys
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.plugins.api import Verb
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.certificates.verify import verify_certificate
from wardship.tenants.content.share import create_post
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.organisation_lifecycle import closing
from wardship.tenants.organisation_lifecycle.changes import (
    close_own_organisation,
    reopen_organisation,
    reopen_own_organisation,
)
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisations.create import SlugTakenError
from wardship.tenants.organisations.states import OrganisationStateError
from wardship.tenants.requests.erasures import waive_cooling_off
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio


# --- the 48 hours


async def test_nothing_is_erased_before_48_hours_and_all_is_as_before_when_it_is_kept(services, acme, ada, owner):
    shown = await credentials_of(services, ada)
    await let_leave(services, acme)
    before = await tables_left(owner, acme)
    await pass_time(services, HOURS - timedelta(seconds=1))
    assert (await state_of(owner, acme), await tables_left(owner, acme)) == ("leaving", before)
    assert (await authenticate(services, await credentials_of(services, ada))).member_id == ada.member_id
    async with commanding(services) as access:
        kept = await reopen_organisation(access, acme.slug)
    assert (kept.state, kept.state_until, kept.state_reason) == ("active", None, "")
    await pass_time(services)
    assert await state_of(owner, acme) == "active"
    del shown


async def test_nothing_more_is_shared_meanwhile_and_what_waited_is_shared_when_it_is_kept(
    services, connections, recording, acme, database
):
    installation = await connections.connect()
    recording.heard.clear()
    await let_leave(services, acme)
    await make_member(database, acme, first_name="Bob", email="bob@example.org")
    async with access_for(services, connections.admin) as access:
        await share_with_audience(access, installation)
    await connections.work()
    assert recording.heard == []
    async with commanding(services) as access:
        await reopen_organisation(access, acme.slug)
    await connections.work()
    assert {item.verb for item in recording.heard} == {Verb.SHARE}


async def test_owner_who_types_another_short_name_closes_nothing(firm: Firm, owner):
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.owner) as access:
            await close_own_organisation(access, "another")
    assert await state_of(owner, firm.organisation) == "active"


async def test_owner_closes_and_keeps_the_own_organisation_and_nobody_else_does(firm: Firm, owner):
    async with firm.access(firm.owner) as access:
        await close_own_organisation(access, firm.organisation.slug, "We merge")
    assert await state_of(owner, firm.organisation) == "leaving"
    for who in (firm.admin, firm.member):
        with pytest.raises(PermissionDeniedError):
            async with firm.access(who) as access:
                await reopen_own_organisation(access, firm.organisation.slug)
    async with firm.access(firm.owner) as access:
        await reopen_own_organisation(access, firm.organisation.slug)
    assert await state_of(owner, firm.organisation) == "active"
    rows = await owner.fetch("select action from audit_entry where organisation_id = $1 order by sequence", PROVIDER_ID)
    assert [row["action"] for row in rows] == ["organisation.leaving", "organisation.reopened"]


async def test_after_48_hours_it_is_not_kept_any_more(services, acme, owner):
    await let_leave(services, acme)
    await pass_time(services)
    with pytest.raises(OrganisationStateError):
        async with commanding(services) as access:
            await reopen_organisation(access, acme.slug)
    assert await state_of(owner, acme) == "closed"


# --- what goes and what stays


async def test_row_of_every_table_goes_but_proofs(services, acme, owner):
    await fill(owner, acme.id, await tenant_table_names(owner), "Bravo")
    await owner.execute("update installation set state = 'removed'")
    await owner.execute("update erasure_remainder set ended_at = now()")
    await owner.execute("update request_right set ended_at = now(), state = 'fulfilled'")
    await owner.execute("update export_file set destroyed_at = now(), content = null")
    assert len(await tables_left(owner, acme)) >= 25
    await let_leave(services, acme)
    await pass_time(services)
    assert await state_of(owner, acme) == "closed"
    proofs = {entry.name for entry in services.nouns.held if entry.table.outlasting is Outlasting.PROOF}
    assert set(await tables_left(owner, acme)) == proofs == {"audit_entry", "audit_head", "certificate"}
    for table in await table_names(owner):
        if table not in proofs and await _has_organisation(owner, table):
            found = await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", acme.id)
            assert found == 0, table


async def _has_organisation(owner, table):
    return await owner.fetchval(
        "select exists (select from pg_attribute where attrelid = $1::regclass and attname = 'organisation_id')", table
    )


async def test_nothing_of_its_people_is_left_but_the_accounts_and_recipients_have_nothing(
    services, connections, recording, acme, ada, owner, database
):
    await connections.connect()
    group = await make_group(database, acme, "Friends of Ada Lovelace", ada)
    async with access_for(services, ada) as access:
        await create_post(access, group, "Ada Lovelace was here: ada@example.org")
    async with access_for(services, connections.admin) as access:
        await invite_member(access, "bob@example.org")
    at = services.clock.now()
    async with services.database.tenant(acme.id, directory=True) as transaction:
        wanted = TokenRequest("mine", ["read"], at + timedelta(days=30))
        await create_token(transaction, ada.account_id, acme.id, wanted, at=at)
    assert recording.held
    await let_leave(services, acme)
    await pass_time(services)
    assert await state_of(owner, acme) == "closing"
    await work_off(services)
    assert await state_of(owner, acme) == "closed"
    assert recording.held == {}
    assert [item.verb for item in recording.heard][-1] is Verb.ATTEST
    found = await found_in_tables(owner, ["Lovelace", "ada@example.org", "bob@example.org", "7946 0958"])
    assert {table for table, _ in (item.split(": ") for item in found)} <= {
        "account",
        "account_email",
        "outgoing_mail",
        "sign_in_link",
    }
    assert await owner.fetchval("select count(*) from account where state = 'active'") == 2
    assert await owner.fetchval("select count(*) from access_token") == 0
    row = await owner.fetchrow("select name, settings::text, slug from organisation where id = $1", acme.id)
    assert tuple(row) == ("Closed organisation", "{}", "acme")


async def test_people_get_in_no_more_and_are_customers_of_the_provider(services, acme, ada):
    await let_leave(services, acme)
    await pass_time(services)
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(services, await credentials_of(services, ada, organisation=acme.slug))
    actor = await authenticate(services, await credentials_of(services, ada))
    assert (actor.organisation_id, actor.roles) == (PROVIDER_ID, {Role.CUSTOMER})


async def test_audit_chain_and_certificates_verify_afterwards(services, firm: Firm, owner):
    asked = await firm.submit(RightKind.ERASURE)
    await firm.approve(asked, RightKind.ERASURE)
    await firm.commit(asked)
    right = await firm.right(asked, RightKind.ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    await firm.run()
    async with services.database.directory(read_only=True) as transaction:
        certificate = await certificate_of_reference(transaction, asked.reference)
    assert certificate is not None
    await let_leave(services, firm.organisation)
    await pass_time(services)
    assert await state_of(owner, firm.organisation) == "closed"
    async with services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, asked.reference) == certificate
    assert verify_certificate(certificate, public_keys(services.keys, (CERTIFICATE,)), asked.reference).is_yours
    verified = await verified_audit(services, firm.organisation)
    assert verified.is_key_trusted
    actions = await owner.fetch(
        "select action from audit_entry where organisation_id = $1 order by sequence desc limit 3", firm.organisation.id
    )
    assert [row["action"] for row in actions] == ["organisation.closed", "organisation.closing", "organisation.leaving"]
    entries = await owner.fetch("select entry from audit_entry where organisation_id = $1", firm.organisation.id)
    assert "Lovelace" not in " ".join(row["entry"] for row in entries)


async def test_short_name_is_nobody_elses_for_180_days(services, acme, owner):
    async def again():
        async with commanding(services) as access:
            await found_organisation(access, slug="acme", name="Another", owner_email="bob@example.org")

    await let_leave(services, acme)
    await pass_time(services)
    await pass_time(services, timedelta(days=180) - timedelta(seconds=1))
    with pytest.raises(SlugTakenError):
        await again()
    await pass_time(services, timedelta(seconds=1))
    await again()
    assert await owner.fetchval("select id from organisation where slug = 'acme'") != acme.id


# --- crashes, crowds


async def test_run_that_dies_anywhere_is_taken_up_again(services, acme, owner, monkeypatch):
    await fill(owner, acme.id, await tenant_table_names(owner), "Bravo")
    await owner.execute("update installation set state = 'removed'")
    await owner.execute("update erasure_remainder set ended_at = now()")
    await owner.execute("update request_right set ended_at = now(), state = 'fulfilled'")
    await owner.execute("update export_file set destroyed_at = now(), content = null")
    await let_leave(services, acme)
    services.clock.advance(HOURS)
    plain, allowed = closing._Run._batch, 0

    async def dying(self, group):
        nonlocal allowed
        allowed -= 1
        if allowed < 0:
            raise ConnectionError("killed")
        return await plain(self, group)

    monkeypatch.setattr(closing._Run, "_batch", dying)
    for number in range(200):
        allowed = number
        await follow_organisations(services)
        if await state_of(owner, acme) == "closed":
            break
    assert number > 20
    assert set(await tables_left(owner, acme)) == {"audit_entry", "audit_head", "certificate"}


async def test_several_workers_at_once_end_it_once(services, acme, owner, database):
    await make_member(database, acme)
    await let_leave(services, acme)
    services.clock.advance(HOURS)
    tasks = [asyncio.create_task(follow_organisations(services), context=copy_context()) for _ in range(4)]
    await asyncio.gather(*tasks)
    await follow_organisations(services)
    ended = await owner.fetchval("select count(*) from audit_entry where action = 'organisation.closed'")
    assert (await state_of(owner, acme), ended) == ("closed", 2), "once for the organisation, once for the provider"


async def test_number_of_statements_does_not_grow_with_the_members(services, owner, database, monkeypatch):
    counts = []
    plain = Transaction._ask

    async def counting(self, *arguments, **how):
        counts[-1] += 1
        return await plain(self, *arguments, **how)

    for number in (3, 300):
        organisation = await make_organisation(database)
        await owner.execute(
            "insert into member (organisation_id, id, created_at, joined_at, display_name, email, pseudonym)"
            " select $1, gen_random_uuid(), now(), now(), 'Person ' || n, n || '@example.org', 'P' || n"
            " from generate_series(1, $2) n",
            organisation.id,
            number,
        )
        await let_leave(services, organisation)
        services.clock.advance(HOURS)
        counts.append(0)
        with monkeypatch.context() as patched:
            patched.setattr(Transaction, "_ask", counting)
            await follow_organisations(services)
        assert await state_of(owner, organisation) == "closed"
    assert counts[0] == counts[1]
