"""The right to have a wrong address corrected: to one that the person has proven, here and at every recipient."""

from __future__ import annotations

import pytest

from tests.connecting import Connections
from tests.tenants.members.test_contact_address import NEW, prove
from wardship.plugins.api import Verb
from wardship.tenants.members.contact_address import AddressNotProvenError
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request

pytestmark = pytest.mark.anyio

CORRECTION = RightKind.CORRECTION


async def _ask(firm, **fields):
    async with firm.access(firm.member) as access:
        return await submit_request(access, [RequestedRight(CORRECTION, {"fields": fields})])


async def _member(owner, firm):
    return await owner.fetchrow("select * from member where id = $1", firm.member.member_id)


async def test_proven_address_is_corrected_and_recipients_are_told(firm, owner, recording):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    await prove(owner, firm.member)
    submitted = await _ask(firm, email="ADA@New.Example.org", last_name="King")
    await firm.approve(submitted, CORRECTION)
    await firm.run()
    await connections.work()
    await firm.run()
    row = await _member(owner, firm)
    assert (row["email"], row["last_name"]) == (NEW, "King")
    assert (await firm.right(submitted, CORRECTION)).state is RightState.FULFILLED
    assert Verb.CORRECT in {each.verb for each in recording.heard}
    assert NEW in str(recording.held), "the recipient has the right one"


async def test_unproven_address_is_refused_with_what_to_do(firm, owner):
    with pytest.raises(AddressNotProvenError, match="open the mailed link") as refused:
        await _ask(firm, email=NEW)
    assert refused.value.path == ("email",)
    assert await owner.fetchval("select count(*) from data_request") == 0


async def test_address_that_left_the_account_meanwhile_is_not_corrected_and_the_outcome_says_so(firm, owner):
    await prove(owner, firm.member)
    before = (await _member(owner, firm))["email"]
    submitted = await _ask(firm, email=NEW, last_name="King")
    await firm.approve(submitted, CORRECTION)
    await owner.execute("delete from account_email where address = $1", NEW)
    await firm.run()
    row = await _member(owner, firm)
    assert (row["email"], row["last_name"]) == (before, "King")
    right = await firm.right(submitted, CORRECTION)
    assert (right.state, right.outcome) == (RightState.PARTIALLY_FULFILLED, "not_corrected")


async def test_correction_changes_no_address_of_the_account(firm, owner):
    await prove(owner, firm.member)
    before = await owner.fetch("select * from account_email order by id")
    submitted = await _ask(firm, email=NEW)
    await firm.approve(submitted, CORRECTION)
    await firm.run()
    assert await owner.fetch("select * from account_email order by id") == before
