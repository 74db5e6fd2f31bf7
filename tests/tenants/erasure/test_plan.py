"""The registry can be carried out, column by column."""

from __future__ import annotations

import re

import pytest
from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table

from wardship.app.nouns import domain_nouns
from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Source, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.tenants.erasure.plan import UnplannableError, _own_rows, account_statements, tenant_statements
from wardship.tenants.erasure.texts import text_tables

HELD = domain_nouns().held


class Plan(Table):
    """A table that no database has: it is not registered, so nothing else sees it."""

    organisation_id = UUID()
    member_id = UUID()
    at = Timestamptz()
    words = Text()


class TenantPlan(TenantRows, tablename="plan"):
    """The same, of a tenant."""

    at = Timestamptz()


def _entry(column: str, erasure: Erasure, subject: str | None = "member_id", table: type[Table] = Plan) -> TableEntry:
    held = Personal("user.content", Source.PERSON, erasure)
    return TableEntry(table, subject, "member", RowErasure.KEEP, {column: held}, frozenset())


def test_every_registered_column_can_be_treated():
    planned = {step.table for step in (*tenant_statements(HELD), *account_statements(HELD))}
    planned |= {table.name for table in text_tables(HELD)}
    expected = {
        entry.name
        for entry in HELD
        if any(held.retained is None for held in entry.personal.values())
        or (entry.rows is RowErasure.DELETE and entry.subject)
    }
    assert planned == expected


async def test_every_statement_is_accepted_by_the_database(database, owner):
    del database
    for step in (*tenant_statements(HELD), *account_statements(HELD)):
        await owner.prepare(step.sql)
        await owner.prepare(step.count_sql)
    for table in text_tables(HELD):
        for sql in (table.count_sql, table.search_sql, table.read_sql, table.write_sql):
            await owner.prepare(sql)
        for column in table.columns:
            if column.held.is_unique:
                await owner.prepare(table.taken_sql(column))


def test_what_is_named_in_the_statement_is_the_tenant():
    assert all("organisation_id = $1" in step.sql for step in tenant_statements(HELD))
    for table in text_tables(HELD):
        assert all("organisation_id = $1" in sql for sql in (table.search_sql, table.read_sql, table.write_sql))


def test_column_that_may_not_be_null_and_has_no_empty_value_is_refused():
    with pytest.raises(UnplannableError, match=r"plan\.at"):
        list(_own_rows(_entry("at", Erasure.REMOVE)))


def test_personal_column_of_nobodys_row_can_only_be_rewritten():
    with pytest.raises(UnplannableError, match="belong to nobody"):
        list(_own_rows(_entry("words", Erasure.REMOVE, subject=None)))
    assert list(_own_rows(_entry("words", Erasure.MODIFY, subject=None))) == []


def test_column_that_holds_no_text_cant_be_rewritten():
    with pytest.raises(UnplannableError, match=r"plan\.at"):
        text_tables([_entry("at", Erasure.MODIFY, table=TenantPlan)])


async def test_lengths_that_the_database_limits_are_known(owner):
    rewritten = {table.name for table in text_tables(HELD)}
    rows = await owner.fetch(
        "select conrelid::regclass::text as name, pg_get_constraintdef(oid) as rule from pg_constraint"
        " where contype = 'c' and conrelid <> 0"
    )
    columns = {
        entry.name: {name for name, held in entry.personal.items() if held.erasure is Erasure.MODIFY}
        for entry in HELD
        if issubclass(entry.table, TenantRows)
    }
    found = {
        f"{row['name']}.{column}": int(longest)
        for row in rows
        if row["name"] in rewritten
        for column, longest in re.findall(r"length\((\w+)\) <= (\d+)", row["rule"])
        if column in columns[row["name"]]
    }
    assert found == {
        f"{entry.name}.{name}": held.longest
        for entry in HELD
        for name, held in entry.personal.items()
        if held.longest is not None
    }
