"""Samples of the audit log."""

from __future__ import annotations

from tests.builders import access_for
from tests.graphql.sample import query
from tests.graphql.samples.mergers import JOINED
from tests.graphql.world import World
from wardship.tenants.data_access.record import record_access


async def populate(world: World) -> None:
    """A record of access, and an entry of the audit log."""
    subject = world.people["subject"].member_id
    async with access_for(world.services, world.people["owner"]) as access:
        record_access(access, {subject: {"user.name"}})
        await access.audit("member.added", "member", subject)


SAMPLES = [
    query("heldCategories", "{ heldCategories { category label isSpecial controller sources } }"),
    query("auditLog", "{ auditLog { edges { node { sequence action targetId details actor { displayName } } } } }"),
]


KEYS = {"AuditEntry": "e"}
FILTERS = {
    "Query.auditLog(mergerId)": (f'mergerId: "{JOINED}"',),
    "Viewer.changes(mergerId)": (f'mergerId: "{JOINED}"',),
}


CROWD = """
insert into audit_entry (organisation_id, id, created_at, sequence, entry, hash, actor_id, action, target_kind,
        target_id)
    select organisation_id, key('e', place, n), at, 1000000 + n, json_build_object('id', key('e', place, n),
        'at', at, 'actor',
        json_build_object('kind', 'member', 'account', null, 'member', other), 'action', 'x.done', 'target',
        json_build_object('kind', 'member', 'id', subject), 'purpose', '', 'outcome', 'done', 'request', 'r', 'details',
        json_build_object())::text, '', other, 'x.done', 'member', subject from number;
insert into audit_head (organisation_id, id, created_at, sequence, hash)
    -- What tests cause is entered before these, so that the newest are always the same.
    select organisation_id, key('e', place, max(n)), now(), 0, '' from number group by organisation_id, place;
insert into data_access (organisation_id, id, created_at, actor_id, actor_kind, categories)
    select organisation_id, key('d', place, n), at, other, 'member', '{user.name}' from number;
insert into data_access_person (organisation_id, member_id, id)
    select organisation_id, subject, key('d', place, n) from number;
"""
