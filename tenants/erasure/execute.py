"""Erase what the registry declares: a person's rows in an organisation, and the account with the last membership."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wardship.core.accounts.accounts import mark_erased
from wardship.core.accounts.tombstones import suppress
from wardship.core.mail import forget_mail, forget_organisation_mail
from wardship.core.openid.erased_identities import bury_all_identities, bury_identities
from wardship.core.openid.identities import delete_identities
from wardship.core.sign_in.sessions import end_every_sign_in
from wardship.core.tokens.tokens import remove_tokens
from wardship.tenants.access import Access
from wardship.tenants.account_claims.write import forget_claimed_account
from wardship.tenants.erasure.plan import NOTHING_KEPT, account_statements, tenant_statements
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.erasure.texts import copied_texts, text_tables
from wardship.tenants.limitations.limits import Limits
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.credentials import let_go_of_account


async def erase_rows(
    access: Access,
    member_id: UUID,
    rewriting: Rewriting,
    limits: Limits = NOTHING_KEPT,
) -> dict[str, int]:
    """Rewrite the person in everybody's texts, then treat the person's own rows; return the rows touched, by table.

    Args:
        access: the system's own.
        member_id: whose rows.
        rewriting: what the person is known by, and what stands in its place.
        limits: what stays as it is.
    """
    held = access.services.nouns.held
    rows = {table.name: await rewriting.rewrite(table) for table in text_tables(held, limits)}
    for statement in tenant_statements(held, limits):
        both = (access.organisation_id, member_id)
        arguments = (*both, rewriting.pseudonym) if statement.uses_pseudonym else both
        count = await access.transaction.execute(statement.sql, *arguments)
        rows[statement.table] = rows.get(statement.table, 0) + count
    copies = rewriting.of_copies()
    for table in copied_texts(held, limits):  # of others: the person's own are gone
        rows[table.name] = rows.get(table.name, 0) + await copies.rewrite(table)
    return {table: count for table, count in sorted(rows.items()) if count}


async def end_account(access: Access, account_id: UUID, known: Identifiers) -> bool:
    """End the account's access here, and erase it unless it is needed elsewhere; return whether it was erased."""
    place, keys = access.organisation_id, access.services.keys
    await bury_identities(access.transaction, keys, account_id, place, at=access.now)
    await end_every_sign_in(access.transaction, account_id)
    await remove_tokens(access.transaction, account_id, place)
    await forget_organisation_mail(access.transaction, account_id, place)
    is_erased = await _erase_account_if_last(access, account_id, known)
    await delete_identities(access.transaction, place, account_id=account_id)
    return is_erased


async def _erase_account_if_last(access: Access, account_id: UUID, known: Identifiers) -> bool:
    """Erase the account unless the person is a member elsewhere or of the provider's staff, or it is erased already.

    Its row stays, empty, because the audit names it; its addresses get tombstones for every organisation. Where the
    provider itself was asked for it, only an active membership keeps the account: what organisations hold is theirs.
    """
    is_needed = await access.transaction.fetchval(
        "select case when $2 then account_is_active_member($1) else account_has_membership($1) end"
        " or exists (select from staff where account_id = $1)"
        " or exists (select from account where id = $1 and state = 'erased')",
        account_id,
        access.actor.is_at_provider,
    )
    if is_needed:
        return False
    addresses = sorted(known.emails)
    keys = access.services.keys
    await suppress(access.transaction, keys, {"email": addresses}, organisation_id=None, at=access.now)
    await bury_all_identities(access.transaction, keys, account_id, at=access.now)
    await erase_account(access, account_id, addresses)
    return True


async def erase_account(access: Access, account_id: UUID, addresses: Sequence[str]) -> None:
    """Erase what the directory holds of an account; its row stays, empty. Others have checked that it may go.

    Args:
        access: the system's own, whose transaction reaches the directory.
        account_id: whose account.
        addresses: its own, and those by which the person was known: links and mail to them go too.
    """
    for statement in account_statements(access.services.nouns.held):
        arguments: tuple[object, ...] = (account_id, list(addresses)) if "$2" in statement.sql else (account_id,)
        await access.transaction.execute(statement.sql, *arguments)
    await mark_erased(access.transaction, account_id, at=access.now)
    await let_go_of_account(access.transaction, account_id)
    await forget_claimed_account(access.transaction, account_id)
    for address in addresses:
        await forget_mail(access.transaction, access.services.settings, access.services.keys, address)
