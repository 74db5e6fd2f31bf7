"""Disown a membership that was made without the person: by an administrator's entry, an import, or a domain's policy.

Whoever proves the mailbox may. The membership ends, what recipients got is taken back as after every end, the erasure
of what was entered is asked for with the identity proven, and the address is not entered again.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import Actor, CredentialKind
from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import ConflictError, NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.accounts.own import require_own_account
from wardship.tenants.members.membership import end_disowned
from wardship.tenants.members.tombstones import set_tombstones
from wardship.tenants.notices import tell_permitted
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.identity import accept_identity
from wardship.tenants.requests.insert import insert_request, insert_rights
from wardship.tenants.requests.notices import MEMBERSHIP_DISOWNED
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.visibility import lock_request

_MADE: Final = "select * from memberships_made_for($1)"


class NotDisownableError(ConflictError):
    """You agreed to this membership yourself: ask for its erasure, or for its end, in the organisation."""

    code: ClassVar[str] = "NOT_DISOWNABLE"


class MadeMembership(Row):
    """A membership that somebody else made for an address of the caller's.

    Attributes:
        id: of the membership.
        created_at: when it was made.
        address: of the caller's account, under which it was made.
        is_joined: whether the policy of a domain made it, so that the account is a member already.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    organisation_id: UUID = column("organisation_id")
    organisation_name: str = column("organisation_name")
    address: str = column("address")
    is_joined: bool = column("is_joined")


async def made_memberships(access: Access) -> list[MadeMembership]:
    """Return the memberships that others made for proven addresses of the caller's, and the caller never agreed to.

    Raises:
        SessionRequiredError: the caller showed a token.
    """
    return await access.transaction.fetch_as(MadeMembership, _MADE, require_own_account(access))


async def disown_membership(access: Access, member_id: UUID) -> MadeMembership:
    """End a membership that was made without the caller, and ask for the erasure of what was entered; return it.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: nobody made such a membership for an address of the caller's.
        LastAdminError: nobody would be left to administer the organisation.
    """
    account_id = require_own_account(access)
    access.require_step_up()
    made = next((each for each in await made_memberships(access) if each.id == member_id), None)
    if made is None:
        raise NotFoundError(
            "Nobody made such a membership for an address of yours without you: see `madeMemberships`.",
            path=("membership_id",),
        )
    actor = Actor(
        account_id,
        made.organisation_id,
        member_id,
        frozenset(),
        CredentialKind.SESSION,
        stepped_up_at=access.actor.stepped_up_at,
    )
    async with access.transaction.reaching(Scope(made.organisation_id, directory=True)):
        await _disown(replace(access, actor=actor), made)
    return made


async def _disown(there: Access, made: MadeMembership) -> None:
    await end_disowned(there, made.id)
    await set_tombstones(there, emails=[made.address], phones=[], usernames=[])
    await _ask_for_erasure(there, made.id)
    await tell_permitted(
        there, MEMBERSHIP_DISOWNED, Permission.REQUESTS_DECIDE, target=("member", made.id), but=[made.id]
    )


async def _ask_for_erasure(there: Access, member_id: UUID) -> None:
    """Ask for the erasure of what was entered, as the person would: the second factor was shown a moment ago."""
    country = await there.transaction.fetchval("select member_residence($1)", member_id) or ""
    request_id = await insert_request(there, member_id, country, "", secrets.token_urlsafe(24))
    await insert_rights(there, request_id, {RightKind.ERASURE: {}})
    locked = await lock_request(there, request_id)
    await record_event(there, locked.request, "submitted")
    await there.audit("request.submitted", "data_request", request_id, rights=["erasure"], reason="disowned")
    await accept_identity(there, locked, "second_factor")
