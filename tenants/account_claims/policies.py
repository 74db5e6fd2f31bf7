"""What an organisation wants of accounts at a domain that it holds: read, changed, and asked for one address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.accounts.address import EmailAddress
from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.account_claims.records import POLICY_COLUMNS, Enrolment, PolicyRecord
from wardship.tenants.domains.read import claim_by_id, find_claim
from wardship.tenants.domains.records import ClaimRecord, ClaimScope, ClaimState
from wardship.tenants.organisations.states import require_active
from wardship.tenants.permissions import Permission

_SET: Final = (
    "insert into domain_policy (organisation_id, id, created_at, domain_id, enrolment, is_for_subtree, changed_at)"
    " values ($1, $2, $3, $4, $5, $6, $3) on conflict (organisation_id, domain_id) do update set"
    " enrolment = excluded.enrolment, is_for_subtree = excluded.is_for_subtree, changed_at = excluded.changed_at"
    " returning "
)
_CHANGE: Final = _SET + POLICY_COLUMNS
_SELECT: Final = "select "
_FROM: Final = " from domain_policy where organisation_id = $1 and domain_id = any($2::uuid[])"
_OF_DOMAINS: Final = _SELECT + POLICY_COLUMNS + _FROM


class DomainNotHeldError(ConflictError):
    """The organisation does not hold the domain at this moment, or has to prove it again first: see its state."""

    code = "DOMAIN_NOT_HELD"


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What the organisation that answers for an address wants of its account.

    Attributes:
        domain_id: its claim of the domain.
        name: the domain by which it answers.
        epoch: how often that has had a new holder.
        epoch_since: from when on a mailbox has to be proven; None where every proof counts.
        is_proven: whether it may act on it now: the domain is proven, in no grace period, and the organisation active.
        enrolment: what it wants.
    """

    organisation_id: UUID
    domain_id: UUID
    name: str
    epoch: int
    epoch_since: datetime | None
    is_proven: bool
    enrolment: Enrolment

    @property
    def takes_who_is_new(self) -> bool:
        """Whether an account that is made by proving this address becomes a member at once."""
        return self.is_proven and self.enrolment in {Enrolment.JOIN_NEW, Enrolment.CLAIM_EXISTING}


async def policy_for_address(transaction: Transaction, address: EmailAddress) -> AddressPolicy | None:
    """Return which organisation's policy applies to an address that was just proven; None where there is none.

    For the product's own use, in a transaction of any scope: it is told to nobody outside who holds a domain. What
    follows by the policy is done by ``enrolment``, whichever way the address was proven.
    """
    row = await transaction.fetchrow("select * from policy_for_address($1)", address)
    if row is None:
        return None
    return AddressPolicy(**{**row, "enrolment": Enrolment(row["enrolment"])})


async def set_policy(
    access: Access, domain_id: UUID, enrolment: Enrolment, *, is_for_subtree: bool = False
) -> PolicyRecord:
    """Say what the organisation wants of accounts at a domain; who was asked before has the choices still.

    Args:
        access: the caller.
        domain_id: the organisation's claim, which is proven.
        enrolment: what it wants.
        is_for_subtree: of accounts at the names below too; only where these were proven.

    Raises:
        NotFoundError: no such domain, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        DomainNotHeldError: it is not proven now; nothing but ``off`` can be wanted then.
        InvalidInputError: the names below were not proven.
    """
    domain = await managed_domain(access, domain_id)
    if enrolment is not Enrolment.OFF:
        await require_active(access)
        require_held(domain)
    if is_for_subtree and domain.scope is not ClaimScope.SUBTREE:
        raise InvalidInputError("Only the name itself was proven: claim it with all below.", path=("is_for_subtree",))
    policy = await access.fetchrow_as(
        PolicyRecord, _CHANGE, uuid7(), access.now, domain_id, enrolment.value, is_for_subtree
    )
    await access.audit(
        "domain.policy_set", "domain_claim", domain_id, enrolment=enrolment.value, is_for_subtree=is_for_subtree
    )
    if policy is None:
        raise NotFoundError("No such domain here: use the id of one that you can see.", path=("domain_id",))
    return policy


async def policies_of(access: Access, domain_ids: Collection[UUID]) -> dict[UUID, PolicyRecord]:
    """Return the policy of each domain that has one; the caller has checked who may see the domains."""
    rows = await access.fetch_as(PolicyRecord, _OF_DOMAINS, list(domain_ids))
    return {row.domain_id: row for row in rows}


async def managed_domain(access: Access, domain_id: UUID) -> ClaimRecord:
    """Return a domain that the caller manages, locked against a change of its state.

    Raises:
        NotFoundError: no such domain, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
    """
    await claim_by_id(access, domain_id)
    access.require(Permission.DOMAINS_MANAGE)
    access.require_step_up()
    domain = await find_claim(access, domain_id, lock="for share")
    if domain is None:
        raise NotFoundError("No such domain here: use the id of one that you can see.", path=("domain_id",))
    return domain


def require_held(domain: ClaimRecord) -> None:
    """Refuse what needs a domain that is proven, and in no grace period.

    Raises:
        DomainNotHeldError: it is not.
    """
    if domain.state is not ClaimState.VERIFIED:
        raise DomainNotHeldError(
            f"This domain is {domain.state.value}: it has to be proven first.", path=("domain_id",)
        )
