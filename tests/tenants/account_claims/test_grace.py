"""While the domain has to be proven again, nobody's days to choose run out, and nothing is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tenants.account_claims.people import Grouper, make_account
from tests.tenants.domains.claimant import NAME
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.records import DECIDED_WITHIN, AccountClaimState, Enrolment
from wardship.tenants.domains.records import ClaimState

pytestmark = pytest.mark.anyio


async def test_nobodys_days_run_out_while_the_domain_is_in_doubt(harbour, services, owner):
    issued = await harbour.held()
    grouper = Grouper(harbour, issued.claim.id)
    await grouper.policy(Enrolment.CLAIM_EXISTING)
    ann = await make_account(services, f"ann@{NAME}")
    await grouper.group()
    until = (await ann.claim()).decide_until
    await harbour.lose(issued)
    services.clock.advance(until - services.clock.now())
    told = await owner.fetchval("select count(*) from account_notice")
    await act_on_account_claims(services)
    assert await harbour.state(issued.claim.id) is ClaimState.GRACE
    assert (await ann.claim()).state is AccountClaimState.NOTIFIED
    assert await owner.fetchval("select count(*) from account_notice") == told
    harbour.place(await harbour.renew(issued.claim.id))
    await harbour.verify(issued.claim.id)
    later = services.clock.now() + DECIDED_WITHIN / 2
    assert (await ann.claim()).decide_until == later
    services.clock.advance(DECIDED_WITHIN / 2 - timedelta(seconds=1))
    await act_on_account_claims(services)
    assert (await ann.claim()).state is AccountClaimState.NOTIFIED
    services.clock.advance(timedelta(seconds=1))
    await act_on_account_claims(services)
    assert (await ann.claim()).state is AccountClaimState.UNDECIDED
