"""Tell those who look after an installation: who connected it alone, or who manages integrations."""

from __future__ import annotations

from uuid import UUID

from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.notices import tell, tell_permitted
from wardship.tenants.permissions import Permission


async def tell_keepers(
    access: Access,
    installation: InstallationRecord,
    kind: NoticeKind,
    *,
    once: str | None = None,
    **values: object,
) -> None:
    """Tell of an event at an installation, by the integration's name; who caused it is not told.

    Args:
        access: who caused it.
        installation: where.
        kind: whose template names ``integration`` and the values.
        once: a word that tells the event from others of its kind there.
        values: what the template names besides.
    """
    target, name = ("installation", installation.id), installation.manifest.name
    caused_by: list[UUID] = [access.actor.member_id] if access.actor.member_id else []
    if installation.member_id is None:
        await tell_permitted(
            access,
            kind,
            Permission.INTEGRATIONS_MANAGE,
            target=target,
            once=once,
            but=caused_by,
            integration=name,
            **values,
        )
    elif installation.member_id not in caused_by:
        await tell(access, kind, [installation.member_id], target=target, once=once, integration=name, **values)
