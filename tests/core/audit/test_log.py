"""Entries join the chain at the end of their transaction, so that the chain makes nobody wait for long."""

from __future__ import annotations

import asyncio
from contextvars import Context

import pytest

from tests.builders import NOW, make_organisation
from wardship.core.actor import system_actor
from wardship.core.audit.log import AuditEvent, record
from wardship.core.identifiers import uuid7

ACTIONS = "select action from audit_entry where organisation_id = $1 order by sequence"


async def _record(transaction, organisation, *actions: str) -> None:
    for action in actions:
        event = AuditEvent(action, "thing", uuid7())
        await record(transaction, system_actor(organisation.id), event, at=NOW, request_id="test")


async def _actions(owner, organisation) -> list[str]:
    return [row["action"] for row in await owner.fetch(ACTIONS, organisation.id)]


async def test_entries_stand_in_the_order_of_the_acts(database, owner):
    organisation = await make_organisation(database)
    async with database.tenant(organisation.id) as transaction:
        await _record(transaction, organisation, "thing.made", "thing.named", "thing.shown")
        assert await _actions(owner, organisation) == []
    assert await _actions(owner, organisation) == ["thing.made", "thing.named", "thing.shown"]


async def test_open_transaction_with_an_entry_keeps_nobody_from_committing(database, owner):
    organisation = await make_organisation(database)

    async def another() -> None:
        async with database.tenant(organisation.id) as transaction:
            await _record(transaction, organisation, "second.begun")

    async with asyncio.timeout(5), database.tenant(organisation.id) as transaction:
        await _record(transaction, organisation, "first.begun")
        await asyncio.create_task(another(), context=Context())
    assert await _actions(owner, organisation) == ["second.begun", "first.begun"]


async def test_transaction_that_fails_or_is_abandoned_leaves_no_entry(database, owner):
    organisation = await make_organisation(database)
    with pytest.raises(LookupError):
        async with database.tenant(organisation.id) as transaction:
            await _record(transaction, organisation, "thing.made")
            raise LookupError
    async with database.tenant(organisation.id) as transaction:
        await _record(transaction, organisation, "thing.made")
        transaction.abandon()
    assert await _actions(owner, organisation) == []


async def test_entry_that_can_not_be_appended_undoes_the_transaction(database, owner):
    organisation = await make_organisation(database)
    await owner.execute("alter table audit_entry add constraint none check (false)")
    with pytest.raises(Exception, match="violates check constraint"):
        async with database.tenant(organisation.id) as transaction:
            await transaction.execute("update organisation set name = 'Other' where id = $1", organisation.id)
            await _record(transaction, organisation, "organisation.renamed")
    assert await owner.fetchval("select name from organisation") == organisation.name
    async with database.tenant(organisation.id) as transaction:
        assert await transaction.fetchval("select 1") == 1
