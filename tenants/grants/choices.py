"""A member's own choices: consent to a purpose, objection to a purpose or a recipient; acting on the future only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_member
from wardship.tenants.installations.records import find_installations, installation_not_found
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.obligations.objections import tell_objection, tell_objection_withdrawn
from wardship.tenants.paging import rows_by_parent
from wardship.tenants.permissions import Permission


class ChoiceMadeError(ConflictError):
    """This choice is in force already, or was withdrawn before: nothing has changed."""

    code = "CHOICE_MADE"


class ConsentRecord(Row):
    """A consent: to a purpose, for a category (empty: any but special ones) and a recipient (None: any)."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    member_id: UUID = column("member_id")
    purpose: str = column("purpose")
    category: str = column("category")
    installation_id: UUID | None = column("installation_id")
    withdrawn_at: datetime | None = column("withdrawn_at")


class ObjectionRecord(Row):
    """An objection: to a purpose (empty: any) and a recipient (None: any)."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    member_id: UUID = column("member_id")
    purpose: str = column("purpose")
    installation_id: UUID | None = column("installation_id")
    request_id: UUID | None = column("request_id")
    withdrawn_at: datetime | None = column("withdrawn_at")


class ConsentWithdrawal(Row):
    """That a consent given for every recipient was withdrawn for one."""

    __slots__ = ()

    created_at: datetime = column("created_at")
    consent_id: UUID = column("consent_id")
    installation_id: UUID = column("installation_id")


ChoiceT = TypeVar("ChoiceT", ConsentRecord, ObjectionRecord)
_CONSENT = "id, created_at, member_id, purpose, category, installation_id, withdrawn_at"
_OBJECTION = "id, created_at, member_id, purpose, installation_id, request_id, withdrawn_at"
_CONSENTS = f"select {_CONSENT} from consent where organisation_id = $1"
_OBJECTIONS = f"select {_OBJECTION} from objection where organisation_id = $1"
_WITHDRAW_CONSENT = (
    "update consent set withdrawn_at = $3 where organisation_id = $1 and id = $2 and withdrawn_at is null"
    f" returning {_CONSENT}"
)
_WITHDRAW_OBJECTION = (
    "update objection set withdrawn_at = $3 where organisation_id = $1 and id = $2 and withdrawn_at is null"
    f" returning {_OBJECTION}"
)


async def give_consent(
    access: Access, purpose: str, *, category: str = "", installation_id: UUID | None = None
) -> ConsentRecord:
    """Consent, as the member concerned: nobody else can.

    Raises:
        PermissionDeniedError: the caller is no active member.
        InvalidInputError: no such purpose or category.
        NotFoundError: no such installation.
        ChoiceMadeError: the consent is in force already.
    """
    member_id = access.require_member()
    _require_known(purpose, category)
    await _require_installation(access, installation_id)
    await lock_member(access, member_id)
    given = await access.fetchrow_as(
        ConsentRecord,
        "insert into consent (organisation_id, id, created_at, member_id, purpose, category, installation_id)"
        f" values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning {_CONSENT}",
        uuid7(),
        access.now,
        member_id,
        purpose,
        category,
        installation_id,
    )
    if given is None:
        raise ChoiceMadeError("You have consented to this already.", path=("purpose",))
    await access.audit("consent.given", "consent", given.id, purpose=purpose, category=category)
    await bring_in_line(access, [member_id])
    return given


async def withdraw_consent(access: Access, consent_id: UUID, *, installation_id: UUID | None = None) -> ConsentRecord:
    """Withdraw a consent, and return it: nothing is sent under it from this commit on, and what was sent is taken back.

    The person may in whatever state the membership is.

    Args:
        access: the caller.
        consent_id: which one.
        installation_id: the recipient for which a consent to every recipient ends; None ends the whole consent.

    Raises:
        NotFoundError: no such consent, or not the caller's to see.
        PermissionDeniedError: it is another member's, and the caller manages no integrations.
        InvalidInputError: the consent was given for another recipient.
        ChoiceMadeError: it was withdrawn before.
    """
    found = await access.fetchrow_as(ConsentRecord, _CONSENTS + " and id = $2", consent_id)
    member_id = _own_or_managed(access, found.member_id if found else None, "consent")
    await lock_member(access, member_id)
    if found is not None and installation_id is not None and installation_id != found.installation_id:
        return await _withdraw_for(access, found, installation_id)
    row = await access.fetchrow_as(ConsentRecord, _WITHDRAW_CONSENT, consent_id, access.now)
    return await _withdrawn(access, row, "consent")


async def _withdraw_for(access: Access, consent: ConsentRecord, installation_id: UUID) -> ConsentRecord:
    if consent.installation_id is not None:
        raise InvalidInputError("This consent was given for another recipient.", path=("installation_id",))
    await _require_installation(access, installation_id)
    if consent.withdrawn_at is not None or not await _except(access, [consent.id], installation_id):
        raise ChoiceMadeError("This consent was withdrawn for that recipient before.", path=("consent",))
    await bring_in_line(access, [consent.member_id])
    return consent


async def _except(access: Access, consent_ids: Collection[UUID], installation_id: UUID) -> int:
    """Withdraw consents that were given for every recipient for one; return for how many that was new."""
    rows = await access.fetch(
        "insert into consent_withdrawal (organisation_id, created_at, id, member_id, consent_id, installation_id)"
        " select $1, $2, n.id, c.member_id, c.id, $5 from unnest($3::uuid[], $4::uuid[]) as n (id, consent_id)"
        " join consent c on c.organisation_id = $1 and c.id = n.consent_id on conflict do nothing returning consent_id",
        access.now,
        [uuid7() for _ in consent_ids],
        list(consent_ids),
        installation_id,
    )
    for row in rows:
        await access.audit("consent.withdrawn", "consent", row["consent_id"], installation=installation_id)
    return len(rows)


async def withdraw_consents(
    access: Access, member_id: UUID, purpose: str, installation_id: UUID | None, *, before: datetime | None = None
) -> int:
    """Withdraw a member's consents to a purpose as somebody else was told: the caller has checked and locked.

    Narrower purposes are withdrawn too. For a recipient, consents that were given for every recipient end for that one
    and reach the others as before. The caller brings the vendors in line. Returns how many ended, or ended for it.

    Args:
        access: the caller.
        member_id: whose.
        purpose: which purpose.
        installation_id: the recipient; None for all.
        before: consents that were given later stay; None for all.
    """
    rows = await access.fetch(
        "update consent set withdrawn_at = $3 where organisation_id = $1 and member_id = $2 and withdrawn_at is null"
        " and (purpose = $4 or starts_with(purpose, $4 || '.')) and ($5::uuid is null or installation_id = $5)"
        " and created_at <= $6 returning id",
        member_id,
        access.now,
        purpose,
        installation_id,
        before or access.now,
    )
    for row in rows:
        await access.audit("consent.withdrawn", "consent", row["id"])
    if installation_id is None:
        return len(rows)
    general = await access.fetch(
        "select id from consent where organisation_id = $1 and member_id = $2 and withdrawn_at is null"
        " and (purpose = $3 or starts_with(purpose, $3 || '.')) and installation_id is null and created_at <= $4"
        " order by id",
        member_id,
        purpose,
        before or access.now,
    )
    return len(rows) + await _except(access, [row["id"] for row in general], installation_id)


async def object_to(
    access: Access, member_id: UUID, *, purpose: str = "", installation_id: UUID | None = None
) -> ObjectionRecord:
    """Object for a member: to a purpose, to a recipient, to both, or, with neither, to all sharing.

    The member may, an administrator of integrations may note it, and the system carries out a request for it.

    Raises:
        NotFoundError: no such member or installation.
        PermissionDeniedError: it is another member, and the caller manages no integrations.
        InvalidInputError: no such purpose.
        ChoiceMadeError: the objection is in force already.
    """
    _own_or_managed(access, member_id, "member")
    if purpose:
        _require_known(purpose, "")
    await _require_installation(access, installation_id)
    return await record_objection(access, member_id, purpose=purpose, installation_id=installation_id)


async def record_objection(
    access: Access, member_id: UUID, *, purpose: str, installation_id: UUID | None, request_id: UUID | None = None
) -> ObjectionRecord:
    """Object for a member whose request was approved: the caller has checked who may.

    Raises:
        NotFoundError: no such member.
        ChoiceMadeError: the objection is in force already.
    """
    await lock_member(access, member_id)
    made = await access.fetchrow_as(
        ObjectionRecord,
        "insert into objection (organisation_id, id, created_at, member_id, purpose, installation_id, request_id)"
        f" values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning {_OBJECTION}",
        uuid7(),
        access.now,
        member_id,
        purpose,
        installation_id,
        request_id,
    )
    if made is None:
        raise ChoiceMadeError("This objection is in force already.", path=("purpose",))
    await access.audit("objection.made", "objection", made.id, purpose=purpose)
    await tell_objection(access, member_id, purpose, installation_id)
    await bring_in_line(access, [member_id])
    return made


async def lifted_since(access: Access, member_id: UUID, purpose: str, installation_id: UUID, since: datetime) -> bool:
    """Return whether the member has withdrawn this objection at or after a moment: for code that has locked."""
    return bool(
        await access.fetchval(
            "select exists (select from objection where organisation_id = $1 and member_id = $2 and purpose = $3"
            " and installation_id = $4 and withdrawn_at >= $5)",
            member_id,
            purpose,
            installation_id,
            since,
        )
    )


async def withdraw_objection(access: Access, objection_id: UUID) -> ObjectionRecord:
    """Withdraw an objection, as the member concerned, in whatever state the membership is: nobody else can.

    Raises:
        NotFoundError: no such objection of the caller's.
        ChoiceMadeError: it was withdrawn before.
    """
    member_id = access.require_person()
    if not await access.fetch(_OBJECTIONS + " and id = $2 and member_id = $3", objection_id, member_id):
        raise NotFoundError("No such objection: list your own.", path=("objection",))
    await lock_member(access, member_id)
    row = await access.fetchrow_as(ObjectionRecord, _WITHDRAW_OBJECTION, objection_id, access.now)
    if row is not None:
        await tell_objection_withdrawn(access, member_id, row.purpose, row.installation_id)
    return await _withdrawn(access, row, "objection")


async def _withdrawn(access: Access, row: ChoiceT | None, kind: str) -> ChoiceT:
    if row is None:
        raise ChoiceMadeError(f"This {kind} was withdrawn before.", path=(kind,))
    await access.audit(f"{kind}.withdrawn", kind, row.id)
    await bring_in_line(access, [row.member_id])
    return row


async def consents_of(access: Access, member_ids: Collection[UUID]) -> dict[UUID, list[ConsentRecord]]:
    """Return the consents of each member, oldest first, withdrawn ones too.

    Raises:
        PermissionDeniedError: others' are asked for by somebody who may not read details.
    """
    return await _of_members(access, ConsentRecord, _CONSENTS, member_ids)


async def withdrawals_of(access: Access, consent_ids: Collection[UUID]) -> dict[UUID, list[ConsentWithdrawal]]:
    """Return for which recipients each consent was withdrawn, oldest first; the caller was shown the consents."""
    rows = await access.fetch_as(
        ConsentWithdrawal,
        "select created_at, consent_id, installation_id from consent_withdrawal"
        " where organisation_id = $1 and consent_id = any($2::uuid[]) order by created_at, id",
        list(consent_ids),
    )
    return rows_by_parent(consent_ids, rows, "consent_id")


async def objections_of(access: Access, member_ids: Collection[UUID]) -> dict[UUID, list[ObjectionRecord]]:
    """Return the objections of each member, oldest first, withdrawn ones too.

    Raises:
        PermissionDeniedError: others' are asked for by somebody who may not read details.
    """
    return await _of_members(access, ObjectionRecord, _OBJECTIONS, member_ids)


async def _of_members(
    access: Access, kind: type[ChoiceT], select: str, member_ids: Collection[UUID]
) -> dict[UUID, list[ChoiceT]]:
    _require_readable(access, member_ids)
    sql = select + " and member_id = any($2::uuid[]) order by created_at, id"
    return rows_by_parent(member_ids, await access.fetch_as(kind, sql, list(member_ids)), "member_id")


def _own_or_managed(access: Access, member_id: UUID | None, noun: str) -> UUID:
    is_own = member_id is not None and member_id == access.actor.member_id
    may_look = is_own or access.may(Permission.MEMBERS_READ_DETAILS) or access.may(Permission.INTEGRATIONS_MANAGE)
    if member_id is None or not may_look:
        raise NotFoundError(f"No such {noun}: list those that you can see.", path=(noun,))
    if is_own:
        access.require_person()
    else:
        access.require(Permission.INTEGRATIONS_MANAGE)
    return member_id


def _require_readable(access: Access, member_ids: Collection[UUID]) -> None:
    if set(member_ids) <= {access.actor.member_id}:
        access.require_scope("read")
    elif not access.may(Permission.MEMBERS_READ_DETAILS):
        raise PermissionDeniedError("Your role does not include others' choices: ask for your own.")


def _require_known(purpose: str, category: str) -> None:
    if purpose not in PURPOSES:
        raise InvalidInputError("No such purpose: take it from an integration's declaration.", path=("purpose",))
    if category and category not in CATEGORIES:
        raise InvalidInputError("No such category: take it from an integration's declaration.", path=("category",))


async def _require_installation(access: Access, installation_id: UUID | None) -> None:
    if installation_id is not None and not await find_installations(access, [installation_id]):
        raise installation_not_found()
