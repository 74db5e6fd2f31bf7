"""Make the obligations that follow from what happened to a member."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from wardship.plugins.api import Cause, Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import DisclosureStatus
from wardship.tenants.egress.excess import holds_too_much
from wardship.tenants.egress.gate import Facts, disclosure_status, read_facts
from wardship.tenants.egress.holdings import HELD, places_holding
from wardship.tenants.egress.ledger import last_disclosed
from wardship.tenants.egress.locks import lock_members
from wardship.tenants.installations.records import SELECT, InstallationRecord
from wardship.tenants.members.fields import fields_of
from wardship.tenants.obligations.causes import erasing_cause, resting_cause
from wardship.tenants.obligations.enqueue import TAKING_BACK, Demand, enqueue
from wardship.tenants.obligations.fetched import fetched_excess
from wardship.tenants.obligations.sealed import known_identifiers, seal
from wardship.tenants.received.standing import drop_unfounded_of

_DECISIVE = frozenset({"state", "groups", "roles"})
_BY_IDENTIFIER = frozenset({Verb.ERASE, Verb.REVOKE})


async def enqueue_for_member(  # noqa: PLR0913 - one keyword for each column of the demand
    access: Access,
    member_id: UUID,
    verb: Verb,
    *,
    request_id: UUID | None = None,
    right_id: UUID | None = None,
    due_at: datetime | None = None,
    arguments: Mapping[str, object] | None = None,
    but: Collection[UUID] = (),
) -> list[UUID]:
    """Owe a verb about a member to every place that may hold data of that member; return the obligations.

    The caller has checked that the actor may. Called twice for one right, it returns the same obligations. Call it
    before the member's data is erased here: identifiers that a vendor needs are sealed now.

    Args:
        access: the caller.
        member_id: whose data.
        verb: erase, export, correct, restrict, revoke or share.
        request_id: the request that asks for it.
        right_id: the right of that request.
        due_at: when the person must have it; a sooner deadline of the manifest wins.
        arguments: flags only, for example ``{"active": True}`` with restrict; never personal data.
        but: places at which something else is owed.
    """
    await lock_members(access, [member_id])
    flags = dict(arguments or {})
    demands = [
        Demand(
            installation=held.installation,
            verb=verb,
            place_id=held.place.id,
            member_id=member_id,
            request_id=request_id,
            right_id=right_id,
            due_at=due_at,
            arguments=flags,
            key=",".join(f"{name}={flags[name]}" for name in sorted(flags)),
        )
        for held in await places_holding(access, member_id)
        if held.place.id not in but
    ]
    return await enqueue(access, [await with_identifiers(access, demand) for demand in demands])


async def with_identifiers(access: Access, demand: Demand) -> Demand:
    """Return the demand with what the vendor knows the member by sealed into it, for a call after an erasure here."""
    if demand.verb not in _BY_IDENTIFIER or demand.member_id is None:
        return demand
    known = await known_identifiers(access, demand.installation, demand.place, [demand.member_id])
    return replace(demand, sealed=seal(access, demand.id, known.get(demand.member_id, ())))


async def member_changed(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Bring vendors in line after members' columns, state, groups or roles changed."""
    if columns & _DECISIVE:
        await bring_in_line(access, member_ids)
    elif sent := fields_of(columns):
        await bring_in_line(access, member_ids, fields=sent)


async def bring_in_line(
    access: Access, member_ids: Collection[UUID], *, fields: frozenset[str] | None = None
) -> list[UUID]:
    """Owe, for each member and installation, what makes the vendor hold what it may hold now, and return that.

    Share where a record may flow, restrict where it must rest, erase where nothing may be held any more. What vendors
    brought of them and nothing lets in any more goes here. The caller has locked nothing yet or the same members; the
    change itself is written before.

    Args:
        access: the caller.
        member_ids: whose.
        fields: names of the fields that changed, where nothing else did: only those who receive one are told. The
            change itself, which is one of the members' own rows, has locked them then.
    """
    members = sorted(set(member_ids)) if fields else await lock_members(access, member_ids)
    if not fields:
        await drop_unfounded_of(access, members)
    installations = await _connected(access, fields)
    if not members or not installations:
        return []
    facts = await read_facts(access, installations, members)
    links = await _links(access, members)
    erasing = await _being_erased(access, members)
    excess = await _excess(access, facts, installations)
    demands = [
        demand
        for installation in installations
        for member_id in members
        if (
            demand := _demand(
                facts,
                installation,
                member_id,
                links.get((installation.place_id, member_id), "none"),
                is_too_much=(installation.place_id, member_id) in excess,
            )
        )
        and not (demand.verb is Verb.ERASE and (demand.place, member_id) in erasing)
    ]
    told = [await _with_cause(access, facts, demand) for demand in demands]
    return await enqueue(access, [await with_identifiers(access, demand) for demand in told])


async def _with_cause(access: Access, facts: Facts, demand: Demand) -> Demand:
    installation, member_id = demand.installation, demand.member_id
    if member_id is None or demand.verb not in TAKING_BACK or demand.arguments.get("active") is False:
        return demand
    if demand.verb is Verb.RESTRICT:
        return replace(demand, cause=await resting_cause(access, installation, member_id, facts=facts))
    cause = await erasing_cause(access, installation, demand.place, member_id, facts=facts)
    return replace(demand, cause=cause)


async def _connected(access: Access, fields: frozenset[str] | None) -> list[InstallationRecord]:
    """Return the installations that hold data; with fields, those that receive one of them, as ``is_received`` asks."""
    return await access.fetch_as(
        InstallationRecord,
        SELECT + " where organisation_id = $1"
        " and state in ('active', 'degraded', 'needs_approval', 'paused', 'load_failed', 'migration_failed')"
        " and ($2::text[] is null or jsonb_path_query_array(manifest, '$.receives[*].fields[*]') ?| $2)",
        None if fields is None else sorted(fields),
    )


async def _links(access: Access, members: Collection[UUID]) -> dict[tuple[UUID, UUID], str]:
    rows = await access.fetch(
        "select place_id, member_id, state from subject_link"
        " where organisation_id = $1 and member_id = any($2::uuid[]) and not is_kept",
        list(members),
    )
    return {(row["place_id"], row["member_id"]): row["state"] for row in rows}


async def _being_erased(access: Access, members: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    rows = await access.fetch(
        "select distinct place_id, member_id from obligation"
        " where organisation_id = $1 and member_id = any($2::uuid[]) and verb = 'erase' and ended_at is null",
        list(members),
    )
    return {(row["place_id"], row["member_id"]) for row in rows}


async def _excess(
    access: Access, facts: Facts, installations: Collection[InstallationRecord]
) -> set[tuple[UUID, UUID]]:
    """Return at which places more is held of members than may be kept: all of that is taken back.

    What is sent again replaces what was sent before; what a vendor has fetched is replaced by nothing of ours.
    """
    suspended = await _excess_of_suspended(access, facts, installations)
    return suspended | await fetched_excess(access, facts, installations)


async def _excess_of_suspended(
    access: Access, facts: Facts, installations: Collection[InstallationRecord]
) -> set[tuple[UUID, UUID]]:
    suspended = [member_id for member_id, person in facts.people.items() if person["state"] == "deactivated"]
    if not suspended:
        return set()
    held = await last_disclosed(access, suspended)
    return {
        (installation.place_id, member_id)
        for installation in installations
        for member_id in suspended
        if holds_too_much(facts, installation, member_id, held.get((installation.place_id, member_id), ()))
    }


def _demand(
    facts: Facts, installation: InstallationRecord, member_id: UUID, link: str, *, is_too_much: bool
) -> Demand | None:
    is_held = link in HELD
    if is_held and is_too_much:
        return Demand(installation=installation, verb=Verb.ERASE, member_id=member_id)
    match disclosure_status(facts, installation, member_id):
        case DisclosureStatus.SHARED if link == "restricted" and installation.is_sharing:
            return restrict_demand(installation, member_id, active=False)
        case DisclosureStatus.SHARED if installation.is_sharing:
            return Demand(installation=installation, verb=Verb.SHARE, member_id=member_id)
        case DisclosureStatus.RESTRICTED if is_held:
            return restrict_demand(installation, member_id, active=True)
        case DisclosureStatus.ABSENT if is_held:
            return Demand(installation=installation, verb=Verb.ERASE, member_id=member_id)
        case _:
            return None


def restrict_demand(
    installation: InstallationRecord, member_id: UUID | None, *, active: bool, cause: Cause | None = None
) -> Demand:
    """Return the demand that a vendor stops using what it has of a member, and why, or uses it again."""
    return Demand(
        installation=installation,
        verb=Verb.RESTRICT,
        member_id=member_id,
        arguments={"active": active},
        cause=cause,
        key=f"active={active}",
    )
