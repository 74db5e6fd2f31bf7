"""What members are told about their membership."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member
from tests.tenants.telling.postman import tells
from wardship.core.actor import Role
from wardship.tenants.members.membership import deactivate_member, reactivate_member, remove_member, restore_member
from wardship.tenants.members.notices import MEMBERSHIP_BACK

pytestmark = pytest.mark.anyio


@tells(MEMBERSHIP_BACK)
@pytest.mark.parametrize(("end", "back"), [(deactivate_member, reactivate_member), (remove_member, restore_member)])
async def test_member_is_told_that_the_membership_is_back(services, database, acme, admin, ada, postman, end, back):
    await make_member(database, acme, Role.ORG_OWNER, name="Bystander")
    async with access_for(services, admin) as access:
        await end(access, ada.member_id)
        await back(access, ada.member_id)
    (mail,) = await postman.mails(MEMBERSHIP_BACK)
    assert (mail.recipient, mail.subject) == (ada.email, "You are a member of Acme again")
