"""People are sought by name in any letter case and script, and by address, without a list being read through."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0049-member-search"
DESCRIPTION = "Members sought by name in any letter case, and by address"

SQL = r"""
-- The form in which names are sought: without letter case and marks on letters, and with one of the signs that
-- people type for one another. Any default collation that the locale check lets through gives the same.
create function search_key(words text) returns text language sql immutable strict parallel safe return
    left(replace(translate(
        regexp_replace(lower(normalize(words, NFKD) collate "default"),
            '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d]',
            '', 'g'),
        U&'\03c2\0131\0649\06cc\06a9\06c1\06be\2018\2019\02bc\2010\2212\05be',
        U&'\03c3i\064a\064a\0643\0647\0647''''''---'), U&'\00df', 'ss'), 100);
alter table member
    add column name_key text collate "C" generated always as (search_key(display_name)) stored,
    add column last_word_key text collate "C" generated always as (
        case when position(' ' in display_name) > 0 then search_key(regexp_replace(display_name, '^.* ', '')) end
    ) stored;
create index member_name_key on member (organisation_id, state, name_key, id);
create index member_last_word_key on member (organisation_id, state, last_word_key, id)
    where last_word_key is not null;
create index member_address on member (organisation_id, state, email collate "C", id) where email <> '';
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
