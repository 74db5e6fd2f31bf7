"""The tables of organisations."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Text, Timestamptz

from wardship.core.database.personal_data import personal_data
from wardship.core.database.tables import DirectoryTable, TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners
from wardship.tenants.organisations.notices import KINDS
from wardship.tenants.organisations.transfer import cancel_transfers


@personal_data(
    not_personal=(
        "slug",
        "name",
        "kind",
        "state",
        "state_since",
        "state_reason",
        "state_until",
        "suspended_at",
        "settings",
    )
)
class Organisation(DirectoryTable, tablename="organisation"):
    """An organisation; its row is reachable in its own scope as well as in the directory's."""

    slug = Text(unique=True)
    name = Text()
    kind = Text(default="customer")
    state = Text(default="active")
    state_since = Timestamptz(null=True, default=None)
    state_reason = Text()
    state_until = Timestamptz(null=True, default=None)
    suspended_at = Timestamptz(null=True, default=None)
    settings = JSONB(default="{}")


@personal_data(not_personal=("from_member_id", "to_member_id", "expires_at", "decided_at", "state"))
class OwnershipTransfer(TenantTable, tablename="ownership_transfer"):
    """An offer of ownership from the owner to another member; identifiers only."""

    from_member_id = UUID()
    to_member_id = UUID()
    expires_at = Timestamptz()
    decided_at = Timestamptz(null=True, default=None)
    state = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Organisation, OwnershipTransfer


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what cancels offers of ownership with the membership."""
    return (cancel_transfers,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told when ownership is passed on."""
    return KINDS
