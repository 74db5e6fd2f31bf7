"""What vendors brought goes with what let it in: the link, the place, the grant, the consent, the membership.

One statement decides it, and is asked whenever one of these changes; what is not founded any more is deleted at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access

_DROP: Final = """
delete from received_datum r {using} where r.organisation_id = $1 and {which} and not exists (select from installation i
    join integration_grant g on g.organisation_id = $1 and g.id = r.grant_id and g.withdrawn_at is null
    join member m on m.organisation_id = $1 and m.id = r.member_id and m.state in ('active', 'deactivated')
    where i.organisation_id = $1 and i.id = r.installation_id and i.place_id = r.place_id
    and i.state not in ('revoking', 'revocation_overdue', 'removed')
    and jsonb_path_query_array(i.manifest, '$.provides[*].fields[*]') ? r.name
    and (i.member_id is null or i.member_id = r.member_id)
    and (i.group_id is null or exists (select from group_membership s
        join user_group u on u.organisation_id = $1 and u.id = s.group_id and u.archived_at is null
        where s.organisation_id = $1 and s.group_id = i.group_id and s.member_id = r.member_id and s.left_at is null))
    and not exists (select from objection o where o.organisation_id = $1 and o.member_id = r.member_id
        and o.withdrawn_at is null and (o.installation_id is null or o.installation_id = r.installation_id)
        and (o.purpose = '' or o.purpose = r.purpose or starts_with(r.purpose, o.purpose || '.')))
    and (not r.needs_consent or exists (select from consent c where c.organisation_id = $1
        and c.member_id = r.member_id and c.withdrawn_at is null and c.purpose = r.purpose
        and (c.installation_id is null or c.installation_id = r.installation_id) and c.category <> ''
        and (c.category = r.category or starts_with(r.category, c.category || '.'))
        and not exists (select from consent_withdrawal w where w.organisation_id = $1 and w.consent_id = c.id
            and w.installation_id = r.installation_id))))
returning r.installation_id, r.name
"""
# One statement for each: a plan that fits them all would read everything that ever came in.
_OF_INSTALLATION: Final = _DROP.format(using="", which="r.installation_id = $2")
_OF_MEMBERS: Final = _DROP.format(using="using unnest($2::uuid[]) as w (id)", which="r.member_id = w.id")
_OF_BOTH: Final = _DROP.format(using="", which="r.installation_id = $2 and r.member_id = $3")


async def drop_unfounded_at(access: Access, installation_id: UUID, member_id: UUID | None = None) -> frozenset[str]:
    """Delete what a vendor brought by an installation and nothing lets in any more; return the names of the fields.

    Args:
        access: the caller, who has changed something before.
        installation_id: which installation.
        member_id: of one member; None for everybody's.
    """
    if member_id is not None:
        return await _drop(access, _OF_BOTH, installation_id, member_id)
    return await _drop(access, _OF_INSTALLATION, installation_id)


async def drop_unfounded_of(access: Access, member_ids: Collection[UUID]) -> None:
    """Delete what vendors brought of members and nothing lets in any more; the caller has changed something before."""
    await _drop(access, _OF_MEMBERS, list(member_ids))


async def _drop(access: Access, sql: str, *arguments: object) -> frozenset[str]:
    rows = await access.fetch(sql, *arguments)
    for source, count in sorted(Counter(row["installation_id"] for row in rows).items()):
        await access.audit("received_data.dropped", "installation", source, count=count)
    return frozenset(row["name"] for row in rows)
