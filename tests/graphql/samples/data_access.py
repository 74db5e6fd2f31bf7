"""Samples of the audit log."""

from __future__ import annotations

from tests.builders import access_for
from tests.graphql.calls import gid
from tests.graphql.crowd import key
from tests.graphql.sample import mutation, query
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
    query("auditVerification", "{ auditVerification { at isIntact verifiedTo brokenAt entries } }"),
    mutation("verifyAuditLog", "VerifyAuditLogInput", lambda _: {}),
    query("auditLog", "{ auditLog { edges { node { sequence action targetId details actor { displayName } } } } }"),
]


KEYS = {"AuditEntry": "e"}
FILTERS = {
    "Member.looks(by)": ("by: DAY",),
    "Viewer.looks(by)": ("by: DAY",),
    "Query.auditLog(where.action)": ('where: { action: "x.done" }', 'where: { action: "y.done" }'),
    "Query.auditLog(where.actorId)": (f'where: {{ actorId: "{gid("Member", key("m", 7))}" }}',),
    "Query.auditLog(where.before)": (
        'where: { before: "2026-01-02T00:00:00Z" }',
        'where: { since: "2026-01-01T10:00:00Z", before: "2026-01-01T10:05:00Z" }',
    ),
    "Query.auditLog(where.since)": (
        'where: { since: "2026-01-14T21:00:00Z" }',
        'where: { since: "2027-01-01T00:00:00Z" }',
    ),
    "Query.auditLog(where.targetId)": (f'where: {{ targetId: "{gid("Member", key("m", 19_999))}" }}',),
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
insert into audit_entry (organisation_id, id, created_at, sequence, entry, hash, action, target_kind)
    select organisation_id, key('e', place, 0), at, 999999, json_build_object('id', key('e', place, 0), 'at', at,
        'actor', json_build_object('kind', 'system', 'account', null, 'member', null), 'action', 'audit.verified',
        'target', json_build_object('kind', 'organisation', 'id', null), 'purpose', '', 'outcome', 'done', 'request',
        'r', 'details', json_build_object('to', 7, 'hash', '', 'broken_at', null))::text, '', 'audit.verified',
        'organisation' from number where n = 1;
insert into audit_head (organisation_id, id, created_at, sequence, hash)
    -- What tests cause is entered before these, so that the newest are always the same.
    select organisation_id, key('e', place, max(n)), now(), 0, '' from number group by organisation_id, place;
insert into data_access (organisation_id, id, created_at, actor_id, actor_kind, categories)
    select organisation_id, key('d', place, n), at, other, 'member', '{user.name}' from number;
insert into data_access_person (organisation_id, member_id, id)
    select organisation_id, subject, key('d', place, n) from number;
"""
