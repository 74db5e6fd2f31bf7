"""Places are bounded, whoever has most loses one, turns go round in each group, and nothing is kept of who has gone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from wardship.graphql.engine import Places

GROUPS = st.lists(st.sampled_from("ab"), max_size=2).map(tuple)


def test_of_one_that_has_too_many_the_newest_loses_its_place():
    places: Places[int] = Places(10, of_one=2)
    assert [places.take(("a",), number) for number in range(3)] == [None, None, 2]
    assert places.take(("b",), 3) is None


def test_when_there_are_too_many_who_has_most_loses_one():
    places: Places[str] = Places(4)
    for holder in ("n1", "n2", "n3"):
        places.take(("wide", "narrow"), holder)
    places.take(("wide", "another"), "a1")
    assert places.take(("far", "away"), "f1") == "n3"
    assert places.take(("wide", "third"), "t1") == "n2", "of the wide network, though it has but one place itself"
    assert places.take(("far", "away"), "f2") == "t1", "of equals the newest, so that nobody loses a turn to it"
    assert places.take(("far", "away"), "f3") == "f3"


def test_place_that_is_worth_least_is_lost_where_worth_is_told():
    heard = {"quiet": 1.0, "lively": 9.0, "new": 10.0}
    places: Places[str] = Places(2, worth=heard.__getitem__)
    places.take(("a",), "lively")
    places.take(("a",), "quiet")
    assert places.take(("a",), "new") == "quiet"


def test_a_crowd_of_networks_loses_its_oldest_to_whoever_comes():
    places: Places[int] = Places(500, worth=float)
    for number in range(500):
        places.take((f"wide {number}", f"narrow {number}"), number)
    assert places.take(("honest", "honest"), 501) == 0


def test_clients_take_turns_in_their_group_and_groups_among_themselves():
    places: Places[str] = Places(20)
    for number in range(3):
        places.take(("org", "ann"), f"ann {number}")
    places.take(("org", "bob"), "bob")
    places.take(("other", "eve"), "eve")
    assert [places.next() for _ in range(5)] == ["ann 0", "eve", "bob", "ann 1", "ann 2"]
    with pytest.raises(LookupError):
        places.next()


def test_many_tokens_of_one_organisation_get_no_more_turns_than_one():
    places: Places[str] = Places(100)
    for number in range(50):
        places.take(("org", "account", f"token {number}"), f"many {number}")
    for number in range(3):
        places.take(("other", "account", "token"), f"one {number}")
    assert [places.next().split()[0] for _ in range(6)] == ["many", "one"] * 3


class PlacesMachine(RuleBasedStateMachine):
    """Against a list of who holds what, in order."""

    most, of_one = 5, 3

    def __init__(self) -> None:
        super().__init__()
        self.places: Places[int] = Places(self.most, of_one=self.of_one)
        self.held: list[tuple[tuple[str, ...], int]] = []
        self.number = 0

    @rule(groups=GROUPS)
    def take(self, groups: tuple[str, ...]) -> None:
        self.number += 1
        self.held.append((groups, self.number))
        clients = Counter(of for of, _ in self.held)
        lost = self.places.take(groups, self.number)
        if clients[groups] > self.of_one:
            assert lost == self.number
        elif len(self.held) > self.most:
            assert lost in [number for _, number in self.held]
            self._check_largest(lost)
        else:
            assert lost is None
        self.held = [entry for entry in self.held if entry[1] != lost]

    def _check_largest(self, lost: int | None) -> None:
        """Who lost is in the group that has most, at each level, and its client's newest."""
        (groups,) = [of for of, number in self.held if number == lost]
        inside = self.held
        for depth in range(len(groups) + 1):
            sizes = Counter(of[depth : depth + 1] for of, _ in inside)
            assert sizes[groups[depth : depth + 1]] == max(sizes.values())
            inside = [entry for entry in inside if entry[0][depth : depth + 1] == groups[depth : depth + 1]]
        assert lost == max(number for of, number in self.held if of == groups)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.held))
        assert self.places.leave(*entry)
        assert not self.places.leave(*entry)
        self.held.remove(entry)

    @precondition(lambda self: self.held)
    @rule()
    def next(self) -> None:
        found = self.places.next()
        (groups,) = [of for of, number in self.held if number == found]
        assert found == min(number for of, number in self.held if of == groups), "each client's first"
        self.held.remove((groups, found))

    @invariant()
    def nothing_is_kept_of_who_has_gone(self) -> None:
        assert len(self.places) == len(self.held) <= self.most
        assert clients_in(self.places._all) == Counter(of for of, _ in self.held)


def clients_in(group, groups: tuple[str, ...] = ()) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for name, inner in group.groups.items():
        assert inner.size > 0, "an empty group is kept"
        found += clients_in(inner, (*groups, name)) if inner.groups else Counter({groups: len(inner.holders)})
    assert group.size == len(group.holders) + sum(inner.size for inner in group.groups.values())
    return found


TestPlacesMachine = PlacesMachine.TestCase
