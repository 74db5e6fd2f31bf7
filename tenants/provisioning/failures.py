"""What a directory was refused: kept for a month, so that an administrator sees why a person is not provisioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.paging import Page, PageRequest, page_of_rows
from wardship.tenants.permissions import Permission

KEPT_FOR: Final = timedelta(days=30)
_LONGEST: Final = 200
_LONGEST_MESSAGE: Final = 1000
_BATCH: Final = 100
_OVER: Final = "select organisation_id from provisioning_failures_over($1, $2)"
_FORGET: Final = "delete from provisioning_failure where organisation_id = $1 and last_at < $2"
_NOTE: Final = """
    insert into provisioning_failure (organisation_id, created_at, last_at, token_id, id, operation, resource, subject,
        code, message, status)
    select $1, $2, $2, $3, * from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::integer[])
    on conflict (organisation_id, operation, resource, subject, code) do update
        set last_at = excluded.last_at, token_id = excluded.token_id, message = excluded.message,
            status = excluded.status, times = provisioning_failure.times + 1
"""
_COLUMNS: Final = "id, created_at, token_id, operation, resource, subject, code, message, status, last_at, times"
_SELECT: Final = "select "
_FROM: Final = " from provisioning_failure"
_WHERE: Final = " where organisation_id = $1"
_AFTER: Final = " and (last_at, id) < ($2, $3)"
_NEWEST: Final = " order by last_at desc, id desc limit "
_LIST: Final = _SELECT + _COLUMNS + _FROM + _WHERE


@dataclass(frozen=True, slots=True)
class Failure:
    """One act that was refused.

    Attributes:
        operation: what was asked for, such as ``create``.
        resource: ``User``, ``Group``, or empty where it is about neither.
        subject: whom or what it was about, as the directory names it.
        code: stable, by which the reason is told from others.
        message: what happened and what to do.
        status: of the answer.
    """

    operation: str
    resource: str
    subject: str
    code: str
    message: str
    status: int


class FailureRecord(Row):
    """What was refused, how often, and when last."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    token_id: UUID = column("token_id")
    operation: str = column("operation")
    resource: str = column("resource")
    subject: str = column("subject")
    code: str = column("code")
    message: str = column("message")
    status: int = column("status")
    last_at: datetime = column("last_at")
    times: int = column("times")


async def note_failures(access: Access, token_id: UUID, failures: Sequence[Failure]) -> None:
    """Keep what was refused; the same again is counted."""
    latest = {(each.operation, each.resource, _held(each.subject)[:_LONGEST], each.code): each for each in failures}
    await access.execute(
        _NOTE,
        access.now,
        token_id,
        [uuid7() for _ in latest],
        *([key[place] for key in latest] for place in range(4)),
        [_held(each.message)[:_LONGEST_MESSAGE] for each in latest.values()],
        [each.status for each in latest.values()],
    )


def _held(text: str) -> str:
    """Return a text as the database can hold it: what was refused may be refused for what no text can have."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


async def list_failures(access: Access, page: PageRequest) -> Page[FailureRecord]:
    """Return a page of what was refused, the latest first.

    Raises:
        PermissionDeniedError: the caller may not see how people are provisioned.
    """
    access.require(Permission.PROVISIONING_READ)
    after = page.after or ()
    sql = _LIST + (_AFTER if after else "") + _NEWEST + str(page.ceiling)
    return page_of_rows(await access.fetch_as(FailureRecord, sql, *after), page)


async def forget_failures(services: Services) -> None:
    """Remove what was refused last a month ago, in every organisation."""
    before = services.clock.now() - KEPT_FOR
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(_OVER, before, _BATCH)
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            here = Access(system_actor(row["organisation_id"]), transaction, services, "sweep-provisioning")
            await here.execute(_FORGET, before)
