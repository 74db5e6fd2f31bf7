"""A populated organisation in which every operation has something to act on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from tests.builders import NOW, Organisation, Person, make_group, make_member, make_organisation
from tests.graphql.calls import gid
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Services

ROLES = {
    "owner": Role.ORG_OWNER,
    "admin": Role.ORG_ADMIN,
    "officer": Role.PRIVACY_OFFICER,
    "auditor": Role.AUDITOR,
    "billing": Role.BILLING_CONTACT,
    "technical": Role.TECHNICAL_CONTACT,
    "administrative": Role.ADMINISTRATIVE_CONTACT,
    "group_owner": Role.MEMBER,
    "group_admin": Role.MEMBER,
    "member": Role.MEMBER,
    "subject": Role.TECHNICAL_CONTACT,
    "sleeper": Role.MEMBER,
    "outsider": Role.MEMBER,
}
"""Who is in the organisation. ``subject`` is whom others act on, ``sleeper`` is deactivated, ``outsider`` in no
group; the owner and the subject are not in each other's way."""

PRIVACY_TEAM = frozenset({StaffRole.PRIVACY_TEAM})
IN_TEAM = ("group_owner", "group_admin", "member", "subject", "sleeper")


@dataclass
class World:
    """An organisation with people, and the identifiers of what is in it.

    Attributes:
        services: the deployment's.
        owner: a connection that sees past row-level security.
        organisation: the organisation.
        people: by the names of ``ROLES``.
        ids: of everything else, by names that the samples choose.
        digests: of what is committed by its digest, likewise.
    """

    services: Services
    owner: asyncpg.Connection
    organisation: Organisation
    people: dict[str, Person]
    ids: dict[str, UUID] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def id_of(self, type_name: str, name: str) -> str:
        """The global id of a person or thing by its name here."""
        found = self.people[name].member_id if name in self.people else self.ids[name]
        return gid(type_name, found)

    def actors(self) -> dict[str, Actor | None]:
        """Everybody who may call, by the name of the column in the matrix."""
        people = {
            name: self.people[name].actor(credential_id=self.people[name].account_id)
            for name in ROLES
            if name not in {"subject", "sleeper", "outsider"}
        }
        owner = people["owner"]
        token = replace(owner, credential=CredentialKind.TOKEN, stepped_up_at=None)
        staff = replace(
            owner, account_id=self.ids["staff"], member_id=None, roles=frozenset(), staff_roles=PRIVACY_TEAM
        )
        at_provider = replace(staff, organisation_id=PROVIDER_ID)
        return {
            "anonymous": None,
            **people,
            "privacy_team": staff,
            "team_at_home": at_provider,
            "operator": replace(at_provider, staff_roles=frozenset({StaffRole.OPERATOR})),
            "vendor": replace(at_provider, staff_roles=frozenset({StaffRole.VENDOR})),
            "customer": replace(at_provider, staff_roles=frozenset(), roles=frozenset({Role.CUSTOMER})),
            "token_read": replace(token, scopes=frozenset({"read"})),
            "token_write": replace(token, scopes=frozenset({"read", "write"})),
            "token_admin": replace(token, scopes=frozenset({"read", "write", "admin"})),
            "not_stepped_up": replace(owner, stepped_up_at=NOW - timedelta(hours=1)),
        }

    async def insert(self, table: str, **columns: Any) -> UUID:
        """Insert a row of the organisation past every rule, and return its id."""
        values = {"organisation_id": self.organisation.id, "id": uuid7(), "created_at": NOW} | columns
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await self.owner.execute(
            f"insert into {table} ({', '.join(values)}) values ({places})",
            *values.values(),
        )
        return values["id"]


Populate = Callable[[World], Awaitable[None]]


async def make_world(services: Services, owner: asyncpg.Connection, tag: str, populate: list[Populate]) -> World:
    """Make an organisation in whose every text the tag stands, and let every noun add what it needs."""
    organisation = await make_organisation(services.database, tag.lower(), name=f"{tag} organisation")
    people = {
        name: await make_member(
            services.database,
            organisation,
            role,
            name=f"{tag} {name}",
            email=f"{name}@{tag.lower()}.example.org",
            phone=f"{tag} phone",
            job_title=f"{tag} title",
        )
        for name, role in ROLES.items()
    }
    world = World(services, owner, organisation, people)
    team = [people[name] for name in IN_TEAM]
    world.ids["team"] = await make_group(services.database, organisation, f"{tag} team", *team)
    world.ids["empty_group"] = await make_group(services.database, organisation, f"{tag} empty")
    for name in ("group_owner", "group_admin"):
        await owner.execute("update group_membership set role = $2 where member_id = $1", people[name].member_id, name)
    await owner.execute("update member set state = 'deactivated' where id = $1", people["sleeper"].member_id)
    world.ids["staff"] = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, $2)", world.ids["staff"], NOW)
    for add in populate:
        await add(world)
    return world
