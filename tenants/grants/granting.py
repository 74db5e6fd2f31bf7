"""Grants: what of the declaration an organisation lets flow, by category and purpose, out or in as it is declared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Manifest
from wardship.tenants.access import Access
from wardship.tenants.paging import rows_by_parent
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


class UndeclaredGrantError(InvalidInputError):
    """A grant goes beyond what the integration declares: grant only pairs that the declaration lists."""

    code = "UNDECLARED_GRANT"


@dataclass(frozen=True, slots=True)
class Grantable:
    """A category for a purpose, as one entry of a declaration has them."""

    category: str
    purpose: str


class GrantRecord(Row):
    """One grant; withdrawn ones are kept."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    installation_id: UUID = column("installation_id")
    category: str = column("category")
    purpose: str = column("purpose")
    granted_by: UUID | None = column("granted_by")
    withdrawn_at: datetime | None = column("withdrawn_at")


_COLUMNS = "g.id, g.created_at, g.installation_id, g.category, g.purpose, g.granted_by, g.withdrawn_at"


def declared_pairs(manifest: Manifest) -> list[Grantable]:
    """Return what of a declaration is granted entry by entry: what is received, and what is sent here."""
    received = [Grantable(entry.category, entry.purpose) for entry in manifest.receives]
    return received + [Grantable(entry.category, entry.purpose) for entry in manifest.provides]


def require_declared(manifest: Manifest, grants: Collection[Grantable]) -> None:
    """Refuse grants that the declaration does not list.

    Raises:
        UndeclaredGrantError: naming the first.
    """
    declared = declared_pairs(manifest)
    for grant in grants:
        if grant not in declared:
            raise UndeclaredGrantError(
                f"{manifest.name} does not declare {grant.category} for {grant.purpose}: grant what it declares.",
                path=("grants",),
            )


async def insert_grants(access: Access, installation_id: UUID, grants: Collection[Grantable]) -> list[GrantRecord]:
    """Insert grants and return those that are new; what is granted already stays as it is."""
    unique = sorted(set(grants), key=lambda grant: (grant.category, grant.purpose))
    return await access.fetch_as(
        GrantRecord,
        "insert into integration_grant as g (organisation_id, id, created_at, installation_id, category, purpose,"
        " granted_by) select $1, n.id, $2, $3, n.category, n.purpose, $4"
        " from unnest($5::uuid[], $6::text[], $7::text[]) as n (id, category, purpose)"
        " on conflict (organisation_id, installation_id, category, purpose) where withdrawn_at is null do nothing"
        f" returning {_COLUMNS}",
        access.now,
        installation_id,
        access.actor.member_id,
        [uuid7() for _ in unique],
        [grant.category for grant in unique],
        [grant.purpose for grant in unique],
    )


async def withdraw_all(access: Access, installation_id: UUID) -> int:
    """Withdraw every grant of an installation; return how many were open."""
    return await access.execute(
        "update integration_grant set withdrawn_at = $3, withdrawn_by = $4"
        " where organisation_id = $1 and installation_id = $2 and withdrawn_at is null",
        installation_id,
        access.now,
        access.actor.member_id,
    )


async def withdraw_undeclared(access: Access, installation_id: UUID, manifest: Manifest) -> int:
    """Withdraw the grants that a narrower declaration no longer lists; return how many there were."""
    declared = declared_pairs(manifest)
    return await access.execute(
        "update integration_grant g set withdrawn_at = $3"
        " where organisation_id = $1 and installation_id = $2 and withdrawn_at is null and not exists ("
        " select from unnest($4::text[], $5::text[]) as n (category, purpose)"
        " where n.category = g.category and n.purpose = g.purpose)",
        installation_id,
        access.now,
        [entry.category for entry in declared],
        [entry.purpose for entry in declared],
    )


async def grants_of(
    access: Access, installation_ids: Collection[UUID], *, with_withdrawn: bool = False
) -> dict[UUID, list[GrantRecord]]:
    """Return the grants of each installation, oldest first; the caller has checked who may see the installations."""
    rows = await access.fetch_as(
        GrantRecord,
        f"select {_COLUMNS} from integration_grant g"
        " where organisation_id = $1 and installation_id = any($2::uuid[]) and ($3 or withdrawn_at is null)"
        " order by created_at, category, purpose",
        list(installation_ids),
        with_withdrawn,
    )
    return rows_by_parent(installation_ids, rows, "installation_id")


async def grants_by_ids(access: Access, grant_ids: Collection[UUID]) -> dict[UUID, GrantRecord]:
    """Return those of these grants whose installations the caller may see, by id."""
    parameters = Parameters(access.organisation_id, access.may(Permission.INTEGRATIONS_READ), access.actor.member_id)
    rows = await access.transaction.fetch_as(
        GrantRecord,
        parameters.for_each(
            grant_ids,
            f"select {_COLUMNS} from integration_grant g join installation i on i.organisation_id = g.organisation_id"
            " and i.id = g.installation_id where g.organisation_id = $1 and g.id = w.id"
            " and ($2::boolean or i.member_id = $3::uuid)",
        ),
        *parameters.values,
    )
    return {row.id: row for row in rows}
