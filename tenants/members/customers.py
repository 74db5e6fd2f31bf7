"""Customers of the provider: people who belong to no organisation, and ask the provider about their account."""

from __future__ import annotations

from uuid import UUID

from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.members.insert import new_pseudonym


async def enter_customer(access: Access, account_id: UUID, *, display_name: str, email: str) -> UUID:
    """Return the membership of an account at the provider, made if there is none, with name and address as they are.

    Args:
        access: the account's own, at the provider.
        account_id: whose.
        display_name: the account's, 1 to 200 characters.
        email: its primary address; empty when it has none.
    """
    # An address belongs to one account: who had it before has it no more.
    await access.execute(
        "update member set email = '' where organisation_id = $1 and email = $2 and email <> ''"
        " and account_id is distinct from $3",
        email,
        account_id,
    )
    member_id: UUID = await access.fetchval(
        "insert into member (organisation_id, id, created_at, joined_at, account_id, display_name, email, pseudonym)"
        " values ($1, $2, $3, $3, $4, $5, $6, $7) on conflict (organisation_id, account_id)"
        " where account_id is not null do update set display_name = excluded.display_name, email = excluded.email"
        " returning id",
        uuid7(),
        access.now,
        account_id,
        display_name,
        email,
        new_pseudonym(),
    )
    added = await access.execute(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role) values ($1, $2, $3, $4, $5)"
        " on conflict (organisation_id, member_id, role) do nothing",
        uuid7(),
        access.now,
        member_id,
        Role.CUSTOMER.value,
    )
    if added:
        await access.audit("member.added", "member", member_id, roles=[Role.CUSTOMER.value])
    return member_id
