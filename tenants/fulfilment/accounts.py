"""What the provider does with an account, as its owner asked."""

from __future__ import annotations

from uuid import UUID

from wardship.core.accounts.accounts import rename_account
from wardship.core.sign_in.sessions import end_every_sign_in
from wardship.tenants.access import Access


async def account_of_customer(access: Access, member_id: UUID) -> UUID | None:
    """Return the account of one of the provider's customers; None once it is gone."""
    account_id: UUID | None = await access.fetchval(
        "select account_id from member where organisation_id = $1 and id = $2", member_id
    )
    return account_id


async def reason_to_keep(access: Access, member_id: UUID) -> str | None:
    """Return why the provider neither closes nor erases an account now, as a code; None where nothing is in the way.

    Who is an active member of an organisation asks there. Who is of the staff, or administers an organisation that
    is suspended, is so until that has ended.
    """
    account_id = await account_of_customer(access, member_id)
    if account_id is None:
        return None
    if await access.transaction.fetchval("select account_is_active_member($1)", account_id):
        return "belongs_to_an_organisation"
    if await access.transaction.fetchval("select exists (select from staff where account_id = $1)", account_id):
        return "belongs_to_staff"
    return "last_admin" if await access.transaction.fetchval("select account_administers($1)", account_id) else None


async def correct_account(access: Access, member_id: UUID, display_name: str) -> None:
    """Correct the name of a customer's account: it is what the provider holds of a profile."""
    account_id = await account_of_customer(access, member_id)
    if account_id is not None:
        await rename_account(access.transaction, account_id, display_name)


async def close_sign_ins(access: Access, member_id: UUID) -> None:
    """End every session, link and code of a customer's account, because he or she asked to close it."""
    account_id = await account_of_customer(access, member_id)
    if account_id is not None:
        await end_every_sign_in(access.transaction, account_id)
