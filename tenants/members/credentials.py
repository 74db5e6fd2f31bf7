"""What a member acts with: programs' tokens end with the membership, and a membership lets go of an erased account."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.core.database.engine import Transaction
from wardship.core.tokens.tokens import revoke_tokens_of
from wardship.tenants.access import Access
from wardship.tenants.members.records import MemberState


async def end_credentials(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Revoke the tokens of members who are not active any more; the person makes new ones after coming back."""
    if "state" not in columns:
        return
    rows = await access.fetch(
        "select id from member where organisation_id = $1 and id = any($2::uuid[]) and state <> $3",
        list(member_ids),
        MemberState.ACTIVE.value,
    )
    for token_id in await revoke_tokens_of(access.transaction, [row["id"] for row in rows], at=access.now):
        await access.audit_event(
            AuditEvent("access_token.revoked", "access_token", token_id, purpose="membership_ended")
        )


async def let_go_of_account(transaction: Transaction, account_id: UUID) -> None:
    """Let every membership that is kept wait for an account again, once the one that it had is erased.

    Restored, it is one that nobody has to sign in to; an invitation to its address gives it to who proves that.
    """
    await transaction.execute("select let_go_of_erased($1)", account_id)


async def end_sessions_of(access: Access, member_id: UUID) -> None:
    """Let the sessions that a member has now reach this organisation no more; others have checked who may."""
    await access.execute(
        "update member set sessions_end_at = $3 where organisation_id = $1 and id = $2", member_id, access.now
    )
