"""How far a deployment has begun: whether anybody can sign in, and whether there is an organisation to sign in for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardship.core.database.engine import Transaction

_BEGUN: Final = (
    "select exists (select from organisation where kind = 'customer' and state not in ('awaiting_owner', 'closed'))"
    " as has_organisation,"
    " exists (select from organisation where kind = 'customer' and state = 'awaiting_owner') as awaits_owner,"
    " exists (select from account where state = 'active') as has_account"
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """How far a deployment has begun.

    Attributes:
        has_organisation: whether an organisation of customers is open, or was and is not closed yet.
        awaits_owner: whether one waits for its owner.
        has_account: whether anybody could sign in.
    """

    has_organisation: bool
    awaits_owner: bool
    has_account: bool


async def how_far_begun(transaction: Transaction) -> Beginning:
    """Return how far the deployment has begun; the transaction reaches the directory."""
    row = await transaction.fetchrow(_BEGUN)
    return Beginning(**row) if row else Beginning(has_organisation=False, awaits_owner=False, has_account=False)
