"""Addresses of people whom this organisation erased: they come back only by registering again (requirement F8)."""

from __future__ import annotations

from collections.abc import Collection

from wardship.core.accounts.tombstones import PURPOSE
from wardship.core.errors import ConflictError
from wardship.tenants.access import Access


class ErasedAddressError(ConflictError):
    """The person behind this address was erased here: he or she must register again before being added again."""

    code = "ADDRESS_ERASED"

    def __init__(self) -> None:
        super().__init__(
            "The person with this address was erased from this organisation: ask him or her to register again first.",
            path=("email",),
        )


async def suppressed_addresses(access: Access, addresses: Collection[str]) -> set[str]:
    """Return those among these canonical addresses that this organisation erased and nobody registered since.

    What other organisations erased is not told: whether somebody ever had an account elsewhere is nobody's business.
    """
    hashes = {
        digest: address
        for address in addresses
        for digest in access.services.keys.fingerprints(PURPOSE, f"email:{address}")
    }
    rows = await access.transaction.fetch("select buried_identifiers('email', $1::bytea[]) as hash", list(hashes))
    return {hashes[row["hash"]] for row in rows}


async def require_not_suppressed(access: Access, address: str) -> None:
    """Refuse an address whose owner was erased from this organisation.

    Raises:
        ErasedAddressError: it was, and the person has not registered again.
    """
    if await suppressed_addresses(access, [address]):
        raise ErasedAddressError
