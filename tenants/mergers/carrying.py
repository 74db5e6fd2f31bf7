"""Carry a merger out: everything of one organisation becomes the other's, in one transaction.

A process that dies within it has done nothing, and any worker does it again: the state says that it is to be done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.openid.identities import delete_identities
from wardship.core.tokens.tokens import remove_tokens_of_organisation
from wardship.tenants.access import Access
from wardship.tenants.account_claims.following import stop_grouping
from wardship.tenants.approvals.settle import expire_every_approval
from wardship.tenants.domains.claiming import release_domains
from wardship.tenants.domains.records import HOLDING, ClaimState
from wardship.tenants.mergers.arriving import arrive, read_coming
from wardship.tenants.mergers.fates import TEXTS, ending, going_over
from wardship.tenants.mergers.records import MergerRecord, MergerState
from wardship.tenants.mergers.resealing import reseal
from wardship.tenants.mergers.write import at_organisation, note_wait, transition_merger
from wardship.tenants.organisations.states import OrganisationState, transition_organisation
from wardship.tenants.organisations.transfer import cancel_open_transfer

QUIET: Final = timedelta(minutes=1)
"""How long nobody gets into the organisation before its rows go over: calls that began before have ended by then."""
MOST_QUIET: Final = timedelta(hours=1)
"""How long nobody gets into it at most, where it can't be carried out: then it opens again."""
AGAIN_IN: Final = timedelta(days=1)
"""After how long it is tried again to carry out what could not be."""
_G = OrganisationState
_LOCK_BOTH: Final = "select id, state from organisation where id = any($1::uuid[]) order by id for update"
_WAITS: Final = "select merger_waits_for($1)"
_BOTH_CLAIM: Final = "select * from domains_claimed_by_both($1)"
_NOTE: Final = "select note_members_in_both($1, $2)"
_CARRY: Final = "select carry_over($1, $2, $3, $4, $5)"
_MOVED: Final = "update merger set moved = $2::jsonb where id = $1"
_HEAD: Final = "select sequence, hash from audit_head where organisation_id = $1"


async def begin_merging(here: Access, merger: MergerRecord) -> None:
    """Let nobody into the organisation that goes any more, once its day has come and nothing is waited for.

    Args:
        here: the system's own, in the organisation that goes; reaches the directory.
        merger: announced, and locked.
    """
    waits_for = await _waits(here, merger)
    if waits_for:
        await note_wait(here, merger, waits_for)
        return
    reason = f"it becomes part of {merger.target_name}"
    await transition_organisation(here, _G.MERGING, only_from={_G.ACTIVE}, reason=reason)
    await transition_merger(here, merger, MergerState.MERGING, until=here.now + QUIET)


async def carry_on(here: Access, merger: MergerRecord) -> None:
    """Do what is left of a merger, as far as it can be done now.

    Args:
        here: the system's own, in the organisation that goes; reaches the directory.
        merger: being carried out, and locked.
    """
    waits_for = await _waits(here, merger)
    if waits_for in {"organisations", "erasures"}:
        await _open_again(here, merger, merger.state_until, waits_for)
    elif waits_for and is_overdue(here, merger):
        await give_up_for_now(here, merger)
    elif waits_for:
        await note_wait(here, merger, waits_for)
    else:
        await _carry_over(here, merger)


def is_overdue(here: Access, merger: MergerRecord) -> bool:
    """Return whether nobody could get into the organisation for longer than is to be borne."""
    return here.now - merger.state_since >= MOST_QUIET


async def give_up_for_now(here: Access, merger: MergerRecord) -> None:
    """Open an organisation again that nobody could get into for too long, and try again another day.

    Args:
        here: the system's own, in the organisation that goes; reaches the directory.
        merger: being carried out for too long, and locked.
    """
    await _open_again(here, merger, here.now + AGAIN_IN, await _waits(here, merger) or "faults")


async def _open_again(here: Access, merger: MergerRecord, until: datetime | None, waits_for: str) -> None:
    await transition_organisation(here, _G.ACTIVE, only_from={_G.MERGING})
    await transition_merger(here, merger, MergerState.ANNOUNCED, until=until, waits_for=waits_for)


async def _waits(here: Access, merger: MergerRecord) -> str | None:
    """Return what keeps a merger from being carried out; both organisations are locked against every new row."""
    rows = await here.transaction.fetch(_LOCK_BOTH, [merger.source_id, merger.target_id])
    states = {row["id"]: row["state"] for row in rows}
    ours = _G.ACTIVE if merger.state is MergerState.ANNOUNCED else _G.MERGING
    if states[merger.source_id] != ours or states[merger.target_id] != _G.ACTIVE:
        return "organisations"
    waits_for: str | None = await here.transaction.fetchval(_WAITS, merger.id)
    return waits_for


async def _carry_over(here: Access, merger: MergerRecord) -> None:
    await _end_what_ends(here, merger)
    await here.transaction.execute(_NOTE, merger.id, here.now)
    await reseal(here, merger.id, _target(merger))
    held = here.services.nouns.held
    came = await read_coming(here)
    moved = await here.transaction.fetchval(_CARRY, merger.id, going_over(held), ending(held), list(TEXTS), here.now)
    await here.transaction.execute(_MOVED, merger.id, moved)
    await transition_organisation(here, _G.MERGED, only_from={_G.MERGING})
    await transition_merger(here, merger, MergerState.MERGED)
    head = await here.fetchrow(_HEAD)
    async with at_organisation(here, merger.target_id) as there:
        await arrive(there, merger, came)
        await there.audit(
            "organisation.joined",
            "organisation",
            merger.source_id,
            merger=merger.id,
            rows=msgspec.json.decode(moved),
            chain_entries=head["sequence"] if head else 0,
            chain_hash=bytes(head["hash"]).hex() if head else "",
        )


async def _end_what_ends(here: Access, merger: MergerRecord) -> None:
    """End what gave somebody a reach that would widen, and claims of a domain that both have claimed."""
    await cancel_open_transfer(here)
    await expire_every_approval(here)
    await remove_tokens_of_organisation(here.transaction, here.organisation_id)
    await stop_grouping(here)
    await delete_identities(here.transaction, here.organisation_id)
    for row in await here.transaction.fetch(_BOTH_CLAIM, merger.id):
        is_stronger = _strength(row["source_state"]) > _strength(row["target_state"])
        gives_way = merger.target_id if is_stronger else merger.source_id
        async with at_organisation(here, gives_way) as there:
            await release_domains(there, [row["name"]], reason="merged")


def _strength(state: str) -> int:
    """Return how far a claim has come: one that holds the domain is before one that was proven, that before others."""
    proven = (ClaimState.CONTESTED, ClaimState.DISPUTED)
    return 3 if state in HOLDING else proven.index(ClaimState(state)) + 1 if state in proven else 0


def _target(merger: MergerRecord) -> UUID:
    if merger.target_id is None:
        raise ValueError("the other organisation is not known")
    return merger.target_id
