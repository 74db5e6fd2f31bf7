"""What the person is told about restrictions that end, or stay after all."""

from __future__ import annotations

import asyncpg
import pytest

from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from wardship.tenants.requests.lifting import announce_lift, keep_restriction, lift_my_restriction
from wardship.tenants.requests.notices import RESTRICTION_ENDS, RESTRICTION_STAYS
from wardship.tenants.requests.states import RightKind

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]


@pytest.fixture
async def restriction(firm: Firm, owner: asyncpg.Connection):
    """A restriction that was asked for and granted."""
    submitted = await firm.submit(RightKind.RESTRICTION)
    await firm.approve(submitted, RightKind.RESTRICTION)
    await firm.run()
    return await owner.fetchval("select id from restriction where lifted_at is null")


@tells(RESTRICTION_ENDS)
@tells(RESTRICTION_STAYS)
async def test_person_is_told_that_a_restriction_ends_and_that_it_stays(firm: Firm, postman: Postman, restriction):
    async with firm.access(firm.officer) as access:
        await announce_lift(access, restriction, "The accuracy was checked.")
    (ends,) = await postman.mails(RESTRICTION_ENDS)
    assert (ends.recipient, ends.subject) == (firm.member.email, "The restriction of your data ends on 2026-11-24")
    assert "The accuracy was checked." in ends.body
    async with firm.access(firm.admin) as access:
        await keep_restriction(access, restriction)
    assert await postman.readers(RESTRICTION_STAYS) == [firm.member.email]


async def test_person_who_lifts_it_is_not_told(firm: Firm, postman: Postman, restriction):
    async with firm.access(firm.member) as access:
        await lift_my_restriction(access, restriction)
    assert await postman.mails(RESTRICTION_ENDS) == []
