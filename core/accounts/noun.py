"""Accounts, their addresses, the provider's staff, and the tombstones of what must not come back."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data, personal_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import Tables, hookimpl


@personal_data(
    subject="id",
    subject_kind="account",
    personal={
        "display_name": Personal("user.name", Source.PERSON, Erasure.REMOVE),
        "locale": Personal("user.demographic.language", Source.PERSON, Erasure.REMOVE),
        "residence_country": Personal("user.contact.address.country", Source.PERSON, Erasure.REMOVE),
    },
    not_personal=("state", "erased_at"),
)
class Account(DirectoryTable, tablename="account"):
    """A person; the row stays after an erasure, empty, so that the audit's identifiers still point at something."""

    state = Text()
    display_name = Text()
    locale = Text()
    residence_country = Text()
    erased_at = Timestamptz(null=True, default=None)


@account_data(
    personal={"address": Personal("user.contact.email", Source.PERSON, Erasure.REMOVE)},
    not_personal=("is_primary", "verified_at"),
)
class AccountEmail(DirectoryTable, tablename="account_email"):
    """An address of an account, in canonical form."""

    account_id = UUID()
    address = Text()
    is_primary = Boolean()
    verified_at = Timestamptz(null=True, default=None)


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
    return Account, AccountEmail, Staff, Tombstone
