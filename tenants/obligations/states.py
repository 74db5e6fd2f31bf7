"""The states of an obligation, which may follow which, and the writes of a state that no lease is needed for."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.deadlines import RETRY_FRACTION
from wardship.tenants.tasks.tasks import cancel_tasks, open_task, words_for


class ObligationState(StrEnum):
    """Where an obligation stands; the last three have ended, manual is with a person."""

    PENDING = "pending"
    LEASED = "leased"
    WAITING = "waiting"
    MANUAL = "manual"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = ObligationState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.PENDING: frozenset({_S.PENDING, _S.LEASED, _S.WAITING, _S.MANUAL, _S.CANCELLED}),
        _S.WAITING: frozenset({_S.PENDING, _S.LEASED, _S.MANUAL, _S.CANCELLED}),
        # A lease whose time is over is taken over by another worker.
        _S.LEASED: frozenset({_S.PENDING, _S.LEASED, _S.WAITING, _S.MANUAL, _S.COMPLETED, _S.FAILED, _S.CANCELLED}),
        # What trying had given up may be tried once more.
        _S.MANUAL: frozenset({_S.PENDING, _S.COMPLETED, _S.CANCELLED}),
        _S.COMPLETED: frozenset(),
        _S.FAILED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)
"""Every write of a state follows this table or ``REOPENINGS``, and so does ``claim_obligations`` of the database."""

REOPENINGS: Final = MappingProxyType({_S.COMPLETED: frozenset({_S.MANUAL}), _S.CANCELLED: frozenset({_S.MANUAL})})
"""What a person ended by hand and opens again: see ``by_hand``. No call leads this way."""

ENDED: Final = frozenset(state for state, following in TRANSITIONS.items() if not following)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a leased obligation.

    Attributes:
        state: the state that follows.
        code: why, as a stable word.
        at: when it is due again, in the states pending and waiting.
        is_failure: whether the call counts as one.
        status: what is kept as its end where no call was made; the state's own word when empty.
        continuation: encrypted, what the next call goes on from; where no call was made that of the lease stays.
    """

    state: ObligationState
    code: str
    at: datetime | None = None
    is_failure: bool = False
    status: str = ""
    continuation: bytes | None = None


def uncalled_outcome(status: str, code: str) -> str:
    """Return what is kept when no call was made, as JSON."""
    return json.dumps({"status": status, "code": code, "records_affected": 0})


def transition_sql(
    to: ObligationState, *, start: Collection[ObligationState], where: str, changes: str = "", joined: str = ""
) -> str:
    """Return the statement of a transition; ``$1`` is the organisation and, when the state ends, ``$2`` the present.

    Args:
        to: the state that follows.
        start: the states in which an obligation is touched; the table has to hold each.
        where: which ones, of ``obligation o``.
        changes: to further columns, each after a comma.
        joined: `` from …``, for a set of arguments.
    """
    if any(to not in TRANSITIONS[state] | REOPENINGS.get(state, frozenset()) for state in start):
        raise ValueError(f"no transition from {sorted(start)} to {to}")
    if to in ENDED:
        changes = f", ended_at = $2, sealed = null, detail = ''{changes}"
    if to in ENDED | {_S.MANUAL}:
        # No connector is called any more.
        changes = f", continuation = null, told = null{changes}"
    states = ", ".join(f"'{state}'" for state in sorted(start))
    return (
        f"update obligation o set state = '{to}'{changes}{joined}"  # noqa: S608 - made of constants, once
        f" where o.organisation_id = $1 and o.state in ({states}) and {where}"
    )


_OPEN = {_S.PENDING, _S.WAITING}
_CANCEL = transition_sql(
    _S.CANCELLED,
    start=_OPEN,
    changes=", outcome = $3::jsonb",
    where="o.installation_id = $4 and o.verb = any($5::text[]) and o.right_id is null"
    " and ($6::uuid is null or o.place_id = $6)"
    " and not ($7 and coalesce(o.arguments ->> 'purpose', '') <> '')",
)
_SUPERSEDE = transition_sql(
    _S.CANCELLED,
    start=_OPEN,
    changes=", outcome = $3::jsonb",
    joined=" from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[])"
    " as n (installation_id, place_id, member_id, verb, purpose)",
    where="o.installation_id = n.installation_id and o.place_id = n.place_id and o.member_id = n.member_id"
    " and o.verb = n.verb and coalesce(o.arguments ->> 'purpose', '') = n.purpose"
    " and o.right_id is null and not (o.id = any($9::uuid[]))",
)
_TAKE_FROM_PEOPLE = (
    transition_sql(
        _S.CANCELLED,
        start={_S.MANUAL},
        changes=", outcome = coalesce(o.outcome, $3::jsonb)",
        where="o.installation_id = $4 and o.verb = any($5::text[]) and ($6::uuid is null or o.place_id = $6)",
    )
    + " returning o.id"
)
_CANCEL_FOR_EVERYBODY = (
    transition_sql(
        _S.CANCELLED,
        start={*_OPEN, _S.MANUAL},
        changes=", outcome = $3::jsonb",
        where="o.installation_id = $4 and o.place_id = $5 and o.member_id is null"
        " and o.verb in ('erase', 'revoke', 'attest') and o.arguments ->> 'is_access_only' is distinct from 'true'",
    )
    + " returning o.id"
)
_CANCEL_ALL_BUT = (
    transition_sql(
        _S.CANCELLED,
        start={*_OPEN, _S.MANUAL},
        changes=", outcome = coalesce(o.outcome, $3::jsonb)",
        where="not (o.verb = any($4::text[]))",
    )
    + " returning o.id"
)
_HAND_OVER = (
    transition_sql(_S.MANUAL, start=_OPEN, changes=", outcome = $2::jsonb", where="o.id = any($3::uuid[])")
    + " returning o.id, o.verb"
)
_PARK = transition_sql(
    _S.WAITING,
    start={_S.PENDING},
    changes=", next_at = o.submitted_at + (o.due_at - o.submitted_at) * $3::float8",
    where="o.id in (select id from obligation where organisation_id = $1 and installation_id = $2"
    " and place_id = $5 and state = 'pending' and verb <> 'check'"
    " and submitted_at + (due_at - submitted_at) * $3::float8 > $4 for update skip locked)",
)
_WAKE = transition_sql(_S.PENDING, start=_OPEN, changes=", next_at = $2", where="o.installation_id = $3")
_WAKE_ONE = transition_sql(_S.PENDING, start=_OPEN, changes=", next_at = $2", where="o.id = $3")
_TAKE_UP_AGAIN = transition_sql(_S.PENDING, start={_S.MANUAL}, changes=", next_at = $2", where="o.id = $3")
_GIVE_UP = transition_sql(_S.CANCELLED, start={_S.MANUAL}, changes=", outcome = $3::jsonb", where="o.id = $4")
_REOPEN = transition_sql(
    _S.MANUAL,
    start=REOPENINGS,
    changes=", outcome = $2::jsonb, attestation = null, ended_at = null, retention_ends_at = null",
    where="o.id = $3",
)
_CANCEL_PROOFS = (
    transition_sql(
        _S.CANCELLED,
        start={*_OPEN, _S.MANUAL},
        changes=", outcome = $3::jsonb",
        where="o.verb = 'attest' and o.arguments ->> 'proves' = $4::text",
    )
    + " returning o.id"
)
_COMPLETE_BY_HAND = transition_sql(
    _S.COMPLETED,
    start={_S.MANUAL},
    changes=", outcome = $3::jsonb, attestation = coalesce($4::jsonb, o.attestation)",
    where="o.id = $5",
)


async def cancel_waiting(
    access: Access,
    installation: InstallationRecord,
    verbs: Collection[Verb],
    code: str,
    *,
    place_id: UUID | None = None,
) -> None:
    """Cancel what waits at an installation, or at one place of it, except what a request asked for.

    What is superseded are never objections: the vendor is told of them whatever takes the place of the rest.
    """
    await access.execute(
        _CANCEL,
        access.now,
        uncalled_outcome("cancelled", code),
        installation.id,
        [verb.value for verb in verbs],
        place_id,
        code == "superseded",
    )


async def supersede(
    access: Access, pointless: Sequence[tuple[UUID, UUID, UUID, Verb, str]], *, keep: Collection[UUID]
) -> None:
    """Cancel what waits and has become pointless, except these obligations.

    Args:
        access: the caller.
        pointless: by installation, place, member, verb and the purpose of an objection, empty for what is none.
        keep: those that stay.
    """
    if not pointless:
        return
    await access.execute(
        _SUPERSEDE,
        access.now,
        json.dumps({"status": "cancelled", "code": "superseded"}),
        *map(list, zip(*pointless, strict=True)),
        list(keep),
    )


async def take_from_people(
    access: Access,
    installation: InstallationRecord,
    verbs: Collection[Verb],
    code: str,
    *,
    place_id: UUID | None = None,
) -> None:
    """Cancel what people were to do at an installation or a place of it, with their tasks; how a call ended stays."""
    rows = await access.fetch(
        _TAKE_FROM_PEOPLE,
        access.now,
        uncalled_outcome("cancelled", code),
        installation.id,
        [verb.value for verb in verbs],
        place_id,
    )
    await cancel_tasks(access, [row["id"] for row in rows])


async def cancel_for_everybody(access: Access, installation: InstallationRecord, place_id: UUID, code: str) -> None:
    """Cancel what was to take everything at a place back, with people's tasks; what is owed about one person stays."""
    rows = await access.fetch(
        _CANCEL_FOR_EVERYBODY, access.now, uncalled_outcome("cancelled", code), installation.id, place_id
    )
    await cancel_tasks(access, [row["id"] for row in rows])


async def cancel_all_but(access: Access, verbs: Collection[Verb], code: str) -> None:
    """Cancel what is owed at any installation of the organisation, with people's tasks, but for some verbs."""
    rows = await access.fetch(
        _CANCEL_ALL_BUT, access.now, uncalled_outcome("cancelled", code), [verb.value for verb in verbs]
    )
    await cancel_tasks(access, [row["id"] for row in rows])


async def hand_over(
    access: Access, installation: InstallationRecord, obligation_ids: Collection[UUID], *, words: str = ""
) -> None:
    """Turn open obligations that nobody has leased into tasks for people, with these words or those of the plan."""
    rows = await access.fetch(_HAND_OVER, uncalled_outcome("manual", "handed_over"), list(obligation_ids))
    for row in rows:
        await open_task(access, row["id"], words or words_for(installation, Verb(row["verb"])))


async def park(access: Access, installation: InstallationRecord, place_id: UUID) -> None:
    """Let what is due at a place wait for the administrator, so that a refused password is not tried again."""
    await lock_installation(access, installation.id)
    await access.execute(_PARK, installation.id, RETRY_FRACTION, access.now, place_id)


async def wake(access: Access, installation: InstallationRecord) -> None:
    """Let everything that waits at this installation be tried now."""
    await access.execute(_WAKE, access.now, installation.id)
    await access.transaction.execute("select pg_notify('wardship_obligations', '')")


async def try_now(access: Access, obligation_id: UUID) -> None:
    """Let one that waits be tried now."""
    await access.execute(_WAKE_ONE, access.now, obligation_id)
    await access.transaction.execute("select pg_notify('wardship_obligations', '')")


async def take_up_again(access: Access, obligation_id: UUID) -> None:
    """Take what trying had given up from the person that it went to, and try it once more, now."""
    await access.execute(_TAKE_UP_AGAIN, access.now, obligation_id)
    await cancel_tasks(access, [obligation_id])
    await access.transaction.execute("select pg_notify('wardship_obligations', '')")


async def complete_by_hand(access: Access, obligation_id: UUID, outcome: str, attestation: str | None) -> None:
    """End an obligation that a person has fulfilled, which is then what its grade rests on."""
    await access.execute(_COMPLETE_BY_HAND, access.now, outcome, attestation, obligation_id)


async def give_up_by_hand(access: Access, obligation_id: UUID, code: str) -> None:
    """End an obligation that a person says will not be fulfilled; nothing is proven by that."""
    await access.execute(_GIVE_UP, access.now, uncalled_outcome("cancelled", code), obligation_id)


async def reopen_by_hand(access: Access, obligation_id: UUID) -> None:
    """Give an obligation to people again that one of them had ended, and drop what was to prove it."""
    await access.execute(_REOPEN, uncalled_outcome("manual", "reopened"), obligation_id)
    superseded = uncalled_outcome("cancelled", "superseded")
    rows = await access.fetch(_CANCEL_PROOFS, access.now, superseded, str(obligation_id))
    await cancel_tasks(access, [row["id"] for row in rows])


async def note_proof(access: Access, obligation_id: UUID | None, attestation: str, *, outweighs_people: bool) -> None:
    """Keep a proof with the obligation whose effect it proves.

    Args:
        access: the caller.
        obligation_id: which.
        attestation: the proof, as JSON.
        outweighs_people: whether it takes the place of what a person said.
    """
    await access.execute(
        "update obligation set attestation = $3::jsonb where organisation_id = $1 and id = $2"
        " and ($4 or attestation is null or attestation ->> 'level' <> 'manual')",
        obligation_id,
        attestation,
        outweighs_people,
    )
