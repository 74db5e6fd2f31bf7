"""Whoever gets a domain after another waits for fourteen days; who is new there does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tenants.account_claims.people import Grouper, insert_accounts, make_account
from tests.tenants.domains.claimant import NAME
from wardship.tenants.account_claims.enrolment import enrol_proven
from wardship.tenants.account_claims.groupings import GroupingRefusedError
from wardship.tenants.account_claims.records import Enrolment
from wardship.tenants.domains.contests import ANSWERED_WITHIN
from wardship.tenants.domains.records import ClaimState

pytestmark = pytest.mark.anyio

FOURTEEN_DAYS = timedelta(days=14)


@pytest.fixture
async def buyer(harbour, rival) -> Grouper:
    """Who has just got the domain of an organisation that was silent."""
    await harbour.held()
    issued = await rival.prove()
    await rival.pass_time(ANSWERED_WITHIN)
    assert await rival.state(issued.claim.id) is ClaimState.VERIFIED
    made = Grouper(rival, issued.claim.id)
    await made.policy(Enrolment.CLAIM_EXISTING)
    return made


async def _asked(owner) -> int:
    return await owner.fetchval("select count(*) from account_claim")


async def test_nobody_is_grouped_for_fourteen_days(buyer, services, owner):
    await insert_accounts(owner, 3)
    await owner.execute("update account_email set proven_at = 'infinity'")
    services.clock.advance(FOURTEEN_DAYS - timedelta(seconds=1))
    with pytest.raises(GroupingRefusedError, match="quarantine until 2026-12-12"):
        await buyer.preview()
    assert await owner.fetchval("select count(*) from domain_grouping") == 0
    services.clock.advance(timedelta(seconds=1))
    assert (await buyer.group()).matching == 3
    assert await _asked(owner) == 3


async def test_who_is_new_joins_in_quarantine(buyer, services, owner):
    ann = await make_account(services, f"new@{NAME}", at=services.clock.now())
    await enrol_proven(services)
    assert [claim.state.value for claim in await ann.claims()] == ["managed"]
    members = "select count(*) from member where organisation_id = $1 and account_id = $2"
    assert await owner.fetchval(members, buyer.who.organisation.id, ann.account_id) == 1
