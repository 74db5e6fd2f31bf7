"""What belongs to a copy beside the person's own rows: who received what, who looked, who quoted the person."""

from __future__ import annotations

from uuid import UUID

import msgspec

from wardship.tenants.access import Access


class Recipient(msgspec.Struct, frozen=True):
    """Who received which categories for which purposes, how often, first and last (RFC 3339)."""

    name: str
    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    disclosures: int
    first_at: str
    last_at: str


class Look(msgspec.Struct, frozen=True):
    """When somebody looked at the person's data, in which capacity, and at which categories."""

    at: str
    by: str
    categories: tuple[str, ...]


class Change(msgspec.Struct, frozen=True):
    """When something was done to the person's membership, and what."""

    at: str
    action: str


class Quote(msgspec.Struct, frozen=True):
    """A text by somebody else that mentions the person."""

    at: str
    text: str


async def recipients(access: Access, member_id: UUID) -> list[Recipient]:
    """Return who received the person's data, from the ledger."""
    rows = await access.fetch(
        "select d.recipient, count(distinct d.id) as disclosures, min(d.created_at) as first_at,"
        " max(d.created_at) as last_at, array_agg(distinct c order by c) as categories,"
        " (select array_agg(distinct p order by p) from disclosure e, unnest(e.purposes) as p"
        " where e.organisation_id = $1 and e.member_id = $2 and e.recipient = d.recipient) as purposes"
        " from disclosure d, unnest(d.categories) as c"
        " where d.organisation_id = $1 and d.member_id = $2 and d.state <> 'not_sent' group by d.recipient"
        " order by d.recipient",
        member_id,
    )
    return [
        Recipient(
            row["recipient"],
            tuple(row["categories"]),
            tuple(row["purposes"] or ()),
            row["disclosures"],
            row["first_at"].isoformat(),
            row["last_at"].isoformat(),
        )
        for row in rows
    ]


async def looks(access: Access, member_id: UUID) -> list[Look]:
    """Return who looked at the person's data, by capacity: who it was is another person's data."""
    rows = await access.fetch(
        "select d.created_at, d.actor_kind, d.categories from data_access_person p"
        " join data_access d on d.organisation_id = p.organisation_id and d.id = p.id"
        " where p.organisation_id = $1 and p.member_id = $2 order by p.id",
        member_id,
    )
    return [Look(row["created_at"].isoformat(), row["actor_kind"], tuple(row["categories"])) for row in rows]


async def changes(access: Access, member_id: UUID) -> list[Change]:
    """Return what was done to the person's membership, from the audit."""
    rows = await access.fetch(
        "select created_at, action from audit_entry where organisation_id = $1 and target_id = $2 order by sequence",
        member_id,
    )
    return [Change(row["created_at"].isoformat(), row["action"]) for row in rows]


async def quotes(access: Access, member_id: UUID) -> dict[UUID, Quote]:
    """Return texts of others that mention the person, by the id of the post; who wrote them is left out."""
    rows = await access.fetch(
        "select p.id, p.created_at, p.body from mention m"
        " join post p on p.organisation_id = m.organisation_id and p.id = m.post_id"
        " where m.organisation_id = $1 and m.member_id = $2 and p.author_id <> $2 order by p.created_at, p.id",
        member_id,
    )
    return {row["id"]: Quote(row["created_at"].isoformat(), row["body"]) for row in rows}
