"""Tell members of an event: one statement, however many they are; rows that a sweep mails."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from wardship.core.actor import StaffRole
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.tell import TELL_STAFF
from wardship.core.notices.wording import details_of, event_key, ordered
from wardship.tenants.access import Access
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission

Target: TypeAlias = tuple[str, UUID]
"""What a notice is about: the word of its kind, as the audit names it (``data_request``), and its id."""

# Who is named, and every active member whose role holds what a notice needs, of all that is told at once.
_TELL_MEMBERS: Final = """
    with telling as (
        select t.*, t.accounts || array(select s.account_id from member s where s.organisation_id = $1
                and s.id = any(t.but) and s.account_id is not null) as spared
        from jsonb_to_recordset($3::jsonb) as t (kind text, needs text, target_kind text, target_id uuid,
            details jsonb, event text, ordered text, named uuid[], roles text[], but uuid[], accounts uuid[],
            staff text)
    ), told as (
        insert into notice (organisation_id, id, created_at, member_id, kind, needs, target_kind, target_id, details,
            event, mail_at)
        select $1, (t.ordered || substr(gen_random_uuid()::text, 19))::uuid, $2, m.id, t.kind, t.needs, t.target_kind,
            t.target_id, t.details, decode(t.event, 'hex'), $2
        from telling t cross join lateral (
            select id from unnest(t.named) as named (id)
            union
            select a.member_id from role_assignment a join member h on h.organisation_id = $1 and h.id = a.member_id
            where a.organisation_id = $1 and a.role = any(t.roles) and h.state = 'active' and h.id <> all(t.but)
        ) reader cross join lateral (
            select id from member where organisation_id = $1 and id = reader.id and state <> 'erased'
            offset 0  -- each is looked up: to a join of unknown numbers all members of the organisation are read
        ) m
        on conflict (organisation_id, member_id, event) do nothing
    )
"""
_TELL: Final = _TELL_MEMBERS + TELL_STAFF
# The members `m` of whom the condition is true that follows; its parameters begin with $4.
_TELL_READERS: Final = """
    insert into notice (organisation_id, id, created_at, member_id, kind, target_kind, target_id, details, event,
        mail_at)
    select $1, (t.ordered || substr(gen_random_uuid()::text, 19))::uuid, $2, m.id, t.kind, t.target_kind, t.target_id,
        t.details, decode(t.event, 'hex'), $2
    from jsonb_to_record($3::jsonb) as t (kind text, target_kind text, target_id uuid, details jsonb, event text,
        ordered text)
        join member m on m.organisation_id = $1 and m.account_id is not null
"""
_ONCE: Final = " on conflict (organisation_id, member_id, event) do nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told of an event, to whom.

    Attributes:
        kind: a kind of the caller's noun.
        members: whom by name; members without an account are told in the product once they have one, erased ones never.
        holders: a permission: told is every active member whose role holds it; a reader who has lost it neither sees
            the notice nor is mailed it.
        but: who of these, or of the team, caused it, or whom it is about, and is not told.
        but_accounts: who of the team besides, where only the account is known.
        is_for_privacy_team: whether the provider's privacy team is told, instead of or besides members.
        target: what it is about.
        once: a word that tells the event from others of its kind about the target, so that it is told once to each;
            without one, the same at the same moment is told once.
        values: what the template names: identifiers, names of organisation and integration; moments as ``datetime``.
    """

    kind: NoticeKind
    members: Collection[UUID | None] = ()
    holders: Permission | None = None
    but: Collection[UUID | None] = ()
    but_accounts: Collection[UUID | None] = ()
    is_for_privacy_team: bool = False
    target: Target | None = None
    once: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


async def tell_each(access: Access, *tellings: Telling) -> None:
    """Tell all that an event means to whom it concerns, in one statement, in the transaction of the event.

    Args:
        access: who caused it; the values must be fit for every reader, whatever the caller may see.
        tellings: what is told; nothing is sent where there are none.
    """
    if tellings:
        rows = [_row(access, telling) for telling in tellings]
        await access.execute(_TELL, access.now, msgspec.json.encode(rows).decode())


async def tell(
    access: Access,
    kind: NoticeKind,
    member_ids: Collection[UUID],
    *,
    target: Target | None = None,
    once: str | None = None,
    **values: object,
) -> None:
    """Tell members of an event, in the transaction of the event; see ``Telling``."""
    await tell_each(access, Telling(kind=kind, members=member_ids, target=target, once=once, values=values))


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
    """Tell every active member whose role holds a permission of an event; see ``Telling``."""
    telling = Telling(kind=kind, holders=permission, but=but, target=target, once=once, values=values)
    await tell_each(access, telling)


@dataclass(frozen=True, slots=True)
class Readers:
    """Members with an account who are told, as the database finds them.

    Attributes:
        condition: of SQL, on a member ``m`` of the organisation ``$1``; its parameters begin with ``$4``.
        arguments: those parameters.
    """

    condition: str
    arguments: tuple[object, ...]


async def tell_readers(
    access: Access,
    kind: NoticeKind,
    readers: Readers,
    *,
    target: Target | None = None,
    once: str | None = None,
    **values: object,
) -> None:
    """Tell the members of whom a condition is true of an event, in one statement however many; see ``Telling``."""
    telling = Telling(kind=kind, target=target, once=once, values=values)
    row = msgspec.json.encode(_row(access, telling)).decode()
    await access.execute(f"{_TELL_READERS} where {readers.condition}{_ONCE}", access.now, row, *readers.arguments)


async def tell_everybody(
    access: Access,
    kind: NoticeKind,
    *,
    states: Collection[str] = ("active",),
    **values: object,
) -> None:
    """Tell all members who have an account of what becomes of the organisation; see ``tell``.

    Args:
        access: who caused it.
        kind: a kind of the caller's noun.
        states: of the memberships.
        values: what the template names: no person's data.
    """
    target, readers = ("organisation", access.organisation_id), Readers("m.state = any($4::text[])", (list(states),))
    await tell_readers(access, kind, readers, target=target, once=None, **values)


async def tell_privacy_team(
    access: Access, kind: NoticeKind, *, target: Target | None = None, once: str | None = None, **values: object
) -> None:
    """Tell the provider's privacy team of an event in this organisation; see ``Telling``."""
    telling = Telling(kind=kind, is_for_privacy_team=True, target=target, once=once, values=values)
    await tell_each(access, telling)


@cache
def roles_with(permission: Permission) -> tuple[str, ...]:
    """Return the roles that hold a permission."""
    return tuple(sorted(role.value for role, held in ROLE_PERMISSIONS.items() if permission in held))


def _row(access: Access, telling: Telling) -> dict[str, object]:
    """Return what is told as the statement takes it."""
    details = details_of(telling.kind, access.services.settings, telling.values)
    target_kind, target_id = telling.target or ("", None)
    return {
        "kind": telling.kind.name,
        "needs": telling.holders or telling.kind.needs,
        "target_kind": target_kind,
        "target_id": target_id,
        "details": msgspec.Raw(details.encode()),
        "event": event_key(telling.kind, telling.target, details, telling.once or access.now).hex(),
        "ordered": ordered(),
        "named": [member_id for member_id in telling.members if member_id],
        "roles": roles_with(telling.holders) if telling.holders else (),
        "but": [member_id for member_id in telling.but if member_id],
        "accounts": [account_id for account_id in telling.but_accounts if account_id],
        "staff": StaffRole.PRIVACY_TEAM if telling.is_for_privacy_team else None,
    }
