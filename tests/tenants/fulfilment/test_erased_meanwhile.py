"""What was begun for a person, and is still under way when the person is erased, hands nothing out any more."""

from __future__ import annotations

from tests.connecting import Connections
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.requests.erasures import waive_cooling_off
from wardship.tenants.requests.states import RightKind, RightState

ACCESS, ERASURE, CORRECTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.CORRECTION


async def _erase(firm, submitted):
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()


async def test_copy_that_waits_for_vendors_is_not_made_of_an_erased_person(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    asked = await firm.submit(ACCESS)
    await firm.approve(asked, ACCESS)
    await firm.run()
    assert await firm.states(asked) == {ACCESS: RightState.AWAITING_VENDORS}

    await _erase(firm, await firm.scheduled())
    await connections.work()
    await firm.run()
    right = await firm.right(asked, ACCESS)
    assert (right.state, right.outcome) == (RightState.PARTIALLY_FULFILLED, "person_erased")
    assert await owner.fetchval("select count(*) from export_file where content is not null") == 0
    assert await owner.fetchval("select count(*) from vendor_export") == 0
    actions = [row["action"] for row in await owner.fetch("select action from audit_entry order by sequence")]
    assert actions.count("export.made") == actions.count("export.destroyed") == 1


async def test_other_rights_of_the_same_request_end_with_the_erasure_and_so_does_the_request(firm):
    submitted = await firm.submit(ERASURE, RightKind.RESTRICTION)
    await firm.approve(submitted, ERASURE)
    await firm.commit(submitted)
    await _erase(firm, submitted)
    assert await firm.states(submitted) == {ERASURE: RightState.FULFILLED, RightKind.RESTRICTION: RightState.WITHDRAWN}
    assert (await firm.locked(submitted)).request.ended_at is not None


async def test_invitation_to_an_erased_person_is_revoked_and_the_audit_says_so(firm, owner):
    async with firm.access(firm.admin) as access:
        invitation = await invite_member(access, "ada.lovelace+news@example.org")
    await _erase(firm, await firm.scheduled())
    assert await owner.fetchval("select revoked_at is not null from invitation where id = $1", invitation.id)
    (entry,) = await owner.fetch("select entry from audit_entry where action = 'invitation.revoked'")
    assert '"by":"erasure"' in entry["entry"]
    assert str(invitation.id) in entry["entry"]
