"""The tables of mergers, and what the noun registers."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Text, Timestamptz

from wardship.core.database.personal_data import personal_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import RuleListeners, Sweeps
from wardship.tenants.mergers.clocks import follow_mergers
from wardship.tenants.mergers.handing_over import follow_legal_entity
from wardship.tenants.mergers.notices import KINDS


@personal_data(
    not_personal=(
        "source_id",
        "target_slug",
        "target_id",
        "state",
        "state_since",
        "state_until",
        "offered_by",
        "accepted_by",
        "delivered_at",
        "day",
        "figures",
        "moved",
        "waits_for",
    )
)
class Merger(DirectoryTable, tablename="merger"):
    """That one organisation is to become part of another, or was, or did."""

    source_id = UUID()
    target_slug = Text()
    target_id = UUID(null=True, default=None)
    state = Text()
    state_since = Timestamptz()
    state_until = Timestamptz(null=True, default=None)
    offered_by = UUID()
    accepted_by = UUID(null=True, default=None)
    delivered_at = Timestamptz(null=True, default=None)
    day = Timestamptz(null=True, default=None)
    figures = JSONB(null=True, default=None)
    moved = JSONB(null=True, default=None)
    waits_for = Text(null=True, default=None)


@personal_data(not_personal=("merger_id", "from_id", "to_id", "is_changed"))
class MergedMembership(DirectoryTable, tablename="merged_membership"):
    """Which membership somebody's other one became part of, by identifiers alone."""

    merger_id = UUID()
    from_id = UUID()
    to_id = UUID()
    is_changed = Boolean(default=False)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Merger, MergedMembership


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what delivers, ends and carries out mergers."""
    return (follow_mergers,)


@hookimpl
def wardship_rule_listeners() -> RuleListeners:
    """Return what follows when another legal entity takes the organisation over."""
    return (follow_legal_entity,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about mergers."""
    return KINDS
