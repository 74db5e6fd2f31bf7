"""Mail the notices that are due, an organisation at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.mail import queue_mails
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.accounts import KEPT, KEPT_READ, forget_account_notices, mail_account_notices
from wardship.core.notices.addresses import ToldWhere
from wardship.core.notices.mailing import HOUR, DueNotice, MailPlan, Reader
from wardship.tenants.access import Services
from wardship.tenants.notices.sealed import open_details
from wardship.tenants.notices.tell import roles_with
from wardship.tenants.notices.unreached import system_access, tell_not_reached
from wardship.tenants.permissions import Permission

READERS: Final = 200
"""How many readers one transaction takes."""

# A reader's notices that are due are taken together, so that they can be one mail.
_DUE: Final = """
    with reader as (
        select distinct member_id from (
            select member_id from notice
            where organisation_id = $1 and mail_state in ('new', 'waiting') and mail_at <= $2
            order by mail_at limit $3) due
    )
    select n.id, n.member_id, n.kind, n.needs, n.target_id, n.details, n.sealed, n.mail_state, m.account_id,
        m.state as member_state,
        o.name as organisation, o.slug, o.settings ->> 'grievance_contact' as contact, e.address,
        coalesce(a.time_zone, 'UTC') as time_zone, coalesce(p.pace, 'daily') as pace,
        coalesce(p.turned_off, '{}') as turned_off,
        array(select a.role from role_assignment a where a.organisation_id = $1 and a.member_id = m.id) as roles,
        (select count(*) from notice l where l.organisation_id = $1 and l.member_id = m.id
            and l.mail_state = 'mailed' and l.mail_at > $4) as recently
    from reader r
        join notice n on n.organisation_id = $1 and n.member_id = r.member_id
            and n.mail_state in ('new', 'waiting') and n.mail_at <= $2
        join member m on m.organisation_id = $1 and m.id = n.member_id
        join organisation o on o.id = $1
        left join account a on a.id = m.account_id
        left join account_email e on e.account_id = m.account_id and e.is_primary and e.verified_at is not null
        left join notice_preference p on p.account_id = m.account_id
    order by n.member_id, n.created_at, n.id
    for update of n skip locked
"""


async def mail_notices(services: Services) -> None:
    """Queue the mails of the notices that are due: a sweep."""
    await mail_account_notices(services, services.nouns.notice_kinds)
    now = services.clock.now()
    async with services.database.directory() as transaction:
        due = await transaction.fetch("select notices_due as id from notices_due($1)", now)
    for row in due:
        while await _mail_batch(services, row["id"], now):
            pass


async def mail_last_notices(services: Services, organisation_id: UUID) -> None:
    """Queue the mails of all that was told in an organisation of which nothing is left soon: nothing waits any more."""
    while await _mail_batch(services, organisation_id, services.clock.now(), is_last=True):
        pass


async def forget_notices(services: Services) -> None:
    """Remove notices that were kept for long enough: a sweep."""
    await forget_account_notices(services)
    now = services.clock.now()
    limits = (now - KEPT_READ, now - KEPT)
    async with services.database.directory() as transaction:
        due = await transaction.fetch("select notices_kept_enough as id from notices_kept_enough($1, $2)", *limits)
    for row in due:
        async with services.database.tenant(row["id"]) as transaction:
            await transaction.execute(
                "delete from notice where organisation_id = $1 and (read_at < $2 or created_at < $3)",
                row["id"],
                *limits,
            )


async def _mail_batch(services: Services, organisation_id: UUID, now: datetime, *, is_last: bool = False) -> bool:
    """Decide on the notices of some readers; return whether there were any."""
    async with services.database.tenant(organisation_id, directory=True) as transaction:
        rows = await transaction.fetch(_DUE, organisation_id, now + KEPT if is_last else now, READERS, now - HOUR)
        plan = MailPlan(services, now, "notice", is_last)
        for _, theirs in groupby(rows, itemgetter("member_id")):
            of_one = list(theirs)
            notices = [_notice(row, services, organisation_id) for row in of_one]
            plan.add(_reader(of_one[0], organisation_id), notices)
        await queue_mails(transaction, services.keys, plan.mails, at=now)
        access = system_access(services, transaction, organisation_id)
        for row in rows:
            if row["id"] in plan.unreachable:
                await tell_not_reached(access, row, is_missing=True)
        for decided in plan.decided():
            await transaction.execute(
                "update notice n set mail_state = $2, mail_at = d.at, mail_id = d.mail"
                " from unnest($3::uuid[], $4::timestamptz[], $5::uuid[]) as d (id, at, mail)"
                " where n.organisation_id = $1 and n.id = d.id",
                organisation_id,
                *decided,
            )
        await transaction.execute(
            "delete from notice where organisation_id = $1 and id = any($2::uuid[])", organisation_id, plan.over
        )
    return bool(rows)


def _reader(row: Mapping[str, Any], organisation_id: UUID) -> Reader:
    return Reader(
        row["account_id"],
        row["address"],
        row["time_zone"],
        row["pace"],
        row["turned_off"],
        row["recently"],
        organisation_id,
        row["organisation"],
        row["slug"],
    )


def _notice(row: Mapping[str, Any], services: Services, organisation_id: UUID) -> DueNotice:
    kind = services.nouns.notice_kinds.get(row["kind"])
    if row["sealed"] is None:
        details = msgspec.json.decode(row["details"])
    else:
        details = open_details(services.keys, organisation_id, row["id"], row["member_id"], row["sealed"])
    details = {"grievance_contact": row["contact"] or "", **details}
    told = ToldWhere(row["slug"], row["target_id"], not row["needs"])
    return DueNotice(row["id"], kind, details, row["mail_state"] == "new", _may_see(row, kind), told)


def _may_see(row: Mapping[str, Any], kind: NoticeKind | None) -> bool:
    """Return whether a reader still has the permission and the membership that a notice needs."""
    needed, is_member = row["needs"], row["member_state"] == "active"
    if needed:
        return is_member and not set(row["roles"]).isdisjoint(roles_with(Permission(needed)))
    return is_member or kind is None or not kind.is_for_members
