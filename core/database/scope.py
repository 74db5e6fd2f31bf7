"""What a transaction may reach: one organisation's rows, the directory's, both, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that the database lets a transaction see and change.

    Attributes:
        organisation_id: the tenant whose rows are reachable; None reaches no tenant's rows.
        directory: whether the global tables (accounts, addresses, credentials, sessions) are reachable.
        read_only: whether PostgreSQL refuses every change.
    """

    organisation_id: UUID | None = None
    directory: bool = False
    read_only: bool = False

    @property
    def setting(self) -> str:
        """Return the value of the setting that names the tenant: 32 hexadecimal digits, or nothing."""
        return f"{self.organisation_id.int:032x}" if self.organisation_id else ""

    def begin_sql(self) -> str:
        """Return BEGIN and the settings as one simple-protocol message, so that both cost one round trip.

        SET LOCAL ends with the transaction as ``set_config`` does, and needs no planner. The only value in it is a UUID
        written as hexadecimal digits, hence safe to write literally.
        """
        # All that one query answers is of one moment, however many statements it takes.
        mode = " isolation level repeatable read, read only" if self.read_only else ""
        return f"begin{mode};{self.set_sql()}"

    def set_sql(self) -> str:
        """Return the statements that let the open transaction reach this scope's rows and no others."""
        directory = "on" if self.directory else "off"
        return f"set local wardship.organisation_id = '{self.setting}';set local wardship.directory = '{directory}'"
