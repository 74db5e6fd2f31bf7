"""Rows for tests: small organisations with people in them, written through the serving role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from wardship.core.actor import Actor, CredentialKind, Role, system_actor
from wardship.core.database.database import Database
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that a test made."""

    id: UUID
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member that a test made, with the account behind it."""

    organisation_id: UUID
    member_id: UUID
    account_id: UUID
    email: str
    display_name: str
    pseudonym: str
    roles: frozenset[Role]

    def actor(self, *, stepped_up: bool = True, at: datetime = NOW, **changes: object) -> Actor:
        """Return the person signed in by a session, the second factor just shown unless told otherwise."""
        values: dict[str, object] = {
            "account_id": self.account_id,
            "organisation_id": self.organisation_id,
            "member_id": self.member_id,
            "roles": self.roles,
            "credential": CredentialKind.SESSION,
            "stepped_up_at": at if stepped_up else None,
        }
        return Actor(**(values | changes))  # type: ignore[arg-type]  # checked by the dataclass's users


async def make_organisation(database: Database, slug: str | None = None, *, name: str | None = None) -> Organisation:
    """Insert an organisation without members."""
    slug = slug or f"organisation-{next(_numbers)}"
    organisation = Organisation(uuid7(), slug, name or slug.replace("-", " ").title())
    async with database.directory() as transaction:
        await transaction.execute(
            "insert into organisation (id, created_at, slug, name) values ($1, $2, $3, $4)",
            organisation.id,
            NOW,
            organisation.slug,
            organisation.name,
        )
    return organisation


async def make_member(
    database: Database,
    organisation: Organisation,
    *roles: Role,
    name: str | None = None,
    email: str | None = None,
    account_id: UUID | None = None,
    **columns: object,
) -> Person:
    """Insert an account with a verified address and its membership; ``columns`` are further columns of `member`."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = email or f"person{number}@example.org"
    held = frozenset(roles) | {Role.MEMBER}
    person = Person(organisation.id, uuid7(), account_id or uuid7(), email, name, f"Pseudonym {number}", held)
    async with database.transaction(Scope(organisation.id, directory=True)) as transaction:
        if account_id is None:
            await _insert_account(transaction, person)
        values = {
            "organisation_id": organisation.id,
            "id": person.member_id,
            "created_at": NOW,
            "account_id": person.account_id,
            "display_name": name,
            "email": email,
            "pseudonym": person.pseudonym,
            "joined_at": NOW,
        } | columns
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await transaction.execute(f"insert into member ({', '.join(values)}) values ({places})", *values.values())
        await transaction.executemany(
            "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
            " values ($1, $2, $3, $4, $5)",
            [(organisation.id, uuid7(), NOW, person.member_id, role.value) for role in sorted(held)],
        )
    return person


async def _insert_account(transaction, person: Person) -> None:
    await transaction.execute(
        "insert into account (id, created_at, display_name) values ($1, $2, $3)",
        person.account_id,
        NOW,
        person.display_name,
    )
    await transaction.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values ($1, $2, $3, $4, true, $2)",
        uuid7(),
        NOW,
        person.account_id,
        person.email,
    )


async def make_group(database: Database, organisation: Organisation, name: str, *people: Person, **columns) -> UUID:
    """Insert a group with these members; ``columns`` are further columns of `user_group`."""
    group_id = uuid7()
    async with database.tenant(organisation.id) as transaction:
        values = {"organisation_id": organisation.id, "id": group_id, "created_at": NOW, "name": name} | columns
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await transaction.execute(f"insert into user_group ({', '.join(values)}) values ({places})", *values.values())
        await transaction.executemany(
            "insert into group_membership (organisation_id, id, created_at, group_id, member_id)"
            " values ($1, $2, $3, $4, $5)",
            [(organisation.id, uuid7(), NOW, group_id, person.member_id) for person in people],
        )
    return group_id


def access_for(
    services: Services, actor: Actor | Person, *, directory: bool = False, read_only: bool = False
) -> AbstractAsyncContextManager[Access]:
    """Return the access of a caller in a transaction of its own, committed at the end."""
    resolved = actor if isinstance(actor, Actor) else actor.actor()
    return _opened(services, resolved, directory=directory, read_only=read_only)


def system_access(services: Services, organisation: Organisation) -> AbstractAsyncContextManager[Access]:
    """Return the system's own access, which reaches the directory too."""
    return _opened(services, system_actor(organisation.id), directory=True, read_only=False)


@asynccontextmanager
async def _opened(services: Services, actor: Actor, *, directory: bool, read_only: bool) -> AsyncIterator[Access]:
    scope = Scope(actor.organisation_id, directory=directory, read_only=read_only)
    async with services.database.transaction(scope) as transaction:
        yield Access(actor, transaction, services, "test-request")
