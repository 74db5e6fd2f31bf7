"""What a person was told: in this organisation, and as the owner of an account, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import jinja2
import msgspec

from wardship.core.actor import CredentialKind
from wardship.core.database.changes import Topic, Watch
from wardship.core.mail import MailText
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.accounts import mark_account_notices_read
from wardship.core.notices.addresses import ToldWhere, notice_url
from wardship.core.notices.wording import wording
from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, newest_sql, page_of
from wardship.tenants.parameters import Parameters

MOST_COUNTED: Final = 100
"""Unread notices are counted to here."""
ACCOUNTS: Final = UUID(int=0)
"""Stands for the organisation in the topic of what is told to an account."""

_ZONE: Final = "select found.*, (select zone from notice_preference_of($4)) as zone from (("
_ITS_OWN: Final = (
    "select n.id, n.created_at, n.kind, n.target_kind, n.target_id, n.details, n.read_at, o.name as organisation,"
    " o.slug, o.settings ->> 'grievance_contact' as contact, n.needs = '' as is_by_name"
    " from notice n join organisation o on o.id = n.organisation_id where n.organisation_id = $1"
    " and n.sealed is null and (n.needs = '' or n.needs = any($3))"
)
_OF_MEMBER: Final = " and n.member_id = $2"
_OF_ID: Final = " and n.id = w.id and n.member_id is not distinct from $2"
"""An equality would let an index of all notices of a member be read through for one."""
_UNREAD: Final = " and n.read_at is null"
_OF_ACCOUNT: Final = (
    ") union all select *, '', false from account_notices($5, $6, $7, $8, $9, $10)) found"
    " order by created_at desc, id desc"
)
_BY_ID: Final = ") union all select *, '', false from account_notices_by_id($5, $6, $7)) found"
_COUNT: Final = (
    "select least($4::int, (select count(*) from (select from notice n where n.organisation_id = $1"
    " and n.member_id = $2 and n.sealed is null and n.read_at is null and (n.needs = '' or n.needs = any($3)) limit $4"
    ") own) + (select count(*) from account_notices($5, $6, true, null, null, $4)))"
)


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice as its reader sees it.

    Attributes:
        kind: name of its kind.
        title: one line.
        body: plain text; empty where the program knows the kind no more.
        is_urgent: whether it is mailed at once, whatever was chosen.
        target_kind: the word of what it is about, as the audit names it; empty where it is about nothing of its own.
        target_id: its id.
        organisation_slug: where the target is; empty for an account's own.
        url: where it leads.
        read_at: when it was marked as read.
    """

    id: UUID
    created_at: datetime
    kind: str
    title: str
    body: str
    is_urgent: bool
    target_kind: str
    target_id: UUID | None
    organisation_slug: str
    url: str
    read_at: datetime | None

    @property
    def target(self) -> tuple[str, UUID] | None:
        """Return what it is about: kind and id; None where that is nothing of its own."""
        return (self.target_kind, self.target_id) if self.target_id else None


@dataclass(frozen=True, slots=True)
class NoticesNow:
    """How many notices are unread, ``MOST_COUNTED`` at most, and the newest one."""

    unread: int
    newest: NoticeRecord | None


async def list_notices(access: Access, page: PageRequest, *, is_unread: bool = False) -> Page[NoticeRecord]:
    """Return a page of what the caller was told, the newest first.

    A member sees what was told to the member in this organisation, of what concerns others only what the role still
    lets him or her see. A session sees besides what was told to the account, and, in the provider's scope, to staff.
    """
    before = page.after or (None, None)
    account = (_account(access), _staff_roles(access), is_unread, *before, page.limit)
    parameters = Parameters(access.organisation_id, *_own(access), access.actor.account_id, *account)
    own = _ITS_OWN + _OF_MEMBER + (_UNREAD if is_unread else "") + newest_sql(page, parameters)
    rows = await access.transaction.fetch(_ZONE + own + _OF_ACCOUNT, *parameters.values)
    return page_of(rows, page, lambda row: _record(access, row))


async def notices_by_id(access: Access, ids: Collection[UUID]) -> dict[UUID, NoticeRecord]:
    """Return those of some notices that the caller may see."""
    account = (_account(access), _staff_roles(access), list(ids))
    parameters = Parameters(access.organisation_id, *_own(access), access.actor.account_id, *account)
    own = parameters.for_each(ids, _ITS_OWN + _OF_ID)
    rows = await access.transaction.fetch(_ZONE + own + _BY_ID, *parameters.values)
    return {row["id"]: _record(access, row) for row in rows}


async def count_unread(access: Access) -> int:
    """Return how many of the caller's notices are unread, ``MOST_COUNTED`` at most."""
    account = (_account(access), _staff_roles(access))
    count: int = await access.fetchval(_COUNT, *_own(access), MOST_COUNTED, *account)
    return count


async def notices_now(access: Access) -> NoticesNow:
    """Return how many notices are unread, and the newest."""
    page = await list_notices(access, PageRequest(first=1))
    return NoticesNow(await count_unread(access), page.items[0] if page.items else None)


async def mark_notices_read(access: Access, ids: Collection[UUID] | None) -> int:
    """Mark notices of the caller as read, all of them where none is named, and return how many are unread then."""
    access.require_scope("write")
    chosen = None if ids is None else list(ids)
    await access.execute(
        "update notice set read_at = $4 where organisation_id = $1 and member_id = $2 and read_at is null"
        " and ($3::uuid[] is null or id = any($3))",
        access.actor.member_id,
        chosen,
        access.now,
    )
    if account_id := _account(access):
        await mark_account_notices_read(access.transaction, account_id, chosen, at=access.now)
    return await count_unread(access)


def watch_notices(access: Access) -> Watch:
    """Watch what the caller is told from now on."""
    topics = []
    if access.actor.member_id is not None:
        topics.append(Topic(access.organisation_id, "notices", access.actor.member_id))
    if account_id := _account(access):
        topics.append(Topic(ACCOUNTS, "notices", account_id))
    return access.services.database.changes.watch(*topics)


def _own(access: Access) -> tuple[UUID | None, list[str]]:
    return access.actor.member_id, sorted(permission.value for permission in access.permissions)


def _account(access: Access) -> UUID | None:
    """Return the account of a session; a token, or a session by a provider, belongs to one organisation."""
    is_own = access.actor.credential is CredentialKind.SESSION and not access.actor.is_bound
    return access.actor.account_id if is_own else None


def _staff_roles(access: Access) -> list[str]:
    return sorted(role.value for role in access.actor.staff_roles) if access.actor.is_at_provider else []


def _record(access: Access, row: Mapping[str, Any]) -> NoticeRecord:
    kind: NoticeKind | None = access.services.nouns.notice_kinds.get(row["kind"])
    told = ToldWhere(row["slug"], row["target_id"], row["is_by_name"])
    text = _text(access, kind, row, told)
    return NoticeRecord(
        id=row["id"],
        created_at=row["created_at"],
        kind=row["kind"],
        title=text.subject,
        body=text.body,
        is_urgent=kind is not None and kind.is_urgent,
        target_kind=row["target_kind"],
        target_id=row["target_id"],
        organisation_slug=row["slug"],
        url=notice_url(access.services.settings, kind, told),
        read_at=row["read_at"],
    )


def _text(access: Access, kind: NoticeKind | None, row: Mapping[str, Any], told: ToldWhere) -> MailText:
    """Return what a notice says; one that another version told may say only its kind."""
    if kind is None:
        return MailText(row["kind"].replace("_", " ").capitalize(), "")
    values = msgspec.json.decode(row["details"])
    details = {"organisation": row["organisation"], "grievance_contact": row["contact"] or "", **values}
    try:
        return wording(kind, access.services.settings, details, zone=row["zone"] or "UTC", told=told)
    except jinja2.TemplateError:
        return MailText(row["kind"].replace("_", " ").capitalize(), "")
