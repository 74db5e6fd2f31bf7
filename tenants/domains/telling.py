"""Who is told of a domain: the owner, the administrators and the technical contacts of the organisation."""

from __future__ import annotations

from typing import Final

from wardship.core.actor import Role
from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access
from wardship.tenants.domains.names import shown_domain
from wardship.tenants.domains.records import ClaimRecord
from wardship.tenants.notices import tell

_TOLD: Final = tuple(sorted(role.value for role in (Role.ORG_OWNER, Role.ORG_ADMIN, Role.TECHNICAL_CONTACT)))
_READERS: Final = (
    "select distinct m.id from member m join role_assignment a on a.organisation_id = m.organisation_id"
    " and a.member_id = m.id and a.role = any($2::text[]) where m.organisation_id = $1 and m.state = 'active'"
)


async def tell_of_domain(
    access: Access, kind: NoticeKind, claim: ClaimRecord, *, once: str | None = None, **values: object
) -> None:
    """Tell those who look after the organisation's domains; see ``tell``.

    Args:
        access: of the organisation that is told.
        kind: of this noun.
        claim: the organisation's own; its name is told.
        once: a word that tells the event from others of its kind about the claim.
        values: what the template names besides ``domain``.
    """
    readers = [row["id"] for row in await access.fetch(_READERS, list(_TOLD))]
    told = {"domain": in_words(claim.name), **values}
    await tell(access, kind, readers, target=("domain_claim", claim.id), once=once, **told)


def in_words(name: str) -> str:
    """Return a domain as its people read it and, where that differs, as machines do: letters may look alike."""
    shown = shown_domain(name)
    return name if shown == name else f"{shown} ({name})"
