"""The provider's staff, with accounts and addresses, and those of a firm who decide."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from tests.requesting import Firm
from wardship.core.actor import StaffRole
from wardship.core.identifiers import uuid7


async def make_staff(owner: asyncpg.Connection, role: StaffRole, address: str, account_id: UUID | None = None) -> str:
    """Appoint somebody to the staff, with an account and this verified address, and return the address."""
    account_id = account_id or uuid7()
    await owner.execute("insert into account (id, created_at, display_name) values ($1, now(), 'Somebody')", account_id)
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values (gen_random_uuid(), now(), $1, $2, true, now())",
        account_id,
        address,
    )
    await owner.execute(
        "insert into staff (id, created_at, account_id, role) values (gen_random_uuid(), now(), $1, $2)",
        account_id,
        role.value,
    )
    return address


def deciders(firm: Firm) -> list[str]:
    """Return the addresses of those who decide on requests in a firm, in order."""
    return sorted(person.email for person in (firm.owner, firm.admin, firm.officer))
