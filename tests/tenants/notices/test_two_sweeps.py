"""Several workers mail at the same moment, and each notice is in one mail."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import make_member, system_access
from tests.mails import waiting_mails
from wardship.core.identifiers import uuid7
from wardship.tenants.notices import tell
from wardship.tenants.notices.mailing import mail_notices
from wardship.tenants.requests.notices import EXTENDED

pytestmark = pytest.mark.anyio


async def test_workers_at_the_same_moment_mail_each_notice_once(services, database, firm, owner):
    people = [await make_member(database, firm.organisation, email=f"reader{n}@example.org") for n in range(20)]
    async with system_access(services, firm.organisation) as access:
        for number in range(5):
            reason, ids = f"Reason number {number}.", [person.member_id for person in people]
            await tell(access, EXTENDED, ids, once=str(uuid7()), due=access.now, reason=reason)
    await asyncio.gather(*(mail_notices(services) for _ in range(4)))
    bodies = [mail.body for mail in await waiting_mails(services) if mail.recipient.startswith("reader")]
    for number in range(5):
        assert sum(body.count(f"Reason number {number}.") for body in bodies) == len(people)
    assert await owner.fetchval("select count(*) from notice where mail_state <> 'mailed'") == 0
