"""The table of states is sound, whatever path a right takes through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardship.tenants.requests.states import (
    TERMINAL,
    TRANSITIONS,
    WITHDRAWABLE,
    RightState,
    WrongStateError,
    require_transition,
)


def _walk(state: RightState, choices: list[int]) -> list[RightState]:
    path = [state]
    for choice in choices:
        following = sorted(TRANSITIONS[path[-1]])
        if not following:
            break
        path.append(following[choice % len(following)])
    return path


def test_every_state_has_a_row():
    assert set(TRANSITIONS) == set(RightState)


def test_the_ends_are_the_ones_that_the_person_is_told_of():
    assert set(TERMINAL) == {
        RightState.DENIED,
        RightState.FULFILLED,
        RightState.PARTIALLY_FULFILLED,
        RightState.WITHDRAWN,
        RightState.EXPIRED,
    }


def test_every_state_is_reached_from_submission():
    reached = {RightState.SUBMITTED}
    while True:
        more = reached.union(*(TRANSITIONS[state] for state in reached))
        if more == reached:
            break
        reached = more
    assert reached == set(RightState)


def test_every_state_leads_to_an_end():
    leading = set(TERMINAL)
    while True:
        more = leading | {state for state, following in TRANSITIONS.items() if following & leading}
        if more == leading:
            break
        leading = more
    assert leading == set(RightState)


@given(st.lists(st.integers(0, 5), max_size=30))
def test_nothing_is_done_before_somebody_agreed(choices):
    path = _walk(RightState.SUBMITTED, choices)
    if RightState.IN_PROGRESS in path:
        assert RightState.APPROVED in path[: path.index(RightState.IN_PROGRESS)]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_an_admins_refusal_is_never_the_end(choices):
    path = _walk(RightState.SUBMITTED, choices)
    if RightState.REFUSED in path[:-2]:
        place = path.index(RightState.REFUSED)
        assert (
            path[place + 1 : place + 3] == [RightState.ESCALATED, RightState.WITH_PRIVACY_TEAM][: len(path) - place - 1]
        )


@given(st.lists(st.integers(0, 5), max_size=30))
def test_what_was_begun_is_finished(choices):
    path = _walk(RightState.IN_PROGRESS, choices)
    assert not {RightState.WITHDRAWN, RightState.DENIED, RightState.APPROVED} & set(path)


@given(st.sampled_from(RightState), st.sampled_from(RightState))
def test_only_the_table_decides(current, target):
    if target in TRANSITIONS[current]:
        require_transition(current, target)
    else:
        with pytest.raises(WrongStateError) as refusal:
            require_transition(current, target)
        assert refusal.value.code == "WRONG_STATE"


def test_a_right_in_progress_can_no_longer_be_withdrawn():
    assert RightState.SCHEDULED in WITHDRAWABLE
    assert RightState.IN_PROGRESS not in WITHDRAWABLE
