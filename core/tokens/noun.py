"""Personal access tokens."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import Tables, hookimpl


@account_data(
    personal={
        "name": Personal("user.account.settings", Source.PERSON, Erasure.REMOVE),
        "token_hash": Personal("user.authorization.credentials", Source.AUTOMATIC, Erasure.REMOVE, exported=False),
        "last_used_at": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
    },
    not_personal=("scopes", "expires_at", "revoked_at"),
)
class AccessTokenRow(DirectoryTable, tablename="access_token"):
    """A token of one account for one organisation; the token itself is kept as SHA-256 only."""

    account_id = UUID()
    organisation_id = UUID()
    name = Text()
    token_hash = Bytea()
    scopes = Array(base_column=Text())
    expires_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (AccessTokenRow,)
