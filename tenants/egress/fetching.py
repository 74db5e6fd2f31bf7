"""Records that a vendor fetches: by the same gate as those that are sent, and entered in the same ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from wardship.plugins.api import Record
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import AllowedField, Choices, Terms, fetched_fields
from wardship.tenants.egress.arrivals import settle_fetched
from wardship.tenants.egress.gate import authorise
from wardship.tenants.installations.records import InstallationRecord, PlaceRecord


@dataclass(frozen=True, slots=True)
class Fetching:
    """By what a vendor fetches.

    Attributes:
        grant_id: of the client.
        consented: category, purpose and field, beside what is declared and granted.
    """

    grant_id: UUID
    consented: frozenset[tuple[str, str, str]]


async def authorise_fetching(
    access: Access,
    installation: InstallationRecord,
    place: PlaceRecord,
    member_ids: Collection[UUID],
    by: Fetching,
) -> list[Record]:
    """Return the records of these members that may be fetched, in their order, each entered in the ledger.

    The caller holds the installation ``for share`` and has checked that it is sharing. Whoever may not be seen is left
    out. What is fetched again on the same day, and is the same, is one entry of the ledger.

    Args:
        access: the system's own.
        installation: the recipient.
        place: where its data goes at present.
        member_ids: whose records.
        by: what was granted to the client.
    """
    reads = {_read_id(by.grant_id, member_id, access.now): member_id for member_id in member_ids}

    def passing(terms: Terms, choices: Choices) -> tuple[AllowedField, ...]:
        return tuple(
            each
            for each in fetched_fields(terms, choices)
            if (each.category, each.purpose, each.field.name) in by.consented
        )

    decisions = await authorise(access, (installation, place), reads, dict.fromkeys(reads, 1), passing)
    await settle_fetched(access, list(reads))
    return [decision.record for each in reads if (decision := decisions[each]).record is not None]


def _read_id(grant_id: UUID, member_id: UUID, at: datetime) -> UUID:
    """Return what stands in the ledger in an obligation's place: one for each grant, member and day."""
    return uuid5(grant_id, f"{member_id} {at.date().isoformat()}")
