"""Sees, before anything is measured, that the peer with the same duties really does them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from bench.data import Caller
from bench.load import WrongAnswerError
from bench.operations import PAGE, ask_dutiful_peer, ask_ours

# What is written of a page, whatever the identifiers and times of its rows.
_SEEN = """select look.actor_id, look.actor_kind, person.member_id, array(select unnest(look.categories) order by 1)
    from data_access look join data_access_person person using (organisation_id, id)"""
_ENTRIES = "select coalesce(max(sequence), 0) from audit_head where organisation_id = $1"


class DutyNotDoneError(RuntimeError):
    """The peer leaves a duty undone, so that its figure would be wrong; the message says which."""


async def require_duties(connection: Any, ours: int, theirs: int, caller: Caller, ordinary: Caller) -> None:  # noqa: ANN401 - asyncpg has no types
    """Refuse to measure a peer that does not do what Wardship does.

    Args:
        connection: sees every row.
        ours: Wardship's port.
        theirs: the port of the peer with the same duties.
        caller: who asks everything.
        ordinary: a member of the same organisation who may not read others.

    Raises:
        DutyNotDoneError: a duty is not done.
    """
    await _require_refusal(theirs, "nested page", replace(caller, token=f"{caller.token[:-1]}!"), because="401")
    await _require_refusal(theirs, "nested page", ordinary, because="You may not see this of others")
    await _require_same_rows(connection, ours, theirs, caller)
    await _require_audit_entry(connection, theirs, caller)


async def _require_refusal(port: int, operation: str, caller: Caller, *, because: str) -> None:
    try:
        await ask_dutiful_peer(port, operation, caller)
    except WrongAnswerError as error:
        if because in str(error):
            return
        raise
    raise DutyNotDoneError(f"The peer should have refused the {operation}: {because}.")


async def _require_same_rows(connection: Any, ours: int, theirs: int, caller: Caller) -> None:  # noqa: ANN401 - asyncpg has no types
    """Compare what each writes of a page, and that neither writes anything of oneself."""
    before = await _seen(connection)
    await ask_ours(ours, "nested page", caller)
    by_us = await _seen(connection)
    await ask_dutiful_peer(theirs, "nested page", caller)
    await ask_dutiful_peer(theirs, "small read", caller)
    by_them = await _seen(connection)
    require_same(by_us - before, by_them - by_us)


def require_same(ours: Counter[Any], theirs: Counter[Any]) -> None:
    """Refuse records of a page that differ, or that are none.

    Raises:
        DutyNotDoneError: they do.
    """
    if not ours or ours != theirs:
        ours_only, theirs_only = ours - theirs, theirs - ours
        raise DutyNotDoneError(
            f"Of a page of {PAGE} Wardship records {ours.total()} rows and the peer {theirs.total()};"
            f" ours alone {ours_only.most_common(1)}, the peer's alone {theirs_only.most_common(1)}."
        )


async def _seen(connection: Any) -> Counter[Any]:  # noqa: ANN401 - asyncpg has no types
    return Counter((*row[:3], tuple(row[3])) for row in map(tuple, await connection.fetch(_SEEN)))


async def _require_audit_entry(connection: Any, theirs: int, caller: Caller) -> None:  # noqa: ANN401 - asyncpg has no types
    before = await connection.fetchval(_ENTRIES, caller.organisation_id)
    await ask_dutiful_peer(theirs, "mutation", caller)
    written = await connection.fetchval(_ENTRIES, caller.organisation_id) - before
    if written != 1:
        raise DutyNotDoneError(f"The peer's mutation wrote {written} audit entries.")
