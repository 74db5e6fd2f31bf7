"""Accounts, their addresses, the provider's staff, and the tombstones of what must not come back."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Text, Timestamptz

from wardship.core.accounts.events import sweep_account_events
from wardship.core.database.personal_data import Erasure, Personal, Source, account_data, personal_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import DeploymentSweeps, Tables, hookimpl


@personal_data(
    subject="id",
    subject_kind="account",
    personal={
        "display_name": Personal("user.name", Source.PERSON, Erasure.REMOVE),
        "residence_country": Personal("user.contact.address.country", Source.PERSON, Erasure.REMOVE),
        "time_zone": Personal("user.location.imprecise", Source.PERSON, Erasure.REMOVE),
        "language": Personal("user.account.settings", Source.PERSON, Erasure.REMOVE),
        "theme": Personal("user.account.settings", Source.PERSON, Erasure.REMOVE),
        "has_letter_keys": Personal("user.account.settings", Source.PERSON, Erasure.REMOVE),
    },
    not_personal=("state", "erased_at", "closes_at", "recovered_at"),
)
class Account(DirectoryTable, tablename="account"):
    """A person; the row stays after an erasure, empty, so that the audit's identifiers still point at something."""

    state = Text()
    display_name = Text()
    residence_country = Text()
    time_zone = Text()
    language = Text()
    theme = Text()
    has_letter_keys = Boolean()
    closes_at = Timestamptz(null=True, default=None)
    recovered_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


@account_data(
    personal={"address": Personal("user.contact.email", Source.PERSON, Erasure.REMOVE)},
    not_personal=("is_primary", "verified_at", "proven_at"),
)
class AccountEmail(DirectoryTable, tablename="account_email"):
    """An address of an account, in canonical form."""

    account_id = UUID()
    address = Text()
    is_primary = Boolean()
    verified_at = Timestamptz(null=True, default=None)
    proven_at = Timestamptz(null=True, default=None)


@account_data(
    personal={
        "created_at": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
        "kind": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
        "network": Personal("user.device.ip_address", Source.AUTOMATIC, Erasure.REMOVE),
        "user_agent": Personal("user.device", Source.AUTOMATIC, Erasure.REMOVE),
        "method": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
    },
    not_personal=("organisation_id",),
)
class AccountEventRow(DirectoryTable, tablename="account_event"):
    """Something that happened to an account; it goes after a year."""

    account_id = UUID()
    kind = Text()
    organisation_id = UUID(null=True, default=None)
    network = Text()
    user_agent = Text()
    method = Text()


@account_data(not_personal=("role",))
class Staff(DirectoryTable, tablename="staff"):
    """A place in the provider's own team."""

    account_id = UUID()
    role = Text()


@personal_data(not_personal=("kind", "identifier_hash", "lifted_at"))
class Tombstone(DirectoryTable, tablename="tombstone"):
    """A keyed hash of an identifier that must not come back: it belongs to nobody, and outlives every erasure."""

    organisation_id = UUID(null=True, default=None)
    kind = Text()
    identifier_hash = Bytea()
    lifted_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Account, AccountEmail, AccountEventRow, Staff, Tombstone


@hookimpl
def wardship_sweeps() -> DeploymentSweeps:
    """Return what removes old events."""
    return (sweep_account_events,)
