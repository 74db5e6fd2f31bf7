"""Groups of the directory's as SCIM groups: how a row is shown, and what a group that is written means."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

import msgspec
from scim2_models import Meta

from wardship.core.database.engine import Record
from wardship.tenants.scim.attributes import MEMBER_NAME, as_id
from wardship.tenants.scim.resources import PROVIDER, Group, GroupMember
from wardship.tenants.scim.versions import version_of

GroupModel: Final = cast("type[Group]", PROVIDER.model_for("Group"))
IS_GROUP: Final = "g.organisation_id = $1 and g.managed_by = 'directory' and g.archived_at is null"
# The version is of all who are in it, whether they are shown or not.
SHOWN: Final = """
    g.id, g.created_at, coalesce(g.directory_changed_at, g.created_at) as changed_at, g.name, g.external_id, (
        select md5(coalesce(string_agg(s.member_id::text, ',' order by s.member_id), '')) from group_membership s
        where s.organisation_id = $1 and s.group_id = g.id and s.left_at is null
    ) as people
"""
_SELECT: Final = "select"
MEMBERS: Final = f""", (
    {_SELECT} coalesce(jsonb_agg(jsonb_build_array(p.id, {MEMBER_NAME}) order by s.created_at, s.id), '[]')
    from group_membership s join member p on p.organisation_id = s.organisation_id and p.id = s.member_id
        and p.state in ('active', 'deactivated')
    where s.organisation_id = $1 and s.group_id = g.id and s.left_at is null
) as members"""
SEEDS: Final[dict[str, str]] = {}
"""The groups of an organisation are few enough to be looked through."""


def group_of(row: Record) -> Group:
    """Return a group of the directory's; the location is the service's to set."""
    meta = Meta(
        resource_type="Group",
        created=row["created_at"],
        last_modified=row["changed_at"],
        version=version_of(row["id"], row["name"], row["external_id"], row["changed_at"], row["people"]),
    )
    return GroupModel(
        id=str(row["id"]),
        external_id=row["external_id"] or None,
        display_name=row["name"],
        members=_members_of(row),
        meta=meta,
    )


def _members_of(row: Record) -> list[GroupMember] | None:
    if not row.get("members"):
        return None
    pairs = msgspec.json.decode(row["members"], type=list[tuple[str, str]])
    return [_member(member_id, name) for member_id, name in pairs] or None


def _member(member_id: str, name: str) -> GroupMember:
    return GroupMember.model_validate(
        {"value": member_id, "$ref": f"Users/{member_id}", "type": "User", "display": name}
    )


def people_of(group: Group) -> tuple[list[UUID], list[str]]:
    """Return who is to be in a group that is written, and what in it can be nobody: a group, or no id of ours."""
    found = {member.value or "": as_id(member.value or "") for member in group.members or () if not _is_group(member)}
    nobody = [member.value or "" for member in group.members or () if not found.get(member.value or "")]
    return list(dict.fromkeys(filter(None, found.values()))), nobody


def _is_group(member: GroupMember) -> bool:
    return (member.type or "").lower() == "group"
