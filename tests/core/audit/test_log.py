"""Entries join the chain at the end of their transaction, so that the chain makes nobody wait for long."""

from __future__ import annotations

import asyncio
import json
from contextvars import Context

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, make_organisation
from wardship.core.actor import system_actor
from wardship.core.audit.log import AuditEvent, canonical_entry, record
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


async def test_transaction_that_fails_leaves_no_entry(database, owner):
    organisation = await make_organisation(database)
    with pytest.raises(LookupError):
        async with database.tenant(organisation.id) as transaction:
            await _record(transaction, organisation, "thing.made")
            raise LookupError
    assert await _actions(owner, organisation) == []


async def test_entry_that_can_not_be_appended_undoes_the_transaction(database, owner):
    organisation = await make_organisation(database)
    await owner.execute("alter table audit_entry add constraint none check (false)")
    with pytest.raises(Exception, match="violates check constraint"):
        async with database.tenant(organisation.id) as transaction:
            await transaction.execute("update organisation set name = 'Other' where id = $1", organisation.id)
            await _record(transaction, organisation, "organisation.renamed")
    assert await owner.fetchval("select name from organisation where id = $1", organisation.id) == organisation.name
    async with database.tenant(organisation.id) as transaction:
        assert await transaction.fetchval("select 1") == 1


@pytest.mark.parametrize(
    ("entries", "messages"),
    [(1, [1]), (2, [2]), (100, [100]), (101, [100, 1]), (200, [100, 100]), (201, [100, 100, 1])],
)
async def test_entries_travel_with_the_commit_a_hundred_at_a_time(database, owner, entries, messages):
    organisation = await make_organisation(database)
    sent, actions = [], [f"thing.{number}" for number in range(entries)]
    async with database.tenant(organisation.id) as transaction:
        await _record(transaction, organisation, *actions)
        transaction.connection.add_query_logger(lambda query: sent.append(query.query))
    await asyncio.sleep(0)  # asyncpg tells its loggers in the next turn of the loop
    assert [text.count("call append_audit_entry") for text in sent] == messages
    assert [text.endswith(";commit") for text in sent] == [False] * (len(messages) - 1) + [True]
    assert await _actions(owner, organisation) == actions


@pytest.mark.parametrize("text", ["'); drop table audit_entry; --", "\\'\"\n\x7f$$", "Ünïcode \N{GRINNING FACE}"])
async def test_no_text_ends_a_literal_of_the_statement(database, owner, text):
    organisation = await make_organisation(database)
    actor = system_actor(organisation.id)
    event = AuditEvent(text, text, None, purpose=text, outcome=text, details={"what": [text, 1, None, True]})
    async with database.tenant(organisation.id) as transaction:
        await record(transaction, actor, event, at=NOW, request_id=text)
    row = await owner.fetchrow("select * from audit_entry where organisation_id = $1", organisation.id)
    assert (row["action"], row["target_kind"], row["created_at"]) == (text, text, NOW)
    assert (row["actor_id"], row["target_id"]) == (None, None)
    assert row["entry"].encode() == canonical_entry(row["id"], actor, event, at=NOW, request_id=text)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_DETAILS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXTS | st.floats() | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
)


@given(_TEXTS, st.dictionaries(st.text(st.characters(codec="ascii")), _DETAILS))
def test_entry_is_canonical_json(text, details):
    actor = system_actor(uuid7())
    entry = canonical_entry(
        uuid7(), actor, AuditEvent(text, text, uuid7(), text, details=details), at=NOW, request_id=text
    )
    assert rfc8785.dumps(json.loads(entry)) == entry
