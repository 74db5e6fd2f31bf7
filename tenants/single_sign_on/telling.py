"""Who is told of an organisation's provider of sign-in: who manages sign-in there."""

from __future__ import annotations

from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access
from wardship.tenants.notices import Telling, tell_each
from wardship.tenants.permissions import Permission
from wardship.tenants.single_sign_on.records import ProviderRecord


async def tell_of_provider(
    access: Access, kind: NoticeKind, provider: ProviderRecord, *, once: str | None = None, **values: object
) -> None:
    """Tell all who manage sign-in, who caused it among them: who acts in another's name is found out so.

    Args:
        access: of the organisation.
        kind: of this noun.
        provider: its name and issuer are told.
        once: a word that tells the event from others of its kind about the provider; else its values and the moment do.
        values: what the template names besides.
    """
    told = {"provider": provider.name, "issuer": provider.issuer, **values}
    target = ("identity_provider", provider.id)
    once = once or ":".join((*(str(value) for value in values.values()), access.now.isoformat()))
    holders = Permission.SINGLE_SIGN_ON_MANAGE
    await tell_each(access, Telling(kind=kind, holders=holders, target=target, once=once, values=told))
