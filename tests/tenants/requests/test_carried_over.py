"""A database from before grace periods comes along: nobody is erased unwarned, and what ended restricts no more."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import NOW
from tests.mails import subjects as told_subjects
from tests.requesting import make_firm
from wardship.app.deployment import MIGRATIONS
from wardship.core.database import migrations
from wardship.core.database.embedded import ROLE_OWNER
from wardship.core.database.migrations import migrate
from wardship.core.database.soundness import unsound
from wardship.core.identifiers import uuid7

DAY = timedelta(days=1)


@pytest.fixture
async def before(postgres, owner, database_name, monkeypatch):
    """Connect arguments of the owning role on a database as it was before."""
    await owner.execute("drop owned by wardship_owner cascade")
    await owner.execute("create schema if not exists public authorization wardship_owner")
    dsn = postgres.dsn(role=ROLE_OWNER, database=database_name)
    every = migrations._modules
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_modules", lambda package: (each for each in every(package) if not _is_new(each)))
        await migrate(dsn, MIGRATIONS)
    return dsn


def _is_new(module) -> bool:
    return module.ID.startswith("tenants-") and module.ID >= "tenants-0013"


async def _insert(owner, table, **columns):
    values = {"id": uuid7(), "created_at": NOW} | columns
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await owner.execute(f"insert into {table} ({', '.join(values)}) values ({places})", *values.values())
    return values["id"]


async def _request(firm, owner, kind, state, *, method="second_factor", right=None, **columns):
    """Insert a request with one right, past every rule; ``right`` holds columns of the right."""
    values = {
        "organisation_id": firm.organisation.id,
        "member_id": firm.member.member_id,
        "submitted_at": NOW,
        "regime": "gdpr",
        "due_at": NOW + 30 * DAY,
        "original_due_at": NOW + 30 * DAY,
        "acknowledge_by": NOW + 3 * DAY,
        "decide_by": NOW + 7 * DAY,
        "reference_hash": secrets.token_bytes(32),
        "identity_state": "verified",
        "identity_method": method,
    }
    request_id = await _insert(owner, "data_request", **(values | columns))
    place = {"organisation_id": firm.organisation.id, "request_id": request_id, "kind": kind, "state": state}
    await _insert(owner, "request_right", **(place | (right or {})))
    return request_id


async def _restrict(firm, owner, cause, request_id):
    return await _insert(
        owner,
        "restriction",
        organisation_id=firm.organisation.id,
        member_id=firm.member.member_id,
        cause=cause,
        request_id=request_id,
    )


async def test_member_who_was_deactivated_before_gets_the_whole_warning(before, services, owner, clock):
    firm = await make_firm(services)
    await _request(
        firm, owner, "deactivation", "fulfilled", ended_at=NOW, right={"scheduled_for": NOW + 3 * DAY, "ended_at": NOW}
    )
    await owner.execute("update member set state = 'deactivated' where id = $1", firm.member.member_id)
    await owner.execute(
        "update member set state = 'removed', left_at = $2 where id = $1", firm.officer.member_id, NOW - 400 * DAY
    )
    await migrate(before, MIGRATIONS)
    rows = {row["member_id"]: row for row in await owner.fetch("select * from grace_period")}
    assert set(rows) == {firm.member.member_id, firm.officer.member_id}
    assert rows[firm.member.member_id]["cause"] == "requested"
    assert rows[firm.officer.member_id]["cause"] == "removed"
    now = datetime.now(UTC)
    assert all(row["ends_at"] > now + 29 * DAY and row["next_at"] <= now for row in rows.values())
    clock.advance(now - clock.now() + timedelta(minutes=1))
    await firm.run()
    mails = await told_subjects(firm.services, owner)
    assert len([mail for mail in mails if mail.startswith("On ")]) == 2
    async with services.database.directory(read_only=True) as transaction:
        assert await unsound(transaction) == []


async def test_erasure_that_the_grace_period_scheduled_undecided_starts_over(before, services, owner):
    firm = await make_firm(services)
    await owner.execute("update member set state = 'deactivated' where id = $1", firm.member.member_id)
    await _request(firm, owner, "erasure", "scheduled", method="grace_ended", right={"scheduled_for": NOW + DAY})
    await migrate(before, MIGRATIONS)
    assert await owner.fetchval("select state from request_right") == "withdrawn"
    assert await owner.fetchval("select ended_at is not null from data_request")
    assert await owner.fetchval("select state from grace_period") == "running"
    assert await owner.fetchval("select kind from request_event") == "withdrawn"


async def test_erasure_that_waits_restricts_from_then_on(before, services, owner):
    firm = await make_firm(services)
    waiting = await _request(firm, owner, "erasure", "scheduled", right={"scheduled_for": NOW + DAY})
    await migrate(before, MIGRATIONS)
    row = await owner.fetchrow("select cause, request_id from restriction where lifted_at is null")
    assert tuple(row) == ("erasure", waiting)


async def test_what_ended_without_lifting_is_lifted_by_the_clock(before, services, owner, clock):
    firm = await make_firm(services)
    denied = await _request(firm, owner, "access", "denied", ended_at=NOW, right={"ended_at": NOW})
    open_dispute = await _request(
        firm, owner, "access", "with_privacy_team", handler="privacy_team", right={"decided_at": NOW}
    )
    granted = await _request(firm, owner, "restriction", "fulfilled", ended_at=NOW, right={"ended_at": NOW})
    for cause, request_id in (("disputed", denied), ("disputed", open_dispute), ("requested", granted)):
        await _restrict(firm, owner, cause, request_id)
    await migrate(before, MIGRATIONS)
    clock.advance(datetime.now(UTC) - clock.now() + timedelta(minutes=1))
    await firm.run()
    rows = await owner.fetch("select request_id from restriction where lifted_at is not null")
    assert [row["request_id"] for row in rows] == [denied]
