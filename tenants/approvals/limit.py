"""Count deletions of members, and hold those that are more than a few in a day until a second person approves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.approvals.notices import DELETION_HELD
from wardship.tenants.approvals.records import COLUMNS, ApprovalKind, ApprovalRecord
from wardship.tenants.notices import Telling, tell_each
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission

COUNTED_FOR: Final = timedelta(hours=24)
WAITS_FOR: Final = timedelta(days=7)
"""How long a deletion waits for somebody to approve it."""
ALWAYS: Final = 5
"""As many deletions in a day need nobody else, however small the organisation; a twentieth where that is more."""

APPROVING_ROLES: Final = frozenset(
    role for role, held in ROLE_PERMISSIONS.items() if Permission.DELETIONS_APPROVE in held
)

# A lock in a statement of its own: what the next one counts, it sees once the lock is held.
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2024))"
_IS_WITHIN: Final = """(select count(*) from recent) < $6 or (select count(*) from recent) < (
    select count(*) / 20 from member m where m.organisation_id = $1
        and (m.state in ('active', 'deactivated') or m.id in (select member_id from recent)))
"""
_RECENT: Final = """with recent as (
    select member_id from counted_deletion where organisation_id = $1 and created_at > $2::timestamptz - ${}::interval
)
"""
_COUNT: Final = (
    _RECENT.format(4)
    + """
insert into counted_deletion (organisation_id, id, created_at, member_id)
select $1, $3, $2, $5
where """
    + _IS_WITHIN
)
_WOULD_BE_DONE: Final = _RECENT.format(3) + "select " + _IS_WITHIN.replace("$6", "$4")
_HAS_APPROVER: Final = """
select exists (select from role_assignment a
    join member m on m.organisation_id = a.organisation_id and m.id = a.member_id
    where a.organisation_id = $1 and a.role = any($2::text[]) and m.state = 'active' and m.account_id is not null
        and m.id <> $3 and m.id is distinct from $4 and m.account_id is distinct from $5)
"""
_INSERT: Final = """
insert into approval (organisation_id, id, created_at, kind, member_id, arguments, asked_by, asked_by_account,
    is_with_privacy_team, expires_at, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'asked')
on conflict (organisation_id, kind, member_id) where state = 'asked' do nothing
returning """
_HOLD: Final = _INSERT + COLUMNS


class HeldForApprovalError(ConflictError):
    """Too many members were deleted in a day: this deletion waits until a second person approves it (`approvals`)."""

    code: ClassVar[str] = "HELD_FOR_APPROVAL"
    commits: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Deletion:
    """One deletion, as it would be done.

    Attributes:
        kind: what is done.
        member_id: whose membership or data it ends.
        arguments: what else says what is done.
        approving_roles: who could approve it, of those that may approve deletions.
    """

    kind: ApprovalKind
    member_id: UUID
    arguments: Mapping[str, str] = field(default_factory=dict)
    approving_roles: Collection[Role] = APPROVING_ROLES


async def count_or_hold(access: Access, deletion: Deletion) -> None:
    """Count a deletion that is about to be done, or hold it for a second person where too many were done today.

    Call it after every check and before the first change: what is held is kept, although the act is refused. What the
    system does by itself was decided before, and is not counted.

    Raises:
        HeldForApprovalError: it waits now, or did already.
    """
    if access.actor.credential is CredentialKind.SYSTEM:
        return
    await access.transaction.execute(_LOCK, access.organisation_id)
    if await access.execute(_COUNT, access.now, uuid7(), COUNTED_FOR, deletion.member_id, ALWAYS):
        return
    held = await _hold(access, deletion)
    until = "" if held is None else f" until {held.expires_at:%Y-%m-%d %H:%M} UTC"
    who = "the privacy team" if held is not None and held.is_with_privacy_team else "another administrator"
    raise HeldForApprovalError(
        f"More members were deleted within a day than one person may: this waits{until} for {who} to approve it.",
        path=("member_id",) if deletion.kind is ApprovalKind.REMOVE_MEMBER else (),
    )


async def would_be_held(access: Access) -> bool:
    """Return whether one more deletion of a member would wait for a second person now."""
    if access.actor.credential is CredentialKind.SYSTEM:
        return False
    return not await access.fetchval(_WOULD_BE_DONE, access.now, COUNTED_FOR, ALWAYS)


async def _hold(access: Access, deletion: Deletion) -> ApprovalRecord | None:
    """Keep a deletion until it is decided; None when the same waits already."""
    roles = sorted(role.value for role in APPROVING_ROLES & frozenset(deletion.approving_roles))
    by, account = access.actor.member_id, access.actor.account_id
    has_approver = await access.fetchval(_HAS_APPROVER, roles, deletion.member_id, by, account)
    held = await access.fetchrow_as(
        ApprovalRecord,
        _HOLD,
        uuid7(),
        access.now,
        deletion.kind.value,
        deletion.member_id,
        msgspec.json.encode(deletion.arguments).decode(),
        by,
        account,
        not has_approver,
        access.now + WAITS_FOR,
    )
    if held is not None:
        await access.audit("deletion.held", "approval", held.id, kind=held.kind.value, member=str(held.member_id))
        await _tell(access, held)
    return held


async def _tell(access: Access, held: ApprovalRecord) -> None:
    telling = Telling(
        kind=DELETION_HELD,
        holders=None if held.is_with_privacy_team else Permission.DELETIONS_APPROVE,
        is_for_privacy_team=held.is_with_privacy_team,
        but=[held.asked_by, held.member_id],
        but_accounts=[held.asked_by_account],
        target=("approval", held.id),
        values={"act": _WORDS[held.kind], "until": held.expires_at},
    )
    await tell_each(access, telling)


_WORDS: Final = {
    ApprovalKind.REMOVE_MEMBER: "a member is to be removed",
    ApprovalKind.COMMIT_ERASURE: "the data of a former member is to be erased",
}
