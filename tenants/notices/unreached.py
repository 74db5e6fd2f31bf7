"""What follows when a notice can't be mailed: the person sees it in the product, and those who decide are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import jinja2
import msgspec

from wardship.core.actor import system_actor
from wardship.core.database.engine import Transaction
from wardship.core.mail.refusals import organisations_of_refusals, take_refusals
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices import tell_account
from wardship.core.notices.accounts import follow_account_refusals
from wardship.core.notices.kinds import MAIL_REFUSED
from wardship.core.notices.wording import wording
from wardship.tenants.access import Access, Services
from wardship.tenants.notices.kinds import NOT_REACHED
from wardship.tenants.notices.tell import tell_permitted
from wardship.tenants.permissions import Permission

_REFUSED: Final = (
    "update notice n set mail_state = 'refused' from organisation o"
    " where n.organisation_id = $1 and o.id = $1 and n.mail_id = any($2::uuid[])"
    " returning n.id, n.member_id, n.kind, n.details, o.name as organisation"
)


async def follow_refusals(services: Services) -> None:
    """Tell whom it concerns that mails of notices were given up: a sweep."""
    await follow_account_refusals(services)
    async with services.database.directory() as transaction:
        places = await organisations_of_refusals(transaction, "notice")
    for organisation_id in places:
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            await _follow(services, transaction, organisation_id)


async def _follow(services: Services, transaction: Transaction, organisation_id: UUID) -> None:
    refused = await take_refusals(transaction, "notice", organisation_id)
    for mail in refused:
        if mail.account_id is not None:
            day = f"{services.clock.now():%Y-%m-%d}"
            await tell_account(transaction, services, mail.account_id, MAIL_REFUSED, once=day, reason=mail.reason)
    access = system_access(services, transaction, organisation_id)
    for row in await access.fetch(_REFUSED, [mail.id for mail in refused]):
        await tell_not_reached(access, row, is_missing=False)


async def tell_not_reached(access: Access, row: Mapping[str, Any], *, is_missing: bool) -> None:
    """Tell those who decide that somebody could not be mailed what must reach the person.

    Args:
        access: the system's own.
        row: of a notice: id, member, kind, details, and the organisation's name.
        is_missing: whether there is no verified address, rather than one that takes no mail.
    """
    kind: NoticeKind | None = access.services.nouns.notice_kinds.get(row["kind"])
    if kind is None or not kind.must_reach:
        return
    details = {"organisation": row["organisation"], **msgspec.json.decode(row["details"])}
    try:
        what = wording(kind, access.services.settings, details).subject
    except jinja2.TemplateError:
        what = kind.when
    await tell_permitted(
        access,
        NOT_REACHED,
        Permission.REQUESTS_DECIDE,
        target=("member", row["member_id"]),
        once=str(row["id"]),
        but=[row["member_id"]],
        what=what,
        is_missing=is_missing,
    )


def system_access(services: Services, transaction: Transaction, organisation_id: UUID) -> Access:
    """Return the system's own access in an open transaction of an organisation."""
    return Access(system_actor(organisation_id), transaction, services, "notices")
