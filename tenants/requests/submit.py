"""Ask: one request with one or more rights, each decided on its own (requirement D1)."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.accounts.residence import checked_country
from wardship.core.actor import CredentialKind
from wardship.core.errors import ConflictError, InvalidInputError, PermissionDeniedError
from wardship.tenants.access import STEP_UP_LASTS, Access
from wardship.tenants.members.contact_address import proven_address
from wardship.tenants.requests.customers import become_customer, require_held_by_provider, tell_taken_in
from wardship.tenants.requests.details import checked_details
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.identity import accept_identity, mail_identity_code
from wardship.tenants.requests.insert import insert_request, insert_rights
from wardship.tenants.requests.records import RequestRecord
from wardship.tenants.requests.states import TERMINAL, RightKind
from wardship.tenants.requests.terms import residence_of
from wardship.tenants.requests.visibility import lock_request

MOST_OPEN: Final = 20
MOST_A_DAY: Final = 20
_A_DAY: Final = timedelta(days=1)
_REPEATABLE: Final = {RightKind.CORRECTION, RightKind.OBJECTION, RightKind.CONSENT_WITHDRAWAL}
"""May be open twice at once where they are about different things: who asks the same again did not get the answer."""


class AlreadyAskedError(ConflictError):
    """The same right is already being dealt with: look at the open request, or withdraw it first."""

    code = "ALREADY_ASKED"


@dataclass(frozen=True, slots=True)
class RequestedRight:
    """One right that is asked for; ``details`` as ``requests.details`` takes them."""

    kind: RightKind
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A request that was taken in.

    Attributes:
        request: as it then is; its identity is proven already by a second factor shown a moment ago.
        reference: what only the person is given, once: it opens the certificate, even after the account is gone.
    """

    request: RequestRecord
    reference: str


async def submit_request(
    access: Access, asked: Sequence[RequestedRight], *, country: str | None = None, work_country: str = ""
) -> Submitted:
    """Take in a request of the caller about the own data; the due date is set here, once.

    A person who has left the organisation but still has the account may ask too, and who belongs to none asks the
    provider. Nothing is disclosed or changed before
    the identity is proven: by the second factor shown a moment ago, else by a code that is mailed.

    Args:
        access: the person.
        asked: at least one right, each kind once.
        country: of residence (ISO 3166, two letters); None takes the account's.
        work_country: where the person works, for complaints; may be empty.

    Raises:
        InvalidInputError: no right, one twice, wrong particulars, or a recipient that does not exist.
        AddressNotProvenError: the address is to be corrected to one that the account has not proven.
        AlreadyAskedError: the same right is open in another request.
        PermissionDeniedError: the caller was never a member here.
    """
    access.require_scope("write")
    rights = _checked(asked)
    member_id = await _asker(access, rights)
    rights = [await _with_proven_address(access, item) for item in rights]
    await _require_recipients(access, rights)
    await _require_not_open(access, member_id, rights)
    if country is None:
        residence = await residence_of(access, member_id)
    else:
        residence = checked_country(country, "country")
    reference, work = secrets.token_urlsafe(24), checked_country(work_country, "work_country")
    request_id = await insert_request(access, member_id, residence, work, reference)
    await insert_rights(access, request_id, {item.kind: item.details for item in rights})
    locked = await lock_request(access, request_id)
    await record_event(access, locked.request, "submitted")
    kinds, law, due_at = sorted(item.kind for item in rights), locked.request.regime, locked.request.due_at.isoformat()
    await access.audit("request.submitted", "data_request", request_id, rights=kinds, regime=law, due_at=due_at)
    is_proven = _second_factor_is_fresh(access)
    if access.actor.is_at_provider:
        await tell_taken_in(access, locked, reference, is_proven=is_proven)
    elif not is_proven:
        await mail_identity_code(access, locked)
    if is_proven:
        locked = await accept_identity(access, locked, "second_factor")
    return Submitted(locked.request, reference)


async def _asker(access: Access, rights: Sequence[RequestedRight]) -> UUID:
    if access.actor.is_at_provider:
        for item in rights:
            require_held_by_provider(item.kind, item.details)
        return await become_customer(access)
    if access.actor.member_id is None:
        raise PermissionDeniedError("Only a present or past member of this organisation can ask this here.")
    return access.actor.member_id


def _second_factor_is_fresh(access: Access) -> bool:
    shown = access.actor.stepped_up_at
    is_session = access.actor.credential is CredentialKind.SESSION
    return is_session and shown is not None and access.now - shown <= STEP_UP_LASTS


def _checked(asked: Sequence[RequestedRight]) -> list[RequestedRight]:
    if not asked:
        raise InvalidInputError("Ask for at least one right.", path=("rights",))
    kinds = [item.kind for item in asked]
    if len(set(kinds)) != len(kinds):
        raise InvalidInputError("Ask for each right once.", path=("rights",))
    return [RequestedRight(item.kind, checked_details(item.kind, item.details)) for item in asked]


async def _with_proven_address(access: Access, item: RequestedRight) -> RequestedRight:
    """Return a right whose corrected address, if there is one, is one that the caller's account has proven.

    Raises:
        AddressNotProvenError, ErasedAddressError, AlreadyMemberError: see ``proven_address``.
    """
    fields = item.details.get("fields")
    if not isinstance(fields, dict) or "email" not in fields:
        return item
    proven = await proven_address(access, fields["email"])
    return RequestedRight(item.kind, {**item.details, "fields": {**fields, "email": proven}})


async def _require_recipients(access: Access, rights: Sequence[RequestedRight]) -> None:
    wanted = {UUID(str(named)) for item in rights if (named := item.details.get("installation_id"))}
    known = await access.fetch(
        "select id from installation where organisation_id = $1 and id = any($2::uuid[])", list(wanted)
    )
    if wanted - {row["id"] for row in known}:
        raise InvalidInputError("No such recipient: take it from those that hold your data.", path=("installation_id",))


async def _require_not_open(access: Access, member_id: UUID, rights: Collection[RequestedRight]) -> None:
    await access.fetchval("select id from member where organisation_id = $1 and id = $2 for no key update", member_id)
    rows = await access.fetch(
        "select g.kind, g.request_id, g.details from request_right g"
        " join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id"
        " where r.organisation_id = $1 and r.member_id = $2 and g.state <> all($3::text[])",
        member_id,
        sorted(TERMINAL),
    )
    if len({row["request_id"] for row in rows}) >= MOST_OPEN:
        raise AlreadyAskedError(f"You have {MOST_OPEN} open requests: wait for one, or withdraw one.")
    asked_today = await access.fetchval(
        "select count(*) from data_request where organisation_id = $1 and member_id = $2 and submitted_at > $3",
        member_id,
        access.now - _A_DAY,
    )
    if asked_today >= MOST_A_DAY:
        raise AlreadyAskedError(f"You have asked {MOST_A_DAY} times within a day: wait until tomorrow.")
    asked = {item.kind: item.details for item in rights}
    for row in rows:
        kind = RightKind(row["kind"])
        if kind in asked and (kind not in _REPEATABLE or msgspec.json.decode(row["details"]) == asked[kind]):
            raise AlreadyAskedError(f"An open request already asks for {kind}: look at it first.")
