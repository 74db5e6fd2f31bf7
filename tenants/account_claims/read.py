"""Find claims of accounts: for the organisation that makes them, and for the person whose account it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.account_claims.records import CLAIM_COLUMNS, AccountClaimRecord, AccountClaimState
from wardship.tenants.accounts.own import require_own_account
from wardship.tenants.domains.names import shown_domain
from wardship.tenants.domains.records import ClaimScope
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_of_states_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_SELECT: Final = "select "
_FROM: Final = " from account_claim"
_FIND: Final = _SELECT + CLAIM_COLUMNS + _FROM
_BY_ID: Final = " where organisation_id = $1 and id = $2 "
_OWN: Final = "select * from account_claims_of($1)"


class OwnClaimRecord(Row):
    """A claim of the caller's own account, as the caller sees it.

    Attributes:
        organisation_name: who claims it.
        domain_name: the domain that it holds, in canonical form.
        domain_scope: whether with all names below.
        decide_until: until when the caller may choose in peace.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    organisation_id: UUID = column("organisation_id")
    organisation_name: str = column("organisation_name")
    domain_name: str = column("domain_name")
    domain_scope: ClaimScope = column("domain_scope", ClaimScope)
    state: AccountClaimState = column("state", AccountClaimState)
    state_since: datetime = column("state_since")
    decide_until: datetime | None = column("decide_until")
    member_id: UUID | None = column("member_id")
    managed_at: datetime | None = column("managed_at")
    earlier_shared_at: datetime | None = column("earlier_shared_at")

    @property
    def shown_domain(self) -> str:
        """Return the domain as people of its script read it."""
        return shown_domain(self.domain_name)

    def covers(self, address: str) -> bool:
        """Return whether an address is at the claimed domain, or at a name below one that is claimed with all below."""
        at, domain = address.rpartition("@")[2], self.shown_domain
        return at == domain or (self.domain_scope is ClaimScope.SUBTREE and at.endswith(f".{domain}"))


async def list_account_claims(
    access: Access, page: PageRequest, states: Collection[AccountClaimState] = ()
) -> Page[AccountClaimRecord]:
    """Return a page of the organisation's claims, by the time they were made.

    Args:
        access: the caller.
        page: what was asked for.
        states: which ones; all where none is named.

    Raises:
        PermissionDeniedError: the caller may not see them.
    """
    access.require(Permission.DOMAINS_READ)
    access.require(Permission.MEMBERS_READ_DETAILS)
    parameters = Parameters(access.organisation_id)
    wanted = sorted(states or AccountClaimState)
    sql = page_of_states_sql(_FIND, page, parameters, ["organisation_id = $1"], wanted)
    return page_of_rows(await access.transaction.fetch_as(AccountClaimRecord, sql, *parameters.values), page)


async def account_claim_by_id(access: Access, claim_id: UUID) -> AccountClaimRecord:
    """Return one claim of the organisation's.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    may_see = access.may(Permission.DOMAINS_READ) and access.may(Permission.MEMBERS_READ_DETAILS)
    found = await find_account_claim(access, claim_id) if may_see else None
    if found is None:
        raise account_claim_not_found()
    return found


async def find_account_claim(access: Access, claim_id: UUID, *, lock: str = "") -> AccountClaimRecord | None:
    """Return a claim, locked by such as ``for update``; for acts that have checked who may."""
    return await access.fetchrow_as(AccountClaimRecord, _FIND + _BY_ID + lock, claim_id)


async def claimed_addresses(access: Access, claim_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the address at the claimed domain, of each claim whose account has one still."""
    rows = await access.transaction.fetch("select id, address from claimed_addresses($1)", list(claim_ids))
    return {row["id"]: row["address"] for row in rows}


async def own_claims(access: Access) -> list[OwnClaimRecord]:
    """Return what organisations claim of the caller's account, the latest first.

    Raises:
        SessionRequiredError: the caller showed a token.
    """
    return await access.transaction.fetch_as(OwnClaimRecord, _OWN, require_own_account(access))


async def own_claim(access: Access, claim_id: UUID) -> OwnClaimRecord:
    """Return one claim of the caller's own account.

    Raises:
        SessionRequiredError: the caller showed a token.
        NotFoundError: absent, or of another account.
    """
    found = next((claim for claim in await own_claims(access) if claim.id == claim_id), None)
    if found is None:
        raise account_claim_not_found()
    return found


def account_claim_not_found() -> NotFoundError:
    """Return the one answer for a claim that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such claim of an account: use the id of one that you can see.", path=("claim_id",))
