"""Rules that do nothing until somebody has looked at them again, because an organisation has joined."""

from __future__ import annotations

from typing import Final

from wardship.tenants.access import Access

_REST: Final = (
    "update group_rule r set rests_since = $2 from user_group g where r.organisation_id = $1 and r.rests_since is null"
    " and g.organisation_id = $1 and g.id = r.group_id returning g.archived_at is null as is_open"
)


async def rest_rules(access: Access) -> int:
    """Let every rule of the organisation rest until it is set again; return how many groups it concerns.

    What a rule does was looked at for the people who were there: it would bring those who came into groups, and their
    data to whom these groups share it, unseen.
    """
    return sum(row["is_open"] for row in await access.fetch(_REST, access.now))
