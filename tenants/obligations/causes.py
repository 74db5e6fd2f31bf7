"""Why a vendor has to take back what it holds of a member, or to leave it unused."""

from __future__ import annotations

from uuid import UUID

from wardship.plugins.api import Cause
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import absence_cause, is_at_rest
from wardship.tenants.egress.gate import Facts, read_facts
from wardship.tenants.egress.ledger import last_grants
from wardship.tenants.installations.records import InstallationRecord


async def resting_cause(
    access: Access, installation: InstallationRecord, member_id: UUID, *, facts: Facts | None = None
) -> Cause:
    """Return why a vendor is to leave unused what it holds of a member: by the facts, read here where not given."""
    facts = facts or await read_facts(access, [installation], [member_id])
    is_restricted = is_at_rest(facts.choices(installation, member_id))
    return Cause.RESTRICTION if is_restricted else Cause.MEMBERSHIP_SUSPENDED


async def erasing_cause(
    access: Access, installation: InstallationRecord, place_id: UUID, member_id: UUID, *, facts: Facts | None = None
) -> Cause:
    """Return why a place may hold nothing of a member any more: what ended of that by which it was sent."""
    facts = facts or await read_facts(access, [installation], [member_id], place_id=place_id)
    if member_id not in facts.people:
        return Cause.MEMBERSHIP_ENDED
    sent_by = await last_grants(access, place_id, member_id)
    return absence_cause(facts.terms[installation.id], facts.choices(installation, member_id), sent_by)
