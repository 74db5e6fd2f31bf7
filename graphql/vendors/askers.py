"""Vendors' accounts, as their clients and integrations lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.relations import in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, field
from wardship.tenants.vendor_clients.accounts import VendorAccount as VendorAccountRecord
from wardship.tenants.vendor_clients.accounts import vendor_accounts


@object_type(VendorAccountRecord)
class VendorAccount:
    """An account that the provider knows as a vendor."""

    address: str = field("Its primary address.")
    display_name: str = field("How the person wants to be called.")


async def vendors(info: BatchInfo[ApiContext], account_ids: Sequence[UUID | None]) -> Sequence[VendorAccount | None]:
    """Return the vendor that each account is; None where it is none any more."""
    wanted = [key for key in account_ids if key is not None]
    found = await vendor_accounts(info.context.access, wanted)
    return cast("list[VendorAccount | None]", in_order(found, account_ids))
