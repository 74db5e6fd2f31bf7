"""Base classes of all tables.

A table class describes columns for Piccolo's query builder; the table itself, with its composite keys and policies, is
made by SQL in a migration, because Piccolo knows neither. ``tests/core/database/test_tables.py`` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from piccolo.columns import UUID, Timestamptz
from piccolo.engine.base import Engine
from piccolo.table import Table

from wardship.core.database.personal_data import Controller, DeclaredTable
from wardship.core.identifiers import uuid7


class DirectoryTable(DeclaredTable):
    """A global table: reachable only by a transaction whose scope includes the directory."""

    id = UUID(primary_key=True, default=uuid7)
    created_at = Timestamptz()


class TenantRows(DeclaredTable):
    """Rows of one organisation, isolated by row-level security; ``id`` need not be theirs alone."""

    controller = Controller.ORGANISATION

    organisation_id = UUID()
    id = UUID(primary_key=True, default=uuid7)


class TenantTable(TenantRows):
    """A table of one organisation's rows: key ``(organisation_id, id)``."""

    created_at = Timestamptz()


def bind_tables(tables: Iterable[type[Table]], engine: Engine[Any]) -> None:
    """Let these table classes use this engine in place of one found by module name."""
    for table in tables:
        table._meta.db = engine  # noqa: SLF001 - Piccolo's own way to set a table's engine
