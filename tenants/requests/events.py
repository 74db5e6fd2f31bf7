"""What happened to a request: written down and mailed for the person, and told to the workers."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.identifiers import uuid7
from wardship.core.mail import queue_mail, render
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.records import RequestRecord

_TEMPLATES: Final = "wardship.tenants.requests.notices"
_SWEEPS_CHANNEL: Final = "wardship_sweeps"


async def record_event(
    access: Access, request: RequestRecord, kind: str, reason: str = "", right_id: UUID | None = None
) -> None:
    """Write down what happened to a request, for the person to see."""
    await access.execute(
        "insert into request_event (organisation_id, id, created_at, request_id, right_id, actor_id, actor_kind, kind,"
        " reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        uuid7(),
        access.now,
        request.id,
        right_id,
        access.actor.member_id or access.actor.account_id,
        _capacity(access, request),
        kind,
        reason,
    )


async def record_event_once(access: Access, request: RequestRecord, kind: str, reason: str, right_id: UUID) -> bool:
    """Write down what happened to a right, unless that was written before; return whether it was written now."""
    is_known = await access.fetchval(
        "select true from request_event where organisation_id = $1 and request_id = $2 and right_id = $3 and kind = $4"
        " and reason = $5",
        request.id,
        right_id,
        kind,
        reason,
    )
    if not is_known:
        await record_event(access, request, kind, reason, right_id)
    return not is_known


def _capacity(access: Access, request: RequestRecord) -> str:
    """Return as what the caller acts on a request: ``system``, ``member``, ``admin`` or ``privacy_team``."""
    actor = access.actor
    if actor.credential is CredentialKind.SYSTEM:
        return "system"
    if actor.member_id == request.member_id:
        return "member"
    return "privacy_team" if actor.member_id is None or access.is_staff_without(Permission.REQUESTS_DECIDE) else "admin"


async def notify(access: Access, member_id: UUID, template: str, **values: object) -> bool:
    """Queue a mail to the verified address of a member's account, which the organisation does not learn.

    Args:
        access: the caller, whose transaction the mail belongs to.
        member_id: the person.
        template: a file of ``tenants/requests/notices``.
        values: what the template names; ``site`` is the deployment's address.

    Returns:
        False when the account has no verified address.
    """
    text = render(template, package=_TEMPLATES, site=access.services.settings.public_url, **values)
    queued: bool | None = await access.transaction.fetchval(
        "select queue_member_mail($1, $2, $3, $4, $5)", member_id, uuid7(), access.now, text.subject, text.body
    )
    return bool(queued)


async def notify_decider(access: Access, decider_id: UUID, template: str, **values: object) -> bool:
    """Queue a mail to who decided: a member, or somebody of the privacy team, who is known by the account.

    The transaction must reach the directory.

    Returns:
        False when there is no verified address.
    """
    if await notify(access, decider_id, template, **values):
        return True
    address = await access.transaction.fetchval(
        "select address from account_email where account_id = $1 and is_primary and verified_at is not null",
        decider_id,
    )
    if address is None:
        return False
    text = render(template, package=_TEMPLATES, site=access.services.settings.public_url, **values)
    await queue_mail(access.transaction, decider_id, address, text, at=access.now)
    return True


async def wake_workers(access: Access) -> None:
    """Let a worker sweep as soon as this transaction commits; PostgreSQL merges repeated calls."""
    await access.transaction.execute("select pg_notify($1, '')", _SWEEPS_CHANNEL)
