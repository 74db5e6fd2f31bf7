"""Mail what accounts and staff were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.database.engine import Transaction
from wardship.core.mail import queue_mails
from wardship.core.mail.refusals import take_refusals
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.addresses import ToldWhere
from wardship.core.notices.kinds import MAIL_REFUSED
from wardship.core.notices.mailing import HOUR, DueNotice, MailPlan, Reader
from wardship.core.notices.tell import tell_account
from wardship.core.nouns import Deployment

READERS: Final = 200
"""How many readers one transaction takes."""
KEPT_READ: Final = timedelta(days=365)
"""How long a notice is kept after it was read."""
KEPT: Final = timedelta(days=730)
"""How long a notice is kept at most."""

_DUE: Final = """
    with reader as (
        select distinct account_id from (
            select account_id from account_notice
            where mail_state in ('new', 'waiting') and mail_at <= $1 order by mail_at limit $2) due
    )
    select n.id, n.account_id, n.kind, n.target_id, n.details, n.mail_state, e.address, a.time_zone,
        coalesce(p.pace, 'daily') as pace,
        coalesce(p.turned_off, '{}') as turned_off,
        n.needs = '' or exists (select from staff s where s.account_id = n.account_id and s.role = n.needs)
            as is_visible,
        coalesce(o.name, '') as organisation, coalesce(o.slug, '') as slug,
        (select count(*) from account_notice l where l.account_id = n.account_id and l.mail_state = 'mailed'
            and l.mail_at > $3) as recently
    from reader r
        join account_notice n on n.account_id = r.account_id and n.mail_state in ('new', 'waiting') and n.mail_at <= $1
        join account a on a.id = n.account_id
        left join organisation o on o.id = n.organisation_id
        left join account_email e on e.account_id = n.account_id and e.is_primary and e.verified_at is not null
        left join notice_preference p on p.account_id = n.account_id
    order by n.account_id, n.created_at, n.id
    for update of n skip locked
"""


async def mail_account_notices(deployment: Deployment, kinds: Mapping[str, NoticeKind]) -> None:
    """Queue the mails of account notices that are due."""
    now = deployment.clock.now()
    while await _mail_batch(deployment, kinds, now):
        pass


async def follow_account_refusals(deployment: Deployment) -> None:
    """Tell accounts in the product that mail to them was given up."""
    day = f"{deployment.clock.now():%Y-%m-%d}"
    async with deployment.database.directory() as transaction:
        refused = [mail for about in ("account_notice", "") for mail in await take_refusals(transaction, about, None)]
        await transaction.execute(
            "update account_notice set mail_state = 'refused' where mail_id = any($1::uuid[])",
            [mail.id for mail in refused],
        )
        for mail in refused:
            if mail.account_id is not None:
                await tell_account(transaction, deployment, mail.account_id, MAIL_REFUSED, once=day, reason=mail.reason)


async def mark_account_notices_read(
    transaction: Transaction, account_id: UUID, ids: list[UUID] | None, *, at: datetime
) -> None:
    """Mark what an account was told as read, all of it where nothing is named; in a transaction of any scope."""
    await transaction.execute("select read_account_notices($1, $2, $3)", account_id, ids, at)


async def forget_account_notices(deployment: Deployment) -> None:
    """Remove account notices that were kept for long enough."""
    now = deployment.clock.now()
    async with deployment.database.directory() as transaction:
        await transaction.execute(
            "delete from account_notice where read_at < $1 or created_at < $2", now - KEPT_READ, now - KEPT
        )


async def _mail_batch(deployment: Deployment, kinds: Mapping[str, NoticeKind], now: datetime) -> bool:
    async with deployment.database.directory() as transaction:
        rows = await transaction.fetch(_DUE, now, READERS, now - HOUR)
        plan = MailPlan(deployment, now, "account_notice")
        for _, theirs in groupby(rows, itemgetter("account_id")):
            of_one = list(theirs)
            plan.add(_reader(of_one[0]), [_notice(row, kinds) for row in of_one])
        await queue_mails(transaction, deployment.keys, plan.mails, at=now)
        for decided in plan.decided():
            await transaction.execute(
                "update account_notice n set mail_state = $1, mail_at = d.at, mail_id = d.mail"
                " from unnest($2::uuid[], $3::timestamptz[], $4::uuid[]) as d (id, at, mail) where n.id = d.id",
                *decided,
            )
    return bool(rows)


def _reader(row: Mapping[str, Any]) -> Reader:
    return Reader(row["account_id"], row["address"], row["time_zone"], row["pace"], row["turned_off"], row["recently"])


def _notice(row: Mapping[str, Any], kinds: Mapping[str, NoticeKind]) -> DueNotice:
    details = {"organisation": row["organisation"], **msgspec.json.decode(row["details"])}
    told = ToldWhere(row["slug"], row["target_id"])
    return DueNotice(row["id"], kinds.get(row["kind"]), details, row["mail_state"] == "new", row["is_visible"], told)
