"""Read what the gate decides by: grants, members, choices; for many members and installations at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wardship.core.actor import Role
from wardship.plugins.api import Holder
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import Choices, Consented, Terms
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.fields import member_fields

_CHOICES = """
select 'consent' as kind, member_id, purpose, category, installation_id from consent
    where organisation_id = $1 and member_id = any($2::uuid[]) and withdrawn_at is null
union all
select 'objection', member_id, purpose, '', installation_id from objection
    where organisation_id = $1 and member_id = any($2::uuid[]) and withdrawn_at is null
union all
select 'restriction', member_id, '', category, null from restriction
    where organisation_id = $1 and member_id = any($2::uuid[]) and lifted_at is null
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decisions about some members and installations need.

    Attributes:
        terms: by installation.
        people: each member's row, with roles and the groups that matter here.
    """

    terms: Mapping[UUID, Terms]
    people: Mapping[UUID, Mapping[str, Any]]
    _choices: Mapping[UUID, Sequence[Mapping[str, Any]]]

    def choices(self, installation: InstallationRecord, member_id: UUID) -> Choices:
        """Return one member's choices as far as they reach one installation."""
        person = self.people[member_id]
        reaching = [row for row in self._choices[member_id] if row["installation_id"] in {None, installation.id}]
        of_kind: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in reaching:
            of_kind[row["kind"]].append(row)
        return Choices(
            state=person["state"],
            is_in_audience=_is_in_audience(installation, person),
            roles=frozenset(Role(role) for role in person["roles"]),
            consents=frozenset(Consented(row["purpose"], row["category"]) for row in of_kind["consent"]),
            objections=frozenset(row["purpose"] for row in of_kind["objection"]),
            restrictions=frozenset(row["category"] for row in of_kind["restriction"]),
        )


async def read_facts(
    access: Access, installations: Sequence[InstallationRecord], member_ids: Collection[UUID]
) -> Facts:
    """Read in three statements what decides about these members at these installations; lock first (``locks``)."""
    members = list(dict.fromkeys(member_ids))
    groups = [installation.group_id for installation in installations if installation.group_id]
    columns = ", ".join(f"m.{column}" for column in sorted({field.column for field in member_fields().values()}))
    people = await access.transaction.fetch(
        f"select m.id, m.state, {columns},"  # noqa: S608 - columns come from our own registry
        " array(select r.role from role_assignment r where r.organisation_id = $1 and r.member_id = m.id) as roles,"
        " array(select g.group_id from group_membership g where g.organisation_id = $1 and g.member_id = m.id"
        "  and g.left_at is null and g.group_id = any($3::uuid[])) as groups"
        # One look-up for each: for `= any(…)` a plan made for all arguments may read a whole tenant's index.
        " from unnest($2::uuid[]) as w (id) cross join lateral ("
        "  select * from member m where m.organisation_id = $1 and m.id = w.id limit 1) m",
        access.organisation_id,
        members,
        groups,
    )
    choices: defaultdict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in await access.transaction.fetch(_CHOICES, access.organisation_id, members):
        choices[row["member_id"]].append(row)
    return Facts(await _terms(access, installations), {row["id"]: row for row in people}, choices)


async def _terms(access: Access, installations: Sequence[InstallationRecord]) -> dict[UUID, Terms]:
    rows = await access.transaction.fetch(
        "select id, installation_id, category, purpose from integration_grant"
        " where organisation_id = $1 and installation_id = any($2::uuid[]) and withdrawn_at is null",
        access.organisation_id,
        [installation.id for installation in installations],
    )
    grants: defaultdict[UUID, dict[tuple[str, str], UUID]] = defaultdict(dict)
    for row in rows:
        grants[row["installation_id"]][row["category"], row["purpose"]] = row["id"]
    return {each.id: Terms(each.manifest, grants[each.id], _offered(access, each)) for each in installations}


def _offered(access: Access, installation: InstallationRecord) -> frozenset[str] | None:
    """Return what the loaded plugin takes: an upgrade that waits for approval may have dropped something."""
    loaded = access.services.integrations.get(installation.integration_key).manifest
    return None if loaded is None else frozenset(loaded.field_names)


def _is_in_audience(installation: InstallationRecord, person: Mapping[str, Any]) -> bool:
    match installation.holder:
        case Holder.ORGANISATION:
            return True
        case Holder.GROUP:
            return installation.group_id in set(person["groups"])
        case Holder.MEMBER:
            return bool(installation.member_id == person["id"])
