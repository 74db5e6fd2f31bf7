"""Tell people what others did with them in groups, and what became of a group that they are in."""

from __future__ import annotations

from uuid import UUID

from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access
from wardship.tenants.groups.notices import GROUP_JOINED, GROUP_LEFT, GROUP_ROLE
from wardship.tenants.groups.read import GroupRecord
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.notices.tell import Readers, tell, tell_readers

_ROLE_WORDS = {GroupRole.GROUP_OWNER: "owner", GroupRole.GROUP_ADMIN: "admin", GroupRole.MEMBER: "member"}
_IS_IN_IT = (
    "m.state = 'active' and m.id is distinct from $5 and exists (select from group_membership s"
    " where s.organisation_id = $1 and s.group_id = $4 and s.member_id = m.id and s.left_at is null)"
)


async def tell_put_in(access: Access, group: GroupRecord, member_id: UUID, role: GroupRole) -> None:
    """Tell somebody of a group into which another put him or her."""
    words = "" if role is GroupRole.MEMBER else _ROLE_WORDS[role]
    await _tell(access, GROUP_JOINED, group, member_id, role=words)


async def tell_taken_out(access: Access, group: GroupRecord, member_id: UUID) -> None:
    """Tell somebody of a group out of which another took him or her."""
    await _tell(access, GROUP_LEFT, group, member_id)


async def tell_role(access: Access, group: GroupRecord, member_id: UUID, role: GroupRole) -> None:
    """Tell somebody of the role that he or she has in a group now."""
    await _tell(access, GROUP_ROLE, group, member_id, role=_ROLE_WORDS[role])


async def tell_whole_group(access: Access, kind: NoticeKind, group: GroupRecord) -> None:
    """Tell everybody who is in a group what became of it, but who caused it, in one statement."""
    readers = Readers(_IS_IN_IT, (group.id, access.actor.member_id))
    await tell_readers(access, kind, readers, target=("group", group.id), group=group.name)


async def _tell(access: Access, kind: NoticeKind, group: GroupRecord, member_id: UUID, **values: str) -> None:
    if member_id != access.actor.member_id:
        await tell(access, kind, [member_id], target=("group", group.id), group=group.name, **values)
