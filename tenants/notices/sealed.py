"""Notices by mail alone: what only the owner of the address may see is kept encrypted until it is mailed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.wording import details_of
from wardship.tenants.access import Access
from wardship.tenants.notices.tell import Target

SEALED_FOR: Final = "notice"
"""What the values of a notice are encrypted for."""


async def tell_by_mail(
    access: Access, kind: NoticeKind, member_id: UUID, *, target: Target | None = None, **values: object
) -> bool:
    """Mail a member what only the owner of the address may see; the values are kept encrypted until they are mailed.

    Args:
        access: who caused it.
        kind: a kind whose way is mail alone.
        member_id: whom.
        target: what it is about.
        values: what the template names.

    Returns:
        False when the account has no verified address: then nothing is kept.
    """
    if not await has_address(access, member_id):
        return False
    notice_id = uuid7()
    details = details_of(kind, access.services.settings, values).encode()
    target_kind, target_id = target or ("", None)
    await access.execute(
        "insert into notice (organisation_id, id, created_at, member_id, kind, target_kind, target_id, sealed, event,"
        " mail_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $3)",
        notice_id,
        access.now,
        member_id,
        kind.name,
        target_kind,
        target_id,
        access.services.keys.encrypt(
            SEALED_FOR, details, bound_to=_binding(access.organisation_id, notice_id, member_id)
        ),
        notice_id.bytes,
    )
    return True


def open_details(
    keys: KeyRing, organisation_id: UUID, notice_id: UUID, member_id: UUID, sealed: bytes
) -> dict[str, object]:
    """Return the values of a notice that ``tell_by_mail`` wrote.

    Raises:
        UnreadableSecretError: they were changed, belong to another notice or member, or their key is gone.
    """
    plain = keys.decrypt(SEALED_FOR, sealed, bound_to=_binding(organisation_id, notice_id, member_id))
    return msgspec.json.decode(plain, type=dict[str, object])


async def has_address(access: Access, member_id: UUID) -> bool:
    """Return whether a member's account has a verified address, which the organisation does not learn."""
    found = await access.transaction.fetchval("select * from members_with_address($1)", [member_id])
    return found is not None


def _binding(organisation_id: UUID, notice_id: UUID, member_id: UUID) -> bytes:
    return organisation_id.bytes + notice_id.bytes + member_id.bytes
