"""Whom an organisation's provider vouched for and who was erased: the provider alone does not bring the person back.

Issuer and subject stay the same while the address changes, so that a tombstone of the address would not be met. Those
of the deployment's own providers are not kept: by them somebody comes back only by registering, as everybody may.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.accounts.tombstones import is_suppressed, lift_identity, suppress
from wardship.core.database.engine import Transaction
from wardship.core.keys import KeyRing
from wardship.core.openid.identities import list_identities


async def bury_identities(
    transaction: Transaction, keys: KeyRing, account_id: UUID, organisation_id: UUID, *, at: datetime
) -> None:
    """Keep an organisation's provider from bringing back somebody whom the organisation erases.

    Args:
        transaction: the erasure's own, which reaches the directory.
        keys: the deployment's.
        account_id: whose identities, which are there still; those of others are no matter of this organisation.
        organisation_id: which has erased the person.
        at: the moment of the erasure.
    """
    found = await list_identities(transaction, account_id)
    names = [_name(each.issuer, each.subject) for each in found if each.organisation_id == organisation_id]
    await suppress(transaction, keys, {"identity": names}, organisation_id=organisation_id, at=at)


async def bury_all_identities(transaction: Transaction, keys: KeyRing, account_id: UUID, *, at: datetime) -> None:
    """Keep every organisation's provider from bringing back somebody whose account is erased."""
    found = await list_identities(transaction, account_id)
    names = [_name(each.issuer, each.subject) for each in found if each.organisation_id is not None]
    await suppress(transaction, keys, {"identity": names}, organisation_id=None, at=at)


async def is_identity_buried(
    transaction: Transaction, keys: KeyRing, organisation_id: UUID, person: tuple[str, str]
) -> bool:
    """Return whether somebody, by issuer and subject, was erased by an organisation, or everywhere, and not lifted."""
    return await is_suppressed(transaction, keys, organisation_id, _name(*person), kind="identity")


async def unbury_identity(
    transaction: Transaction, keys: KeyRing, organisation_id: UUID, person: tuple[str, str], *, at: datetime
) -> None:
    """Let an organisation's provider vouch again for somebody who has come back and says so; others keep theirs."""
    await lift_identity(transaction, keys, organisation_id, _name(*person), at=at)


def _name(issuer: str, subject: str) -> str:
    """Return one text for both: an issuer holds no space."""
    return f"{issuer} {subject}"
