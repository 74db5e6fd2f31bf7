"""What vendors have fetched that they could not fetch any more: nothing of ours replaces it, so it is taken back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import is_fetched_from
from wardship.tenants.egress.excess import has_fetched_too_much
from wardship.tenants.egress.gate import Facts, read_facts
from wardship.tenants.egress.ledger import last_disclosed
from wardship.tenants.installations.records import InstallationRecord


async def fetched_excess(
    access: Access, facts: Facts, installations: Collection[InstallationRecord]
) -> set[tuple[UUID, UUID]]:
    """Return at which places, and of which active members, the last record fetched holds too much."""
    concerned = [each for each in installations if is_fetched_from(each.manifest)]
    if not concerned:
        return set()
    fetched = await last_disclosed(access, list(facts.people), only_fetched=True)
    return {
        (installation.place_id, member_id)
        for installation in concerned
        for member_id in facts.people
        if has_fetched_too_much(facts, installation, member_id, fetched.get((installation.place_id, member_id), ()))
    }


async def has_excess(access: Access, installation: InstallationRecord, member_id: UUID) -> bool:
    """Return whether the vendor of one installation has fetched too much of one member."""
    facts = await read_facts(access, [installation], [member_id])
    return bool(await fetched_excess(access, facts, [installation]))
