"""Erase a member from an organisation, and the account with the last membership, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from wardship.core.accounts.tombstones import suppress
from wardship.core.audit.log import AuditEvent
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.erasure.account import end_access, erase_account_if_last
from wardship.tenants.erasure.identifiers import Identifiers, identifiers_of, pattern
from wardship.tenants.erasure.plan import Step, Treatment, tenant_steps
from wardship.tenants.erasure.remains import close_other_requests, destroy_exports
from wardship.tenants.groups.people import leave_all_groups
from wardship.tenants.invitations.invite import revoke_invitations_to
from wardship.tenants.members.membership import end_membership
from wardship.tenants.organisations.transfer import cancel_transfers_of


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: rows touched by table, and whether the account went too."""

    rows: dict[str, int]
    with_account: bool


async def erase_member(access: Access, member_id: UUID) -> Erased:
    """Erase a person from the organisation: every column as the registry declares, here and in what others wrote.

    The row stays under the pseudonym, so that shared content keeps an author. The transaction must reach the directory.
    Obligations to recipients are made by the caller before, while the identifiers that they need are still here.

    Raises:
        NotFoundError: no such member, or erased already.
    """
    row = await access.transaction.fetchrow(
        "select account_id, pseudonym from member where organisation_id = $1 and id = $2 and state <> 'erased'"
        " for update",
        access.organisation_id,
        member_id,
    )
    if row is None:
        raise NotFoundError("No such member, or erased already: there is nothing to erase.", path=("member",))
    known = await identifiers_of(access, member_id)
    await revoke_invitations_to(access, known.emails)
    await destroy_exports(access, member_id)
    rows = await _run(access, member_id, row["pseudonym"], pattern(known))
    await end_membership(access, member_id)
    await leave_all_groups(access, member_id)
    await cancel_transfers_of(access, member_id)
    await close_other_requests(access, member_id)
    await _suppress(access, known, access.organisation_id)
    with_account = False
    if row["account_id"] is not None:
        await end_access(access, row["account_id"])
        with_account = await erase_account_if_last(access, row["account_id"], known)
    details = {"rows": dict(sorted(rows.items())), "account": with_account}
    await access.audit(AuditEvent("member.erased", "member", member_id, details=details))
    return Erased(rows, with_account)


async def _run(access: Access, member_id: UUID, pseudonym: str, wanted: str) -> dict[str, int]:
    rows: dict[str, int] = {}
    for step in tenant_steps():
        arguments = _arguments(access, step, member_id, pseudonym, wanted)
        if arguments is not None:
            rows[step.table] = rows.get(step.table, 0) + await access.transaction.execute(step.sql, *arguments)
    return {table: count for table, count in rows.items() if count}


def _arguments(access: Access, step: Step, member_id: UUID, pseudonym: str, wanted: str) -> tuple[object, ...] | None:
    if step.treatment is Treatment.REWRITE:
        return (access.organisation_id, wanted, pseudonym) if wanted else None
    both = (access.organisation_id, member_id)
    return (*both, pseudonym) if step.uses_pseudonym else both


async def _suppress(access: Access, known: Identifiers, organisation_id: UUID | None) -> None:
    """Set tombstones, so that no import, invitation or synchronisation brings the person back unasked (F8)."""
    keys, at = access.services.keys, access.now
    await suppress(access.transaction, keys, known.emails, organisation_id=organisation_id, at=at)
    await suppress(access.transaction, keys, known.phones, organisation_id=organisation_id, at=at, kind="phone")
    await suppress(access.transaction, keys, known.usernames, organisation_id=organisation_id, at=at, kind="username")
