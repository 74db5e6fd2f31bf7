"""What becomes of a row of each table is what is declared, and what ends is a reviewed list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.builders import NOW, make_member
from tests.rows import insert_row
from tests.tables import tenant_table_names
from tests.tenants.mergers.merging import Merging
from wardship.core.identifiers import uuid7
from wardship.tenants.mergers.fates import DIRECTORY_FATES, TEXTS, Fate

pytestmark = pytest.mark.anyio
ENDING = {
    "authorisation_flow",
    "integration_client",
    "remote_integration",
    "remote_integration_secret",
    "vendor_client",
    "vendor_client_secret",
    "vendor_code",
    "vendor_grant",
    "vendor_token",
    "vendor_token_family",
    "directory_user",
    "group_rule",
    "group_rule_value",
    "identity_provider",
    "provisioning_failure",
    "provisioning_token",
}
"""What spoke for the people of the organisation that goes: left in force, it would reach those of the other."""
STAYING = {"audit_entry", "audit_head"}
OF_DIRECTORY = {
    "access_token": Fate.END,
    "account_event": Fate.STAY,
    "account_notice": Fate.GO_OVER,
    "account_recovery": Fate.GO_OVER,
    "appointment": Fate.STAY,
    "identity": Fate.END,
    "outgoing_mail": Fate.GO_OVER,
    "refused_mail": Fate.GO_OVER,
    "session": Fate.END,
    "tombstone": Fate.GO_OVER,
}


async def _rows(merging: Merging, table: str) -> dict[UUID, UUID]:
    key = "organisation_id" if table == "audit_head" else "id"
    only = " and role = 'member'" if table == "role_assignment" else ""
    rows = await merging.owner.fetch(
        f"select {key} as id, organisation_id from {table} where organisation_id = any($1){only}",
        [merging.harbour.id, merging.orchard.id],
    )
    return {row["id"]: row["organisation_id"] for row in rows}


async def test_each_table_of_organisations_goes_over_whole_or_ends_whole(merging):
    await merging.fill()
    tables = await tenant_table_names(merging.owner)
    before = {table: await _rows(merging, table) for table in tables}
    assert all(merging.orchard.id in rows.values() for rows in before.values()), "every table has a row of it"
    await merging.merge()
    for table in tables:
        after = await _rows(merging, table)
        for row, organisation in before[table].items():
            there = merging.orchard.id if table in STAYING else merging.harbour.id
            expected = None if table in ENDING and organisation == merging.orchard.id else there
            assert after.get(row) == (organisation if organisation == merging.harbour.id else expected), table


async def _put(merging: Merging, table: str, **known: Any) -> UUID:
    values = {"id": uuid7(), "organisation_id": merging.orchard.id, "account_id": merging.oscar.account_id} | known
    if table in {"outgoing_mail", "refused_mail", "tombstone"}:
        del values["account_id"]
    await insert_row(merging.owner, table, values, "orchard")
    return values["id"]


async def test_each_table_of_the_directory_fares_as_declared(merging):
    await merging.announce()
    await merging.begin()
    alone = sorted(set(OF_DIRECTORY) - {"account_event", "account_recovery", "session"})
    made = {table: await _put(merging, table) for table in alone}
    made["account_event"] = await _put(merging, "account_event", kind="password_changed")
    made["session"] = await _put(merging, "session", identity_id=made["identity"], stage="complete")
    made["account_recovery"] = await _put(
        merging, "account_recovery", account_id=merging.hanna.account_id, state="declined", ended_at=NOW
    )
    await merging.finish()
    found = {}
    for table, row in made.items():
        place = await merging.owner.fetchval(f"select organisation_id from {table} where id = $1", row)
        fates = {None: Fate.END, merging.orchard.id: Fate.STAY, merging.harbour.id: Fate.GO_OVER}
        found[table] = fates[place]
    assert found == OF_DIRECTORY
    assert dict(DIRECTORY_FATES) == OF_DIRECTORY


TEXTS_THAT_NAME = {
    "approval.arguments",
    "notice.details",
    "obligation.arguments",
    "obligation.dedupe_key",
    "post.body",
    "preview.content",
    "request_right.details",
    "request_right.limitations",
}


async def test_each_text_that_names_a_membership_of_two_names_the_one_that_is_left(merging, database):
    ann = await make_member(database, merging.orchard, name="Ann", email="ann@orchard.example")
    here = await make_member(database, merging.harbour, account_id=ann.account_id, email="ann@example.org")
    await merging.fill()
    named, other = f"by {ann.member_id} söon", uuid7()
    for place in TEXTS_THAT_NAME:
        table, column = place.split(".")
        kind = await merging.owner.fetchval(f"select pg_typeof({column})::text from {table} limit 1")
        value = f"$1 || ' {other}'"
        if kind == "jsonb":
            is_array = f"jsonb_typeof({column}) = 'array'"
            value = f"case when {is_array} then jsonb_build_array({value}) else jsonb_build_object('said', {value}) end"
        await merging.owner.execute(f"update {table} set {column} = {value}", named)
    await merging.merge()
    for place in TEXTS_THAT_NAME:
        table, column = place.split(".")
        texts = [row[0] for row in await merging.owner.fetch(f"select {column}::text from {table}")]
        changed = [text for text in texts if str(other) in text]
        assert changed, place
        assert all(f"by {here.member_id} söon" in text for text in changed), place
        assert not any(str(ann.member_id) in text for text in changed), place
    assert set(TEXTS) == TEXTS_THAT_NAME
