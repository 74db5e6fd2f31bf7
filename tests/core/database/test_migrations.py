from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import asyncpg
import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation
from wardship.app.deployment import MIGRATIONS
from wardship.core.actor import system_actor
from wardship.core.database import migrations
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, EmbeddedPostgres
from wardship.core.database.migrations import migrate
from wardship.core.database.pending import pending_migrations
from wardship.core.database.scope import Scope
from wardship.core.database.soundness import unsound
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.data_access.read import own_data_access
from wardship.tenants.obligations.read import list_obligations
from wardship.tenants.paging import PageRequest


@pytest.fixture
async def empty(postgres: EmbeddedPostgres, owner: asyncpg.Connection, database_name: str):
    """Connect arguments of the owning role on a database without any table."""
    await owner.execute("drop owned by wardship_owner cascade")
    await owner.execute("create schema if not exists public authorization wardship_owner")
    return postgres.dsn(role=ROLE_OWNER, database=database_name)


async def _tables(owner: asyncpg.Connection) -> set[str]:
    rows = await owner.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    )
    return {row["relname"] for row in rows}


async def test_empty_database_is_brought_forward(empty, owner):
    assert await _tables(owner) == set()
    ran = await migrate(empty, MIGRATIONS)
    assert ran[0] == "core-0001-directory"
    assert {"account", "member", "obligation", "data_request", "audit_entry"} <= await _tables(owner)


@pytest.mark.parametrize("package", [package for _, package in MIGRATIONS])
def test_migrations_are_numbered_without_gap_and_bear_the_name_of_their_module(package):
    found = list(migrations._modules(package))
    names = [each.__name__.rpartition(".")[2] for each in found]
    assert [int(name[1:5]) for name in names] == [*range(1, len(names) + 1)]
    assert [each.ID.partition("-")[2] for each in found] == [name[1:].replace("_", "-") for name in names]


async def test_what_is_pending_is_told_by_the_identifiers_of_the_modules(empty):
    every = [module.ID for _, package in MIGRATIONS for module in migrations._modules(package)]
    pool = Database(empty)
    await pool.open()
    try:
        async with pool.transaction(Scope(read_only=True)) as transaction:
            assert await pending_migrations(transaction, MIGRATIONS) == every
        await migrate(empty, MIGRATIONS)
        async with pool.transaction(Scope(read_only=True)) as transaction:
            assert await pending_migrations(transaction, MIGRATIONS) == []
    finally:
        await pool.close()


async def test_second_run_changes_nothing(empty):
    assert await migrate(empty, MIGRATIONS)
    assert await migrate(empty, MIGRATIONS) == []


async def test_two_processes_migrating_at_once_run_each_migration_once(empty, owner):
    first, second = await asyncio.gather(migrate(empty, MIGRATIONS), migrate(empty, MIGRATIONS))
    assert sorted(first + second) == sorted(set(first + second))
    assert await owner.fetchval("select count(*) from migration") == len(first + second)


async def test_failing_migration_leaves_nothing_behind_and_is_run_again(empty, owner, tmp_path, monkeypatch):
    package = tmp_path / "broken_migrations"
    package.mkdir()
    (package / "__init__.py").write_text("")
    script = (
        "from wardship.core.database.migrations import sql_migration\nID = 'broken'\n"
        "async def forwards():\n    return sql_migration(ID, 'broken', '', 'create table half (id int); {rest}')\n"
    )
    (package / "m0001.py").write_text(script.format(rest="select 1/0"))
    monkeypatch.syspath_prepend(str(tmp_path))
    apps = [*MIGRATIONS, ("broken", "broken_migrations")]
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, apps)
    assert "half" not in await _tables(owner)
    assert await owner.fetchval("select count(*) from migration where app_name = 'broken'") == 0


async def test_pending_migrations_are_told_to_a_server(database: Database):
    async with database.transaction(Scope(read_only=True)) as transaction:
        assert await pending_migrations(transaction, MIGRATIONS) == []
        later = [*MIGRATIONS, ("later", "wardship.core.migrations")]
        assert "later-0001-directory" in await pending_migrations(transaction, later)


async def test_filled_database_keeps_its_rows(database: Database, owner, postgres, database_name):
    organisation = await make_organisation(database)
    person = await make_member(database, organisation)
    await make_group(database, organisation, "Crew", person)
    before = await owner.fetch("select * from member")
    assert await migrate(postgres.dsn(role=ROLE_OWNER, database=database_name), MIGRATIONS) == []
    assert await owner.fetch("select * from member") == before


async def _migrated(empty, monkeypatch, is_old):
    every = migrations._modules
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_modules", lambda package: (each for each in every(package) if is_old(each.ID)))
        await migrate(empty, MIGRATIONS)
    return empty


@pytest.fixture
async def at_first(empty, monkeypatch):
    """The same, of a database as it was before looks at many people were recorded once."""
    is_new = "core-0003-data-access-once".__le__
    is_domain = "tenants-0001".__le__
    is_old = "tenants-0016".__gt__  # later ones rest on tables of the core that are not there yet
    return await _migrated(empty, monkeypatch, lambda name: is_old(name) if is_domain(name) else not is_new(name))


@pytest.fixture
async def at_0008(empty, monkeypatch):
    """The same, of a database as it was before each time in a group was a membership."""
    return await _migrated(empty, monkeypatch, lambda name: name < "tenants-0009")


async def test_times_in_a_group_are_told_apart_by_the_audit(at_0008, owner, services):
    organisation = await make_organisation(services.database)
    back, still, gone = [await make_member(services.database, organisation) for _ in range(3)]
    group = await make_group(services.database, organisation, "Crew", back, still, gone)
    other = await make_group(services.database, organisation, "Other", still)
    day = timedelta(days=1)
    await owner.execute("update group_membership set left_at = $2 where member_id = $1", gone.member_id, NOW + 9 * day)
    acts = [
        (back, "group.member_removed", group, 1),
        (back, "group.member_added", group, 2),
        (back, "member.removed", None, 3),
        (back, "member.joined", None, 4),
        (still, "group.member_removed", other, 1),
        (still, "group.member_added", group, 2),
        (gone, "member.removed", None, 5),
        (gone, "group.member_added", group, 6),
        (gone, "group.member_removed", group, 9),
    ]
    for number, (person, action, place, at) in enumerate(acts, 1):
        await owner.execute(
            "insert into audit_entry (organisation_id, id, created_at, sequence, entry, hash, action, target_kind,"
            " target_id) values ($1, $2, $3, $4, $5, '', $6, 'member', $7)",
            *(organisation.id, uuid7(), NOW + at * day, number, json.dumps({"details": {"group": str(place)}})),
            *(action, person.member_id),
        )
    await migrate(at_0008, MIGRATIONS)
    rows = await owner.fetch(
        "select member_id, created_at, left_at from group_membership where group_id = $1 order by created_at", group
    )
    times = {
        person: [((row[1] - NOW).days, row[2] and (row[2] - NOW).days) for row in rows if row[0] == person.member_id]
        for person in (back, still, gone)
    }
    assert times == {back: [(0, 1), (4, None)], still: [(0, None)], gone: [(0, 5), (6, 9)]}
    async with services.database.tenant(organisation.id) as transaction:
        assert await unsound(transaction) == []


async def test_grade_from_before_evidence_was_kept_comes_along_and_says_so(at_0008, owner, services):
    organisation = await make_organisation(services.database)
    manifest, plan = services.integrations.require("calendar").declaration
    made = {}
    for state, reason in (("removed", "probed"), ("removed", "manual"), ("active", "")):
        made[reason] = uuid7()
        await owner.execute(
            "insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest,"
            " plan, declaration_digest, audience, state, state_reason, removed_at)"
            " values ($1, $2, $3, 'calendar', '1', $4, $5, '', 'organisation', $6, $7, $8)",
            *(organisation.id, made[reason], NOW, manifest.model_dump_json(), plan.model_dump_json()),
            *(state, reason, NOW if state == "removed" else None),
        )
    proof = {"level": "probed", "checked_at": NOW.isoformat(), "method": "looked up", "residual": []}
    await owner.execute(
        "insert into obligation (organisation_id, id, created_at, installation_id, verb, dedupe_key, submitted_at,"
        " due_at, next_at, state, ended_at, attestation)"
        " values ($1, $2, $3, $4, 'revoke', 'k', $3, $5, $3, 'completed', $3, $6)",
        *(organisation.id, uuid7(), NOW, made["probed"], NOW + timedelta(days=1), json.dumps(proof)),
    )
    await migrate(at_0008, MIGRATIONS)
    rows = await owner.fetch("select id, state_reason from installation")
    assert {row["id"]: row["state_reason"] for row in rows} == {
        made["probed"]: "none_kept",
        made["manual"]: "manual",
        made[""]: "",
    }
    async with services.database.tenant(organisation.id) as transaction:
        access = Access(system_actor(organisation.id), transaction, services, "test")
        (owed,) = (await list_obligations(access, PageRequest(5))).items
        assert await unsound(transaction) == []
    assert (owed.proof.level, owed.proof.basis, owed.exchanges) == ("unverifiable", "none_kept", ())


async def test_names_that_were_kept_decomposed_are_composed(at_0008, owner, services):
    organisation = await make_organisation(services.database)
    await make_member(services.database, organisation, name="Zoe\u0308")
    await migrate(at_0008, MIGRATIONS)
    assert await owner.fetchval("select display_name from member") == "Zo\u00eb"
    assert await owner.fetchval("select display_name from account") == "Zo\u00eb"


async def test_looks_that_were_recorded_for_each_person_are_all_there(at_first, owner, services):
    one, other = [await make_organisation(services.database) for _ in range(2)]
    ann, bob, far = [await make_member(services.database, where) for where in (one, one, other)]
    made = [
        (where.id, uuid7(), NOW + timedelta(minutes=n // 2), person.member_id, ann.member_id, "token", [f"k.{n}", "x"])
        for n, (where, person) in enumerate([(one, ann), (one, bob), (other, far)] * 4)
    ]
    places = ", ".join(f"${number}" for number in range(1, 8))
    await owner.executemany(f"insert into data_access values ({places})", made)
    assert (await migrate(at_first, MIGRATIONS))[0] == "core-0003-data-access-once"
    for person in (ann, bob, far):
        async with access_for(services, person, read_only=True) as access:
            found = (await own_data_access(access, PageRequest(100))).items
            assert await unsound(access.transaction) == []
        wanted = [row[1:] for row in reversed(made) if row[3] == person.member_id]
        assert [tuple(item) for item in found] == wanted
        assert len(found) == 4
    assert await owner.fetchval("select count(*) from data_access") == len(made)


async def test_open_requests_from_before_reminders_are_looked_at_for_them(at_0008, owner, services):
    organisation = await make_organisation(services.database)
    person = await make_member(services.database, organisation)
    insert = """insert into data_request (organisation_id, id, created_at, member_id, submitted_at, regime, due_at,
        original_due_at, acknowledge_by, decide_by, reference_hash, identity_state, ended_at)
        values ($1, $2, $3, $4, $3, 'gdpr', $5, $5, $5, $5, $6, 'verified', $7)"""
    still, over = uuid7(), uuid7()
    for request_id, ended_at in ((still, None), (over, NOW)):
        due_at = NOW + timedelta(days=300)
        values = (organisation.id, request_id, NOW, person.member_id, due_at, request_id.bytes, ended_at)
        await owner.execute(insert, *values)
    await migrate(at_0008, MIGRATIONS)
    due = await owner.fetch("select id, deed from requests_due(now() + interval '1 minute', $1, 10)", NOW)
    assert [tuple(row) for row in due] == [(still, "remind")]
    assert await owner.fetchval("select remind_at from data_request where id = $1", over) is None
