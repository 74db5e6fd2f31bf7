"""Tell members of an event: one statement, however many they are; rows that a sweep mails."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices import tell_staff
from wardship.core.notices.wording import details_of, event_key, ordered
from wardship.tenants.access import Access
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission

Target: TypeAlias = tuple[str, UUID]
"""What a notice is about: the word of its kind, as the audit names it (``data_request``), and its id."""

_PURPOSE: Final = "notice"
_INSERT: Final = (
    "insert into notice (organisation_id, id, created_at, member_id, kind, needs, target_kind, target_id, details,"
    " event, mail_at)"
    " select $1, ($9 || substr(gen_random_uuid()::text, 19))::uuid, $2, m.id, $3, $4, $5, $6, $7, $8, $2 from member m"
    " where m.organisation_id = $1"
)
_ONCE: Final = " on conflict (organisation_id, member_id, event) do nothing"


async def tell(
    access: Access,
    kind: NoticeKind,
    member_ids: Collection[UUID],
    *,
    target: Target | None = None,
    once: str | None = None,
    **values: object,
) -> None:
    """Tell members of an event, in the transaction of the event.

    Args:
        access: who caused it; the values must be fit for every reader, whatever the caller may see.
        kind: a kind of the caller's noun.
        member_ids: whom; members without an account are told in the product once they have one.
        target: what it is about.
        once: a word that tells the event from others of its kind about the target, so that it is told once to each;
            without one, the same at the same moment is told once.
        values: what the template names: identifiers, names of organisation and integration; moments as ``datetime``.
    """
    arguments = _arguments(access, kind, (target, once), kind.needs, values)
    await access.execute(f"{_INSERT} and m.id = any($10::uuid[]){_ONCE}", *arguments, list(member_ids))


async def tell_permitted(  # noqa: PLR0913 - what a notice has
    access: Access,
    kind: NoticeKind,
    permission: Permission,
    *,
    target: Target | None = None,
    once: str | None = None,
    but: Collection[UUID] = (),
    **values: object,
) -> None:
    """Tell every active member whose role holds a permission of an event; see ``tell``.

    Args:
        access: who caused it.
        kind: a kind of the caller's noun.
        permission: who is told; a reader who has lost it neither sees the notice nor is mailed it.
        target: what it is about.
        once: a word that tells the event from others of its kind about the target, so that it is told once to each.
        but: whom it is about, or who caused it, and is not told.
        values: what the template names: no person's data.
    """
    arguments = _arguments(access, kind, (target, once), permission, values)
    await access.execute(
        f"{_INSERT} and m.state = 'active' and m.id <> all($11::uuid[]) and exists (select from role_assignment a"
        f" where a.organisation_id = $1 and a.member_id = m.id and a.role = any($10::text[])){_ONCE}",
        *arguments,
        roles_with(permission),
        list(but),
    )


async def tell_everybody(
    access: Access,
    kind: NoticeKind,
    *,
    states: Collection[str] = ("active",),
    once: str | None = None,
    **values: object,
) -> None:
    """Tell all members who have an account of what becomes of the organisation; see ``tell``.

    Args:
        access: who caused it.
        kind: a kind of the caller's noun.
        states: of the memberships.
        once: a word that tells the event from others of its kind, so that it is told once to each.
        values: what the template names: no person's data.
    """
    arguments = _arguments(access, kind, (("organisation", access.organisation_id), once), kind.needs, values)
    await access.execute(
        f"{_INSERT} and m.account_id is not null and m.state = any($10::text[]){_ONCE}", *arguments, list(states)
    )


async def tell_privacy_team(
    access: Access, kind: NoticeKind, *, target: Target | None = None, once: str | None = None, **values: object
) -> None:
    """Tell the provider's privacy team of an event in this organisation; see ``tell``."""
    await tell_staff(
        access.transaction,
        access.services,
        kind,
        target=target and (access.organisation_id, *target),
        once=once,
        **values,
    )


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
            _PURPOSE, details, bound_to=_binding(access.organisation_id, notice_id, member_id)
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
    plain = keys.decrypt(_PURPOSE, sealed, bound_to=_binding(organisation_id, notice_id, member_id))
    return msgspec.json.decode(plain, type=dict[str, object])


async def has_address(access: Access, member_id: UUID) -> bool:
    """Return whether a member's account has a verified address, which the organisation does not learn."""
    found = await access.transaction.fetchval("select * from members_with_address($1)", [member_id])
    return found is not None


@cache
def roles_with(permission: Permission) -> tuple[str, ...]:
    """Return the roles that hold a permission."""
    return tuple(sorted(role.value for role, held in ROLE_PERMISSIONS.items() if permission in held))


def _binding(organisation_id: UUID, notice_id: UUID, member_id: UUID) -> bytes:
    return organisation_id.bytes + notice_id.bytes + member_id.bytes


def _arguments(
    access: Access,
    kind: NoticeKind,
    about: tuple[Target | None, str | None],
    needs: str,
    values: dict[str, object],
) -> tuple[object, ...]:
    target, once = about
    details = details_of(kind, access.services.settings, values)
    target_kind, target_id = target or ("", None)
    event = event_key(kind, target, details, once or access.now)
    return access.now, kind.name, needs, target_kind, target_id, details, event, ordered()
