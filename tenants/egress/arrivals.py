"""Note in the ledger what became of deliveries."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState

_FETCHED = (
    "update disclosure set state = $3, settled_at = $4"
    " where organisation_id = $1 and obligation_id = any($2::uuid[]) and state = 'sending' and is_fetched"
)


async def note_late_delivery(access: Access, obligation_id: UUID, attempt: int, state: DeliveryState) -> None:
    """Note that a delivery has ended now which counted as ended before, since its worker had lost it."""
    await access.execute(
        "update disclosure set state = case when state = 'delivered' then state else $4 end, settled_at = $5"
        " where organisation_id = $1 and obligation_id = $2 and attempt >= $3 and state <> 'sending'",
        obligation_id,
        attempt,
        state.value,
        access.now,
    )


async def settle_fetched(access: Access, read_ids: Collection[UUID]) -> None:
    """Note that records are handed out that a vendor fetches: they count as received."""
    await access.execute(_FETCHED, list(read_ids), DeliveryState.DELIVERED.value, access.now)
