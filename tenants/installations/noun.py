"""The tables of installations and of their places."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Integer, SmallInt, Text, Timestamptz

from wardship.core.database.personal_data import Outlasting, Sealed, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.installations.notices import KINDS
from wardship.tenants.installations.records import RETIRING_SEALED_FOR, SEALED_FOR
from wardship.tenants.installations.troubles import tell_of_recovered


@personal_data(
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
        "place_id",
        "installed_by",
        "pending_manifest",
        "pending_plan",
        "reconcile_at",
        "removed_at",
        "is_certificate_due",
        "trouble",
        "works_since",
        "kept_days",
    )
)
class Installation(TenantTable, tablename="installation"):
    """One integration, connected for an organisation, a group or a member."""

    outlasting = Outlasting.DUTIES

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
    place_id = UUID()
    installed_by = UUID(null=True, default=None)
    pending_manifest = JSONB(null=True, default=None)
    pending_plan = JSONB(null=True, default=None)
    reconcile_at = Timestamptz(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)
    is_certificate_due = Boolean(default=False)
    trouble = SmallInt(default=0)
    works_since = Timestamptz(null=True, default=None)
    kept_days = Integer(default=0)


@personal_data(
    # Settings and secrets are the organisation's own access to the vendor; they go when the place is left.
    not_personal=(
        "installation_id",
        "state",
        "recipient",
        "address",
        "hosts",
        "settings",
        "settings_version",
        "secrets",
        "retiring_secrets",
        "retiring_until",
        "leaving_at",
        "left_at",
        "failures",
        "failing_since",
        "succeeded_at",
        "next_try_at",
    )
)
class InstallationPlace(TenantTable, tablename="installation_place"):
    """One place where an installation's data went or goes, with what it is reached by."""

    encrypted = (Sealed("secrets", SEALED_FOR), Sealed("retiring_secrets", RETIRING_SEALED_FOR))

    outlasting = Outlasting.DUTIES

    installation_id = UUID()
    state = Text(default="current")
    recipient = Text()
    address = Text()
    hosts = Array(base_column=Text())
    settings = JSONB(default="{}")
    settings_version = Integer(default=1)
    secrets = Bytea(null=True, default=None)
    retiring_secrets = Bytea(null=True, default=None)
    retiring_until = Timestamptz(null=True, default=None)
    leaving_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)
    failures = Integer(default=0)
    failing_since = Timestamptz(null=True, default=None)
    succeeded_at = Timestamptz(null=True, default=None)
    next_try_at = Timestamptz(null=True, default=None)


@personal_data(not_personal=("pace", "per_minute", "per_second", "begins_within_ms"))
class PlacePace(TenantTable, tablename="place_pace"):
    """When requests were sent to a place in the last minute, until when it is left alone; its key is the place's.

    The rate is the one by which the last turn was given: how many more there are is told by both.
    """

    outlasting = Outlasting.DUTIES

    pace = JSONB(default="{}")
    per_minute = Integer(null=True, default=None)
    per_second = Integer(null=True, default=None)
    begins_within_ms = Integer(default=0)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Installation, InstallationPlace, PlacePace


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what those who look after integrations are told."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what tells that installations work again."""
    return (tell_of_recovered,)
