"""The table of installations."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl


@personal_data(
    # Settings and secrets are the organisation's own access to the vendor; they go when the installation is removed.
    not_personal=(
        "integration_key",
        "integration_version",
        "manifest",
        "plan",
        "declaration_digest",
        "audience",
        "group_id",
        "member_id",
        "state",
        "state_reason",
        "settings",
        "settings_version",
        "secrets",
        "installed_by",
        "pending_manifest",
        "pending_plan",
        "reconcile_at",
        "removed_at",
    )
)
class Installation(TenantTable, tablename="installation"):
    """One integration, connected for an organisation, a group or a member."""

    integration_key = Text()
    integration_version = Text()
    manifest = JSONB()
    plan = JSONB()
    declaration_digest = Bytea()
    audience = Text()
    group_id = UUID(null=True, default=None)
    member_id = UUID(null=True, default=None)
    state = Text()
    state_reason = Text()
    settings = JSONB(default="{}")
    settings_version = Integer(default=1)
    secrets = Bytea(null=True, default=None)
    installed_by = UUID(null=True, default=None)
    pending_manifest = JSONB(null=True, default=None)
    pending_plan = JSONB(null=True, default=None)
    reconcile_at = Timestamptz(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Installation,)
