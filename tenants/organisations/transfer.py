"""Pass ownership on: offered by the owner, accepted by the other with a second factor shown a moment ago."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from wardship.core.accounts.accounts import recovered_at
from wardship.core.actor import CredentialKind
from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import NoticeKind
from wardship.core.sign_in.authentication import OrganisationSessionError
from wardship.tenants.access import Access
from wardship.tenants.members.admins import lock_admin_capable_members
from wardship.tenants.members.boundary import require_not_frozen
from wardship.tenants.members.fields import ENDED
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import MemberState
from wardship.tenants.members.roles import pass_ownership
from wardship.tenants.notices import tell
from wardship.tenants.organisations.notices import (
    OWNERSHIP_ACCEPTED,
    OWNERSHIP_DECLINED,
    OWNERSHIP_OFFER_OVER,
    OWNERSHIP_OFFERED,
)
from wardship.tenants.permissions import Permission

OFFER_LASTS = timedelta(days=7)

_COLUMNS = "id, created_at, from_member_id, to_member_id, expires_at, decided_at, state"


class TransferOpenError(ConflictError):
    """An offer is open already: cancel it before making another."""

    code = "TRANSFER_OPEN"


class TransferRecord(Row):
    """An offer of ownership; state is ``offered``, ``accepted``, ``declined`` or ``cancelled``."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    from_member_id: UUID = column("from_member_id")
    to_member_id: UUID = column("to_member_id")
    expires_at: datetime = column("expires_at")
    decided_at: datetime | None = column("decided_at")
    state: str = column("state")


async def open_transfer(access: Access) -> TransferRecord | None:
    """Return the open offer, to the one who made it and the one to whom it is made; None to everybody else."""
    return await access.fetchrow_as(
        TransferRecord,
        f"select {_COLUMNS} from ownership_transfer where organisation_id = $1 and state = 'offered'"
        " and expires_at > $2 and $3::uuid in (from_member_id, to_member_id)",
        access.now,
        access.actor.member_id,
    )


async def offer_ownership(access: Access, to_member_id: UUID) -> TransferRecord:
    """Offer ownership to another active member, who has a week to accept.

    Raises:
        InvalidInputError: the member is oneself, not active, or has no account.
        MemberFrozenError: the member joined by a domain that is not proven now.
        TransferOpenError: an offer is open.
        OrganisationSessionError: the owner signed in by the organisation's provider, whose administrator is another.
    """
    member = await member_by_id(access, to_member_id)
    access.require(Permission.OWNERSHIP_TRANSFER)
    _require_second_factor(access)
    if access.actor.is_bound:
        raise OrganisationSessionError
    owner_id = access.require_member()
    has_account = await access.fetchval(
        "select account_id is not null from member where organisation_id = $1 and id = $2", to_member_id
    )
    if to_member_id == owner_id or member.state != MemberState.ACTIVE or not has_account:
        raise InvalidInputError("Offer it to another active member who has signed in.", path=("member_id",))
    await require_not_frozen(access, [to_member_id])
    await _drop_expired(access)
    transfer = await access.fetchrow_as(
        TransferRecord,
        f"""insert into ownership_transfer (organisation_id, id, created_at, from_member_id, to_member_id, expires_at,
            state) values ($1, $2, $3, $4, $5, $6, 'offered') on conflict do nothing returning {_COLUMNS}""",
        uuid7(),
        access.now,
        owner_id,
        to_member_id,
        access.now + OFFER_LASTS,
    )
    if transfer is None:
        raise TransferOpenError("An offer is open already: cancel it first.")
    await access.audit("ownership.offered", "member", to_member_id)
    await _tell(access, OWNERSHIP_OFFERED, to_member_id, transfer.id, until=transfer.expires_at)
    return transfer


async def accept_ownership(access: Access, transfer_id: UUID) -> TransferRecord:
    """Become the owner, as was offered; the former owner becomes an admin.

    Raises:
        NotFoundError: no open offer to the caller, or one from before a recovery of the account.
        StepUpRequiredError: the second factor was not shown a moment ago.
    """
    member_id = access.require_member()
    _require_second_factor(access)
    await lock_admin_capable_members(access)
    transfer = await _decide(access, transfer_id, "accepted", "to_member_id")
    await _require_not_recovered_since(access, transfer)
    await pass_ownership(access, transfer.from_member_id, member_id)
    await access.audit("ownership.accepted", "member", member_id)
    await _tell(access, OWNERSHIP_ACCEPTED, transfer.from_member_id, transfer.id)
    return transfer


async def decline_ownership(access: Access, transfer_id: UUID) -> TransferRecord:
    """Refuse what was offered.

    Raises:
        NotFoundError: no open offer to the caller.
    """
    member_id = access.require_member()
    transfer = await _decide(access, transfer_id, "declined", "to_member_id")
    await access.audit("ownership.declined", "member", member_id)
    await _tell(access, OWNERSHIP_DECLINED, transfer.from_member_id, transfer.id)
    return transfer


async def cancel_ownership_offer(access: Access, transfer_id: UUID) -> TransferRecord:
    """Take back what one offered.

    Raises:
        NotFoundError: no open offer by the caller.
    """
    access.require_member()
    transfer = await _decide(access, transfer_id, "cancelled", "from_member_id")
    await access.audit("ownership.offer_cancelled", "member", transfer.to_member_id)
    await _tell(access, OWNERSHIP_OFFER_OVER, transfer.to_member_id, transfer.id, is_taken_back=True)
    return transfer


async def cancel_transfers_of(access: Access, member_ids: Collection[UUID]) -> None:
    """Cancel what members offered or were offered, and tell the others; for acts that have checked who may."""
    rows = await access.fetch(
        "update ownership_transfer set state = 'cancelled', decided_at = $3"
        " where organisation_id = $1 and (from_member_id = any($2) or to_member_id = any($2)) and state = 'offered'"
        " returning id, from_member_id, to_member_id, expires_at",
        list(member_ids),
        access.now,
    )
    for row in rows:  # one at most is open
        others = {row["from_member_id"], row["to_member_id"]} - set(member_ids)
        for other in others if row["expires_at"] > access.now else ():
            await _tell(access, OWNERSHIP_OFFER_OVER, other, row["id"], is_taken_back=False)


async def cancel_open_transfer(access: Access) -> None:
    """Cancel what is offered to anybody, and tell both; for acts that have checked who may."""
    rows = await access.fetch(
        "select from_member_id from ownership_transfer where organisation_id = $1 and state = 'offered'"
    )
    for row in rows:  # one at most is open
        await cancel_transfers_of(access, [row["from_member_id"]])


async def cancel_transfers(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Cancel what members offered or were offered when the membership has ended."""
    if ENDED in columns:
        await cancel_transfers_of(access, member_ids)


def _require_second_factor(access: Access) -> None:
    """Refuse a token whatever its scopes: nobody has shown a second factor."""
    if access.actor.credential is CredentialKind.TOKEN:
        raise PermissionDeniedError("Ownership is passed on by the people themselves: sign in for it.")
    access.require_step_up()


async def _tell(access: Access, kind: NoticeKind, member_id: UUID, transfer_id: UUID, **values: object) -> None:
    target = ("ownership_transfer", transfer_id)
    await tell(access, kind, [member_id], target=target, once=str(transfer_id), **values)


async def _decide(access: Access, transfer_id: UUID, state: str, party: str) -> TransferRecord:
    transfer = await access.fetchrow_as(
        TransferRecord,
        f"""update ownership_transfer set state = $2, decided_at = $3 where organisation_id = $1 and state = 'offered'
            and expires_at > $3 and id = $4 and {party} = $5 returning {_COLUMNS}""",
        state,
        access.now,
        transfer_id,
        access.actor.member_id,
    )
    if transfer is None:
        raise NotFoundError("No such offer of ownership is open: ask the owner for a new one.", path=("transfer_id",))
    return transfer


async def _require_not_recovered_since(access: Access, transfer: TransferRecord) -> None:
    """Refuse what was offered before the account was recovered: two who rank below an owner may have recovered it."""
    async with access.transaction.reaching(Scope(access.organisation_id, directory=True)):
        moment = await recovered_at(access.transaction, access.actor.account_id)
    if moment is not None and transfer.created_at <= moment:
        raise NotFoundError(
            "Your account was recovered after this was offered: ask the owner for a new offer.", path=("transfer_id",)
        )


async def _drop_expired(access: Access) -> None:
    await access.execute(
        "update ownership_transfer set state = 'cancelled', decided_at = $2"
        " where organisation_id = $1 and state = 'offered' and expires_at <= $2",
        access.now,
    )
