"""What administrators see of members who joined by the domain of their address, and what they may not do meanwhile.

They see what such a member does from the joining on; what he or she did before, by consent. While the domain has to be
proven again, nobody uses what the domain gave; once it is lost, they see address and state alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.tenants.access import Access

_BEHIND: Final = (
    " from member b where b.organisation_id = $1 and b.id = {author}"
    " and (b.concealed_at is not null or b.visible_from > {moment})"
)
_OF_DOMAIN: Final = (
    " and id = any(array(select c.member_id from account_claim c where c.organisation_id = $1 and c.domain_id = $2"
    " and c.state = 'managed'))"
)
_CONCEAL: Final = (
    "update member set concealed_at = $3 where organisation_id = $1 and concealed_at is null and state <> 'erased'"
)
_REVEAL: Final = "update member set concealed_at = null where organisation_id = $1 and concealed_at is not null"
_CONCEAL_OF_DOMAIN: Final = _CONCEAL + _OF_DOMAIN
_REVEAL_OF_DOMAIN: Final = _REVEAL + _OF_DOMAIN
_FROZEN: Final = """
    select c.member_id from account_claim c
        join domain_claim d on d.organisation_id = c.organisation_id and d.id = c.domain_id
        where c.organisation_id = $1 and c.member_id = any($2::uuid[]) and c.state = 'managed'
            and d.state in ('grace', 'suspended')
"""
# Who is concealed for good, because the domain is another's, may be removed, and decides alone about the rest.
_CONCEALED: Final = """
    union select id from member where organisation_id = $1 and id = any($2::uuid[]) and concealed_at is not null
"""
_FROZEN_OR_CONCEALED: Final = _FROZEN + _CONCEALED


class MemberFrozenError(ConflictError):
    """The member joined by a domain that is not proven now: until it is, no role is given, and nobody removed."""

    code: ClassVar[str] = "MEMBER_FROZEN"


def behind_boundary(author: str, moment: str) -> str:
    """Return SQL that is true where administrators do not see what a member did; ``$1`` is the organisation.

    Args:
        author: the column with the member's id.
        moment: the column that says when it was done.
    """
    return f"exists (select{_BEHIND.format(author=author, moment=moment)})"


async def require_not_frozen(
    access: Access, member_ids: Collection[UUID], field: str = "member_id", *, is_removal: bool = False
) -> None:
    """Refuse an administrator's act on members who joined by a domain that is not proven now.

    Args:
        access: the caller's.
        member_ids: whom it is about.
        field: of the input, which the refusal names.
        is_removal: the act ends memberships; see ``frozen_among``.

    Raises:
        MemberFrozenError: one of them did.
    """
    if await frozen_among(access, member_ids, is_removal=is_removal):
        raise member_frozen(field)


async def frozen_among(access: Access, member_ids: Collection[UUID], *, is_removal: bool = False) -> set[UUID]:
    """Return those of these members who joined by a domain that is not proven now.

    A removal is let through once the domain is released or another's: nobody can prove it then.
    """
    sql = _FROZEN if is_removal else _FROZEN_OR_CONCEALED
    return {row["member_id"] for row in await access.fetch(sql, list(member_ids))}


def member_frozen(field: str = "member_id") -> MemberFrozenError:
    """Return the refusal of an act on such a member; ``field`` is that of the input."""
    return MemberFrozenError(
        "This member joined by a domain that is not proven now: prove it again first (`domains`). Once it is released,"
        " the member decides (`stayWithAccountClaim`), or is removed.",
        path=(field,),
    )


async def set_boundary(access: Access, member_id: UUID, visible_from: datetime | None) -> None:
    """Let administrators see what a member did from a moment on; None: all of it."""
    await access.execute(
        "update member set visible_from = $3 where organisation_id = $1 and id = $2", member_id, visible_from
    )


async def conceal_members_of_domain(access: Access, domain_id: UUID) -> int:
    """Let administrators see address and state alone of those who joined by a domain; return of how many."""
    return await access.execute(_CONCEAL_OF_DOMAIN, domain_id, access.now)


async def reveal_members_of_domain(access: Access, domain_id: UUID) -> int:
    """Let administrators see again who joined by a domain, because it was proven again; return how many."""
    return await access.execute(_REVEAL_OF_DOMAIN, domain_id)


async def reveal_member(access: Access, member_id: UUID) -> None:
    """Let administrators see a member again, because the person wants to go on being one."""
    await access.execute("update member set concealed_at = null where organisation_id = $1 and id = $2", member_id)
