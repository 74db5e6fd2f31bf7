"""End sessions in an organisation: because its administrator, its directory or its provider says so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from wardship.core.accounts.events import EventKind
from wardship.core.errors import ConflictError
from wardship.core.openid.flows import note_logout
from wardship.core.openid.identities import delete_identities
from wardship.core.sign_in.bound_sessions import end_bound_sessions, end_provider_sessions
from wardship.core.sign_in.call import Call
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import own_call
from wardship.tenants.members.credentials import end_sessions_of
from wardship.tenants.members.ranks import require_below
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import MemberRecord, MemberState
from wardship.tenants.notices import tell
from wardship.tenants.permissions import Permission
from wardship.tenants.single_sign_on.notices import SESSIONS_ENDED
from wardship.tenants.single_sign_on.records import ProviderRecord


class NoAccountError(ConflictError):
    """The member has no account, and so neither sessions nor an identity at the provider."""

    code = "NO_ACCOUNT"


async def end_member_sessions(access: Access, member_id: UUID) -> MemberRecord:
    """End what a member's sessions reach here: those of the provider at once, of others this organisation alone.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        NotBelowYouError: the member ranks as high as the caller, or above.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NoAccountError: there are none.
    """
    member, account_id = await _managed(access, member_id)
    await end_sessions_of(access, member_id)
    async with in_directory(access):
        await end_bound_sessions(access.transaction, access.organisation_id, account_ids=[account_id])
        await own_call(access).record(
            access.transaction,
            account_id,
            EventKind.SESSIONS_ENDED_BY_ORGANISATION,
            organisation_id=access.organisation_id,
        )
    await access.audit("member.sessions_ended", "member", member_id)
    link = f"{access.services.settings.public_url}/console"
    await tell(access, SESSIONS_ENDED, [member_id], target=("member", member_id), link=link)
    return member


async def disconnect_member(access: Access, member_id: UUID) -> MemberRecord:
    """Let the provider vouch for a member no more: the next sign-in by it asks again whose account it is.

    For somebody whose account at the provider was made again, or was connected with the wrong one.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        NotBelowYouError: the member ranks as high as the caller, or above.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NoAccountError: there is none.
    """
    member, account_id = await _managed(access, member_id)
    async with in_directory(access):
        await delete_identities(access.transaction, access.organisation_id, account_id=account_id)
    await access.audit("member.disconnected", "member", member_id)
    link = f"{access.services.settings.public_url}/console"
    await tell(access, SESSIONS_ENDED, [member_id], target=("member", member_id), link=link)
    return member


async def end_sessions_of_leavers(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """End the sessions of members who are not active any more, whoever has ended that."""
    if "state" not in columns:
        return
    rows = await access.fetch(
        "select account_id from member where organisation_id = $1 and id = any($2::uuid[]) and state <> $3"
        " and account_id is not null",
        list(member_ids),
        MemberState.ACTIVE.value,
    )
    if rows:
        async with in_directory(access):
            await end_bound_sessions(
                access.transaction, access.organisation_id, account_ids=[row["account_id"] for row in rows]
            )


async def end_by_provider(access: Access, call: Call, provider: ProviderRecord, claims: dict[str, Any]) -> None:
    """End the sessions that a logout token names, which was checked; one that was shown before does nothing.

    Args:
        access: of the organisation; its transaction reaches the directory.
        call: the moment, and who sent it.
        provider: whose token it is.
        claims: of the token.
    """
    if not await note_logout(access.transaction, provider.issuer, claims["jti"], at=access.now):
        return
    subject, session = (claims.get(name) if isinstance(claims.get(name), str) else None for name in ("sub", "sid"))
    ended = await end_provider_sessions(access.transaction, access.organisation_id, provider.issuer, subject, session)
    for account_id in ended:
        await call.record(
            access.transaction,
            account_id,
            EventKind.SESSIONS_ENDED_BY_ORGANISATION,
            organisation_id=access.organisation_id,
        )
    await access.audit("session.ended", "identity_provider", provider.id, by="identity_provider", count=len(ended))


async def _managed(access: Access, member_id: UUID) -> tuple[MemberRecord, UUID]:
    member = await member_by_id(access, member_id)
    access.require(Permission.SINGLE_SIGN_ON_MANAGE)
    access.require_step_up()
    await require_below(access, member_id)
    account_id = await access.fetchval(
        "select account_id from member where organisation_id = $1 and id = $2", member_id
    )
    if account_id is None:
        raise NoAccountError("This member has no account, and so no sessions.", path=("member_id",))
    return member, account_id
