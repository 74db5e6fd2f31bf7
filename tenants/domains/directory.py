"""Who holds a domain, of all organisations: looked up and changed one name at a time, by the database's functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.domains.names import names_above
from wardship.tenants.domains.records import ClaimRecord, ClaimScope

_LOCK: Final = "select * from lock_domain($1, $2, $3)"
_FREE: Final = "select set_domain($1, null, null, $2, 'free', 'name', null, null)"
_SET: Final = "select set_domain($1, $2, $3, $4, $5, $6, $7, $8)"


class DomainRow(Row):
    """A domain in the directory, locked.

    Attributes:
        holder_id: the organisation that holds it, or held it before its claim was suspended.
        claim_id: its claim.
        epoch: how often the domain has had a new holder.
        state: ``free``, ``held`` or ``suspended``.
    """

    __slots__ = ()

    name: str = column("name")
    holder_id: UUID | None = column("holder_id")
    claim_id: UUID | None = column("claim_id")
    epoch: int = column("epoch")
    state: str = column("state")
    scope: ClaimScope = column("scope", ClaimScope)
    quarantined_until: datetime | None = column("quarantined_until")


@dataclass(frozen=True, slots=True)
class LockedDomain:
    """A name that nobody else can take meanwhile, and who holds names above it.

    Attributes:
        own: the name itself.
        above: the names above it that are known, the nearest first.
    """

    own: DomainRow
    above: tuple[DomainRow, ...]

    def rival_of(self, organisation_id: UUID) -> DomainRow | None:
        """Return what another organisation holds that a proof of this one must not simply override."""
        if self.own.state == "held":
            return None if self.own.holder_id == organisation_id else self.own
        covering = next((row for row in self.above if row.state == "held" and row.scope is ClaimScope.SUBTREE), None)
        return None if covering is None or covering.holder_id == organisation_id else covering


@dataclass(frozen=True, slots=True)
class DomainHolder:
    """The organisation that answers for addresses at a name.

    Attributes:
        name: the domain by which it does: the name itself, or the nearest above that is held with all below.
        epoch: how often that domain has had a new holder.
        quarantined_until: until when it is in quarantine.
    """

    name: str
    organisation_id: UUID
    epoch: int
    quarantined_until: datetime | None


async def lock_domain(transaction: Transaction, name: str, at: datetime) -> LockedDomain:
    """Lock a name that was proven until the transaction ends, and make it where it is new.

    Names are locked before any claim, so that nobody waits in a circle.
    """
    rows = await _lock(transaction, name, at)
    return LockedDomain(rows[0], tuple(rows[1:]))


async def lock_known_domain(transaction: Transaction, name: str) -> DomainRow | None:
    """Lock a name that somebody has proven before, as ``lock_domain`` does; None where nobody has."""
    rows = await _lock(transaction, name, None)
    return rows[0] if rows and rows[0].name == name else None


async def _lock(transaction: Transaction, name: str, at: datetime | None) -> list[DomainRow]:
    return await transaction.fetch_as(DomainRow, _LOCK, name, names_above(name), at)


async def hold_domain(
    access: Access, domain: DomainRow, claim: ClaimRecord, epoch: int, quarantined_until: datetime | None
) -> None:
    """Note that the organisation holds a name, which is locked, by a claim."""
    scope = claim.scope.value
    await access.transaction.execute(
        _SET, domain.name, access.organisation_id, claim.id, epoch, "held", scope, access.now, quarantined_until
    )


async def suspend_domain(access: Access, domain: DomainRow | None, claim_id: UUID) -> None:
    """Note that the organisation's claim to a name, which is locked, keeps nobody else out any more."""
    if domain is not None and domain.claim_id == claim_id:
        await access.transaction.execute(
            _SET, domain.name, domain.holder_id, claim_id, domain.epoch, "suspended", domain.scope.value, None, None
        )


async def free_domain(access: Access, domain: DomainRow | None, claim_id: UUID) -> None:
    """Let go of a name, which is locked, where it is held by this claim."""
    if domain is not None and domain.claim_id == claim_id:
        await access.transaction.execute(_FREE, domain.name, domain.epoch)


async def domain_holder(transaction: Transaction, name: str) -> DomainHolder | None:
    """Return who answers for addresses at a domain in canonical form: the most specific of those who hold it.

    For the product's own use: whether somebody does is told to nobody outside.
    """
    row = await transaction.fetchrow("select * from domain_holder($1, $2)", name, names_above(name))
    if row is None:
        return None
    return DomainHolder(row["name"], row["holder_id"], row["epoch"], row["quarantined_until"])
