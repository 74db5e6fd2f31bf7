"""The accounts to which vendors' clients and integrations belong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access

_VENDORS: Final = (
    "select account_id, address, display_name from staff_members()"
    " where role = 'vendor' and account_id = any($1::uuid[]) and awaited_until is null"
)


class VendorAccount(Row):
    """An account that the provider knows as a vendor."""

    __slots__ = ()

    account_id: UUID = column("account_id")
    address: str = column("address")
    display_name: str = column("display_name")


async def vendor_accounts(access: Access, account_ids: Collection[UUID]) -> dict[UUID, VendorAccount]:
    """Return those of these accounts that are a vendor's at present, by id.

    The caller has checked who sees what they own, which operators do, and each vendor of its own.
    """
    rows = await access.transaction.fetch_as(VendorAccount, _VENDORS, sorted(set(account_ids)))
    return {row.account_id: row for row in rows}
