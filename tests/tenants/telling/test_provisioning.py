"""What people are told of provisioning."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, system_access
from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.tenants.provisioning.notices import PROVISIONING_TOKEN_MADE
from wardship.tenants.provisioning.tokens import create_provisioning_token

pytestmark = pytest.mark.anyio


@tells(PROVISIONING_TOKEN_MADE)
async def test_owner_and_administrators_are_told_of_a_provisioning_token_but_who_made_it(firm: Firm, postman: Postman):
    await make_member(firm.services.database, firm.organisation, Role.AUDITOR)
    async with access_for(firm.services, firm.admin) as access:
        issued = await create_provisioning_token(access, 'Entra "main" & Söhne')
    (mail,) = await postman.mails(PROVISIONING_TOKEN_MADE)
    assert mail.recipient == firm.owner.email
    assert 'Entra "main" & Söhne' in mail.body
    assert issued.text not in mail.body


async def test_all_who_administer_are_told_where_the_operator_made_it(firm: Firm, postman: Postman):
    async with system_access(firm.services, firm.organisation) as access:
        await create_provisioning_token(access, "command line")
    mails = await postman.mails(PROVISIONING_TOKEN_MADE)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.owner.email, firm.admin.email])
