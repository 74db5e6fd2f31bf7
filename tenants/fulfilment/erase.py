"""Erase a member: end what refers to the person, empty every column, end access; all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.erasure.execute import end_account, erase_rows
from wardship.tenants.erasure.finds import UNDECIDED, Deciding, UndecidedFindsError, decisions_for
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.erasure.texts import text_tables
from wardship.tenants.exports.files import destroy_exports
from wardship.tenants.fulfilment.remainders import keep_remainders
from wardship.tenants.grants.restrictions import drop_restrictions
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.invitations.invite import revoke_invitations_to
from wardship.tenants.limitations.limits import Limits
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.identifiers import NOBODY, identifiers_of
from wardship.tenants.members.membership import end_membership
from wardship.tenants.members.tombstones import set_tombstones
from wardship.tenants.requests.erasures import known_at_commit
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import RIGHTS, RightRecord, right_record
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.visibility import lock_request
from wardship.tenants.requests.withdraw import PERSON_ERASED, close_open_requests


async def end_own_installations(access: Access, member_id: UUID) -> None:
    """Take back what the person had connected alone: its settings name the person until it is removed."""
    rows = await access.fetch(
        "select id from installation where organisation_id = $1 and member_id = $2"
        " and state not in ('revoking', 'revocation_overdue', 'removed') order by id",
        member_id,
    )
    for row in rows:
        await uninstall(access, row["id"])


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was found in texts before anything was locked, and what decided it."""

    rewriting: Rewriting
    deciding: Deciding


async def search_ahead(access: Access, right_id: UUID) -> Ahead | None:
    """Find what an erasure that is due will rewrite, while others go on working; None when there is nothing to find.

    Nothing is locked or written: all that it rests on is read again by ``erase_member``, and so are the rows that are
    written later.
    """
    row = await access.fetchrow("select " + RIGHTS + " where g.organisation_id = $1 and g.id = $2", right_id)
    right = right_record(row) if row else None
    if right is None or right.kind is not RightKind.ERASURE or not right.is_due(access.now):
        return None
    member = await access.fetchrow(
        "select m.id, m.pseudonym from data_request q join member m on m.organisation_id = $1 and m.id = q.member_id"
        " where q.organisation_id = $1 and q.id = $2 and m.state <> 'erased'",
        right.request_id,
    )
    if member is None:
        return None
    known = await identifiers_of(access, member["id"])
    sought = await _sought(access, member["id"], right, known)
    ahead = await _rewriting(access, sought, member["pseudonym"], right)
    try:
        await ahead.rewriting.look_ahead(text_tables(access.services.nouns.held, Limits(right.limitations)))
    except UndecidedFindsError:
        return None  # it is said once the erasure is known to be still due
    return ahead


async def _sought(access: Access, member_id: UUID, right: RightRecord | None, known: Identifiers) -> Identifiers:
    """Return what the person is known by, and was when the erasure was committed."""
    earlier = await known_at_commit(access, right) if right else NOBODY
    return await identifiers_of(access, member_id, earlier) if earlier.but(known) else known


async def _rewriting(access: Access, known: Identifiers, pseudonym: str, right: RightRecord | None) -> Ahead:
    deciding = await _deciding(access, right)
    reads_all = not deciding.decisions.keeps_all
    return Ahead(Rewriting(access, known, pseudonym, decides=deciding, reads_all=reads_all), deciding)


async def erase_member(
    access: Access, member_id: UUID, right: RightRecord | None = None, ahead: Ahead | None = None
) -> dict[str, int]:
    """Erase a person from the organisation: every column as the registry declares, here and in what others wrote.

    Returns how many rows of each table were touched.

    The row stays under the pseudonym, so that shared content keeps an author. The transaction must reach the directory.
    Obligations to recipients are made by the caller before, while the identifiers that they need are still here. What
    is found by the person's identifiers or rows comes first, since those are gone afterwards.

    Args:
        access: the system's own.
        member_id: whose data.
        right: the erasure that was asked, whose limitations keep what they name; None when nothing is kept.
        ahead: what was found for it before.

    Raises:
        NotFoundError: no such member, or erased already.
        UndecidedFindsError: something in texts may be the person, nobody has decided it, and there is time to do so.
    """
    member = await access.fetchrow(
        "select account_id, pseudonym from member where organisation_id = $1 and id = $2 and state <> 'erased'"
        " for update",
        member_id,
    )
    if member is None:
        raise NotFoundError("No such member, or erased already: there is nothing to erase.", path=("member",))
    known = await identifiers_of(access, member_id)
    await revoke_invitations_to(access, known.emails)
    await destroy_exports(access, member_id)
    limitations = right.limitations if right else ()
    sought = await _sought(access, member_id, right, known)
    if right and limitations:
        await keep_remainders(access, right, member_id, sought)
    now = await _rewriting(access, sought, member["pseudonym"], right)
    deciding = now.deciding
    if ahead and deciding.is_like(ahead.deciding) and now.rewriting.go_on_from(ahead.rewriting):
        deciding.undecided = ahead.deciding.undecided
    rows = await erase_rows(access, member_id, now.rewriting, Limits(limitations))
    await end_membership(access, member_id)
    await _end_restrictions(access, member_id)
    await close_open_requests(access, member_id)
    await set_tombstones(access, emails=known.emails, phones=known.phones, usernames=known.usernames - known.namesakes)
    account_id = member["account_id"]
    with_account = account_id is not None and await end_account(access, account_id, known)
    by_clock = {"finds_decided_by_clock": deciding.undecided} if deciding.undecided else {}
    await access.audit("member.erased", "member", member_id, rows=rows, account=with_account, **by_clock)
    return rows


async def _end_restrictions(access: Access, member_id: UUID) -> None:
    """Lift what is restricted of an erased person, and note it at the requests that had asked for it."""
    for request_id in sorted(await drop_restrictions(access, member_id)):
        locked = await lock_request(access, request_id)
        await record_event(access, locked.request, "restriction_lifted", PERSON_ERASED)


async def _deciding(access: Access, right: RightRecord | None) -> Deciding:
    """Return what decides finds: what was decided, and the clock once a decision was waited for in vain."""
    if right is None:
        return Deciding(access, UNDECIDED, is_final=True)
    is_final = right.waits_until is not None and right.waits_until <= access.now
    return Deciding(access, await decisions_for(access, right.id), is_final=is_final)
