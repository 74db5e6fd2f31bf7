"""What a vendor holds of a member that it may not hold any more."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.tenants.egress.allowed import all_resting_fields, fetched_fields, is_at_rest
from wardship.tenants.egress.gate import Facts
from wardship.tenants.installations.records import InstallationRecord


def holds_too_much(facts: Facts, installation: InstallationRecord, member_id: UUID, held: Collection[str]) -> bool:
    """Return whether a vendor holds fields of a suspended member that it may not even keep."""
    choices = facts.choices(installation, member_id)
    kept = {each.field.name for each in all_resting_fields(facts.terms[installation.id], choices)}
    return choices.state == "deactivated" and not is_at_rest(choices) and not set(held) <= kept


def has_fetched_too_much(
    facts: Facts, installation: InstallationRecord, member_id: UUID, fetched: Collection[str]
) -> bool:
    """Return whether the last that a vendor fetched of a member has fields that it could not fetch any more."""
    choices = facts.choices(installation, member_id)
    allowed = {each.field.name for each in fetched_fields(facts.terms[installation.id], choices)}
    return choices.state == "active" and not is_at_rest(choices) and not set(fetched) <= allowed
