"""What people were told, whether it has been mailed or not, and mail that waits, read as a worker reads it."""

from __future__ import annotations

import re
from typing import NamedTuple

import asyncpg
import msgspec

from wardship.core.mail.queue import open_text
from wardship.core.notices.wording import wording
from wardship.tenants.access import Services
from wardship.tenants.notices.mailing import mail_notices
from wardship.tenants.notices.sealed import open_details

_NOTICES = """
    select n.id, n.created_at, n.organisation_id, n.member_id, n.kind, n.details, n.sealed, e.address,
        o.name as organisation, o.settings ->> 'grievance_contact' as contact
    from notice n join member m on m.organisation_id = n.organisation_id and m.id = n.member_id
        join organisation o on o.id = n.organisation_id
        left join account_email e on e.account_id = m.account_id and e.is_primary
    union all
    select n.id, n.created_at, null, null, n.kind, n.details, null, e.address, coalesce(o.name, ''), ''
    from account_notice n left join organisation o on o.id = n.organisation_id
        left join account_email e on e.account_id = n.account_id and e.is_primary
    order by created_at, id
"""


class Told(NamedTuple):
    """What somebody was told, by notice or by mail."""

    recipient: str
    subject: str
    body: str


async def waiting_mails(services: Services) -> list[Told]:
    """Return the mails that wait, those of notices that are due among them, the oldest first."""
    await mail_notices(services)
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select id, recipient, content from outgoing_mail order by created_at, id")
    return [_opened(services, row) for row in rows]


async def told(services: Services, owner: asyncpg.Connection) -> list[Told]:
    """Return what people were told, the oldest first; letters that only the owner of an address may see last."""
    found = [_read(services, row) for row in await owner.fetch(_NOTICES)]
    letters = await owner.fetch(
        "select id, recipient, content from outgoing_mail where about not in ('notice', 'account_notice')"
        " order by created_at, id"
    )
    return [*found, *(_opened(services, row) for row in letters)]


async def subjects(services: Services, owner: asyncpg.Connection) -> list[str]:
    """Return the subjects of what people were told, the oldest first."""
    return [item.subject for item in await told(services, owner)]


async def forget_told(owner: asyncpg.Connection) -> None:
    """Remove all that was told, so that what follows stands alone."""
    await owner.execute("delete from outgoing_mail; delete from notice; delete from account_notice")


def _opened(services: Services, row: asyncpg.Record) -> Told:
    text = open_text(services.keys, row["id"], row["recipient"], row["content"])
    return Told(row["recipient"], text.subject, text.body)


def _read(services: Services, row: asyncpg.Record) -> Told:
    if row["sealed"] is None:
        details = msgspec.json.decode(row["details"])
    else:
        key = (row["organisation_id"], row["id"], row["member_id"])
        details = open_details(services.keys, *key, row["sealed"])
    kind = services.nouns.notice_kinds[row["kind"]]
    text = wording(
        kind,
        services.settings,
        {"organisation": row["organisation"], "grievance_contact": row["contact"] or "", **details},
    )
    return Told(row["address"], text.subject, text.body)


async def invitation_token(services: Services) -> str:
    """Return the token of the newest letter of invitation."""
    bodies = [mail.body for mail in await waiting_mails(services) if "/invitations/" in mail.body]
    return re.findall(r"/invitations/([\w-]+)", bodies[-1])[-1]
