"""Tell the person by mail what happened to a request, without the organisation learning the address."""

from __future__ import annotations

from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.core.mail.text import render
from wardship.tenants.access import Access

_TEMPLATES = "wardship.tenants.requests.notices"


async def notify(access: Access, member_id: UUID, template: str, **values: object) -> bool:
    """Queue a mail to the verified address of a member's account; return False when there is none.

    Args:
        access: the caller, whose transaction the mail belongs to.
        member_id: the person.
        template: a file of ``tenants/requests/notices``.
        values: what the template names; ``site`` is the deployment's address.
    """
    text = render(template, package=_TEMPLATES, site=access.services.settings.public_url, **values)
    queued: bool | None = await access.transaction.fetchval(
        "select queue_member_mail($1, $2, $3, $4, $5)", member_id, uuid7(), access.now, text.subject, text.body
    )
    return bool(queued)
