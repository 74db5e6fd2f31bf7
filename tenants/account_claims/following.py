"""What follows for claimed accounts when something else changes: the domain they lie at, or a membership."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.tell import TELL_ACCOUNTS, AccountTelling
from wardship.tenants.access import Access
from wardship.tenants.account_claims.groupings import end_grouping, lock_grouping
from wardship.tenants.account_claims.notices import (
    ACCOUNT_CLAIM_OVER,
    ACCOUNT_CLAIM_REMINDER,
    MEMBER_CONCEALED,
    MEMBER_SHOWN_AGAIN,
)
from wardship.tenants.account_claims.records import (
    ASKED,
    DECIDED_WITHIN,
    REMINDED_BEFORE,
    AccountClaimState,
    GroupingState,
)
from wardship.tenants.account_claims.write import move_claims_of_domain, tell_members_of_domain
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import ClaimState
from wardship.tenants.domains.telling import in_words
from wardship.tenants.members.boundary import conceal_members_of_domain, reveal_members_of_domain, set_boundary
from wardship.tenants.members.fields import ENDED, ERASED
from wardship.tenants.organisations.read import own_organisation

_GONE: Final = frozenset({ClaimState.SUSPENDED, ClaimState.RELEASED, ClaimState.TRANSFERRED})
_RUNNING: Final = (
    "select id from domain_grouping where organisation_id = $1 and domain_id = $2 and state in ('previewed', 'running')"
)
_RELEASE_MEMBERS: Final = (
    "update account_claim set state = 'released', state_since = $3,"
    " account_id = case when $4 then null else account_id end"
    " where organisation_id = $1 and member_id = any($2::uuid[]) and (state = 'managed' or $4)"
)
# Who has become a member by another way, an invitation for instance, has nothing to choose any more.
_SETTLE: Final = (
    "update account_claim c set state = 'managed', state_since = $3, managed_at = $3, member_id = m.id,"
    " decide_until = null, remind_at = null from member m"
    " where c.organisation_id = $1 and m.organisation_id = $1 and m.id = any($2::uuid[]) and m.state = 'active'"
    " and m.account_id = c.account_id and c.state in ('notified', 'undecided') returning c.id, m.id as member_id"
)
_RELEASE_MANAGED: Final = (
    "update account_claim set state = 'released', state_since = $3"
    " where organisation_id = $1 and domain_id = $2 and state = 'managed'"
)
_DUE: Final = """
    with due as materialized (
        select id, account_id from account_claim where organisation_id = $1 and domain_id = $8 and state = 'notified'
            and decide_until < $9 for no key update
    ),
"""
_LATER: Final = """
    update account_claim c set decide_until = $9, remind_at = $10 from due, told
    where c.organisation_id = $1 and c.id = due.id
"""
_MORE_TIME: Final = _DUE + TELL_ACCOUNTS + _LATER

_DOMAINS: Final = "select id from domain_claim where organisation_id = $1 order by id"
_POLICIES_OFF: Final = (
    "update domain_policy set enrolment = 'off', changed_at = $2 where organisation_id = $1 and enrolment <> 'off'"
)


async def follow_domain(access: Access, domain_id: UUID, state: str) -> None:
    """Follow a domain into another state.

    What is asked of accounts ends with the hold, and has whole days after a grace period.

    Args:
        access: of the organisation whose domain it is.
        domain_id: its claim of the domain.
        state: that the claim has now.
    """
    if state in _GONE:
        await _end_all(access, domain_id, is_for_good=state != ClaimState.SUSPENDED)
    elif state == ClaimState.VERIFIED:
        await _give_more_time(access, domain_id)
        if await reveal_members_of_domain(access, domain_id):
            await tell_members_of_domain(access, domain_id, await _told(access, MEMBER_SHOWN_AGAIN, domain_id))


async def settle_with_membership(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """End the question to people who became members by another way: an invitation, or the organisation's provider.

    Joining is the person's own act; who is restored or let in again by others has answered nothing. Administrators see
    what is done from then on, as of who answers by the question itself.
    """
    if not columns >= {"state", "display_name"}:
        return
    for row in await access.fetch(_SETTLE, list(member_ids), access.now):  # who joins comes alone
        await set_boundary(access, row["member_id"], access.now)
        await access.audit("account_claim.managed", "account_claim", row["id"], before="asked")


async def release_with_membership(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Release the claims that led to memberships that have ended; they are not asked for again."""
    if ENDED in columns:
        await access.execute(_RELEASE_MEMBERS, list(member_ids), access.now, ERASED in columns)


async def stop_grouping(access: Access) -> None:
    """Ask nobody any more for the organisation, because it becomes part of another; managed accounts stay so.

    Who has not decided is told that it is over. Policies are off until those of the other set them.
    """
    for row in await access.fetch(_DOMAINS):
        await _end_all(access, row["id"], is_for_good=False)
    await access.execute(_POLICIES_OFF, access.now)


async def _end_all(access: Access, domain_id: UUID, *, is_for_good: bool) -> None:
    for row in await access.fetch(_RUNNING, domain_id):
        grouping = await lock_grouping(access, row["id"])
        if grouping is not None:
            await end_grouping(access, grouping, GroupingState.CANCELLED)
    told = await _told(access, ACCOUNT_CLAIM_OVER, domain_id)
    await move_claims_of_domain(access, domain_id, ASKED, AccountClaimState.RELEASED, told)
    if await conceal_members_of_domain(access, domain_id):
        await tell_members_of_domain(access, domain_id, await _told(access, MEMBER_CONCEALED, domain_id))
    if is_for_good:
        await access.execute(_RELEASE_MANAGED, domain_id, access.now)


async def _told(access: Access, kind: NoticeKind, domain_id: UUID) -> AccountTelling:
    values: dict[str, object] = {"organisation": (await own_organisation(access)).name}
    return AccountTelling(kind, ("domain_claim", domain_id), f"{access.now:%Y-%m-%d %H:%M}", values)


async def _give_more_time(access: Access, domain_id: UUID) -> None:
    """Let nobody's days run out because the organisation had to prove its domain: tell who gets more of them."""
    domain = await find_claim(access, domain_id)
    if domain is None:
        return
    until = access.now + DECIDED_WITHIN / 2
    values: dict[str, object] = {
        "organisation": (await own_organisation(access)).name,
        "domain": in_words(domain.name),
        "until": until,
    }
    told = AccountTelling(ACCOUNT_CLAIM_REMINDER, ("domain_claim", domain_id), f"later {until:%Y-%m-%d %H:%M}", values)
    remind_at = until - REMINDED_BEFORE[1]
    await access.execute(_MORE_TIME, *told.arguments(access.services), domain_id, until, remind_at)
