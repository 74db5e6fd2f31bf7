"""The table of transitions: every write of a state follows it, and what has ended stays as it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.builders import access_for
from wardship.plugins.api import Verb
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.obligations.leases import Lease, close_lease
from wardship.tenants.obligations.states import (
    ENDED,
    REOPENINGS,
    TRANSITIONS,
    Decision,
    ObligationState,
    cancel_waiting,
    complete_by_hand,
    hand_over,
    transition_sql,
    uncalled_outcome,
    wake,
)

MOMENT = datetime(2026, 11, 28, tzinfo=UTC)


def test_every_state_has_its_line_and_three_have_ended():
    assert set(TRANSITIONS) == set(ObligationState)
    assert {state.value for state in ENDED} == {"completed", "failed", "cancelled"}


def test_a_lease_is_the_only_way_to_fail_and_a_person_completes_drops_or_gives_back():
    assert [state for state, following in TRANSITIONS.items() if ObligationState.FAILED in following] == ["leased"]
    assert TRANSITIONS[ObligationState.MANUAL] == {"pending", "completed", "cancelled"}


async def test_database_leases_from_the_states_that_the_table_allows(owner):
    source = await owner.fetchval("select prosrc from pg_proc where proname = 'claim_obligations'")
    named = re.findall(r"\bo\.state in \(([^)]*)\)", source)
    allowed = {f"'{state}'" for state, following in TRANSITIONS.items() if ObligationState.LEASED in following}
    assert named
    assert all(set(states.split(", ")) == allowed for states in named)


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (start, to)
        for start in ObligationState
        for to in ObligationState
        if to not in TRANSITIONS[start] | REOPENINGS.get(start, frozenset())
    ],
)
def test_statement_of_a_transition_that_the_table_lacks_is_refused(start, to):
    with pytest.raises(ValueError, match="no transition"):
        transition_sql(to, start={start}, where="true")


@pytest.mark.usefixtures("recording")
async def test_obligation_that_has_ended_is_changed_by_no_write_of_a_state(services, connections, admin, ada, owner):
    installation = await connections.connect()
    async with access_for(services, admin) as access:
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    await connections.work()
    before = await owner.fetchrow("select * from obligation where id = $1", identifier)
    assert before["state"] == "completed"

    async with access_for(services, admin) as access:
        await wake(access, installation)
        await cancel_waiting(access, installation, set(Verb), "tried")
        await hand_over(access, installation, [identifier])
        await complete_by_hand(access, identifier, uncalled_outcome("completed", "tried"), None)
        lease = Lease(
            id=identifier,
            installation_id=installation.id,
            place_id=installation.place_id,
            verb=Verb.EXPORT,
            submitted_at=MOMENT,
            due_at=MOMENT,
            attempt=before["attempt"],
            failures=0,
        )
        assert not await close_lease(access, lease, Decision(ObligationState.PENDING, "tried"))

    assert await owner.fetchrow("select * from obligation where id = $1", identifier) == before
    assert await owner.fetchval("select count(*) from manual_task where obligation_id = $1", identifier) == 0
