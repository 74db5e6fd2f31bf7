"""What is told about requests."""

from __future__ import annotations

import pytest

from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from wardship.tenants.requests.notices import DECIDED
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio


@tells(DECIDED)
async def test_person_is_told_what_was_decided(firm: Firm, postman: Postman):
    submitted = await firm.submit(RightKind.ACCESS)
    await firm.refuse(submitted, RightKind.ACCESS)
    (mail,) = await postman.mails(DECIDED)
    assert mail.recipient == firm.member.email
    assert "No." in mail.body
