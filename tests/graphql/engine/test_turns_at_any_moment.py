"""Whatever comes, goes and is late, in whatever order: turns are kept to the share, none is lost, nothing is left."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_time import VirtualLoop, run_virtually
from wardship.graphql.engine import Client, Limits
from wardship.graphql.engine.execution.compile_limiter import (
    WAITING,
    WAITING_EACH,
    WAITING_WITHOUT_CREDENTIAL,
    CompileLimiter,
    CompileShare,
    TooManyDocumentsError,
)
from wardship.graphql.engine.operations import Groups

LIMITS = Limits(compile_share=0.1, compile_burst=0.5, without_credential=0.1, seconds=10.0)
COST = 0.05
NETWORK = ("2001:db8:1::/48", "2001:db8:1:2::/64")
MIA = ("harbour", "mia", "token")


@dataclass
class Asked:
    """One request for a turn."""

    task: asyncio.Task[None]
    gone: asyncio.Event


@dataclass
class Town:
    """A limiter and who asks it, in virtual time."""

    loop: VirtualLoop = field(default_factory=VirtualLoop)
    asked: list[Asked] = field(default_factory=list)
    compiled: list[Groups] = field(default_factory=list)
    refused: list[Groups] = field(default_factory=list)
    spent: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})

    def __post_init__(self) -> None:
        self.limiter = CompileLimiter(LIMITS, self.loop.time, self.loop.time)

    def ask(self, groups: Groups, *, is_authenticated: bool) -> Asked:
        gone = asyncio.Event()
        client = Client(groups, is_authenticated, gone.wait)
        asked = Asked(self.loop.create_task(self._compile(client)), gone)
        self.asked.append(asked)
        return asked

    async def _compile(self, client: Client) -> None:
        try:
            async with self.limiter.turn(client):
                self.loop.now += COST
                self.spent[client.is_authenticated] += COST
                self.compiled.append(client.groups)
        except TooManyDocumentsError:
            self.refused.append(client.groups)

    def check(self) -> None:
        for is_authenticated, share in ((True, 0.1), (False, 0.01)):
            burst = LIMITS.compile_burst * share / 0.1
            assert self.spent[is_authenticated] <= burst + share * self.loop.now + COST + 1e-9
        assert self.limiter.with_credential.waiting <= WAITING + 1
        assert self.limiter.without_credential.waiting <= WAITING_WITHOUT_CREDENTIAL + 1

    def check_nothing_is_left(self) -> None:
        assert self.limiter.waiting == 0
        for share in (self.limiter.with_credential, self.limiter.without_credential):
            check_empty(share)
        assert self.loop.timers == []
        assert len(asyncio.all_tasks(self.loop)) == 1, "this one"


def check_empty(share: CompileShare) -> None:
    assert len(share._places) == 0
    assert share._places._all.groups == {}
    assert share._next_up is None
    assert share._alarm is None


async def a_moment() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


Step: TypeAlias = tuple[str, float]
CLIENTS = [
    (NETWORK, False),
    (("203.0.113.0/24", "203.0.113.9/32"), False),
    (MIA, True),
    (("orchard", "eve", "t"), True),
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(0, len(CLIENTS) - 1)),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("go"), st.integers(0, 30)),
        st.tuples(st.just("a tick"), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.sampled_from([0.01, 0.25, 0.5, 5.0, 9.99, 10.0])),
    ),
    max_size=60,
)


@given(STEPS)
def test_no_turn_is_lost_whoever_goes_at_whatever_moment(steps: list[Step]) -> None:
    town = Town()

    async def play() -> None:
        for what, amount in steps:
            await step(town, what, amount)
            town.check()
        latest = town.loop.now + LIMITS.seconds + COST * (len(town.asked) + 1)
        await asyncio.wait([one.task for one in town.asked] or [town.loop.create_task(asyncio.sleep(0))])
        assert town.loop.now <= latest, "somebody waited for longer than anybody may"
        assert len(town.compiled) + len(town.refused) + sum(one.task.cancelled() for one in town.asked) == len(
            town.asked
        )
        await a_moment()
        town.check_nothing_is_left()

    run_virtually(play(), town.loop)


async def step(town: Town, what: str, amount: float) -> None:
    match what:
        case "ask":
            groups, is_authenticated = CLIENTS[int(amount)]
            town.ask(groups, is_authenticated=is_authenticated)
        case "cancel" | "go" if town.asked:
            asked = town.asked[int(amount) % len(town.asked)]
            asked.task.cancel() if what == "cancel" else asked.gone.set()
        case "a tick":
            for _ in range(int(amount)):
                await asyncio.sleep(0)
        case "wait":
            await asyncio.sleep(amount)
        case _:
            pass


async def spend_the_burst(town: Town) -> None:
    """Ask until somebody has to wait."""
    while not town.limiter.waiting:
        town.ask(MIA, is_authenticated=True)
        await a_moment()


@pytest.mark.parametrize("end", ["cancelled", "gone", "late"])
def test_turn_that_comes_at_the_moment_of_going_is_passed_on(end: str) -> None:
    town = Town()

    async def play() -> None:
        await spend_the_burst(town)
        first, second = town.asked[-1], town.ask(("orchard", "eve", "t"), is_authenticated=True)
        await a_moment()
        town.loop.now += 9.0
        town.limiter.with_credential._next()
        assert not first.task.done(), "its turn has come, and it hasn't begun"
        if end == "cancelled":
            first.task.cancel()
        elif end == "gone":
            first.gone.set()
        else:
            town.loop.now += LIMITS.seconds
        await asyncio.wait([second.task])
        assert town.compiled[-1] == ("orchard", "eve", "t") or end == "late"
        await asyncio.wait([first.task])
        await a_moment()
        town.check_nothing_is_left()

    run_virtually(play(), town.loop)


def test_client_that_has_gone_waits_no_longer() -> None:
    town = Town()

    async def play() -> None:
        await spend_the_burst(town)
        town.asked[-1].gone.set()
        await a_moment()
        town.check_nothing_is_left()

    run_virtually(play(), town.loop)


def addresses(network: int) -> Groups:
    return (f"2001:db8:{network // 65_536:x}::/48", f"2001:db8:{network // 65_536:x}:{network % 65_536:x}::/64")


async def flood(town: Town, networks: int, seconds: float) -> None:
    """Ask from 300 addresses all the time, and again as soon as each is answered."""
    ends = town.loop.time() + seconds

    async def one(number: int) -> None:
        while town.loop.time() < ends:
            await asyncio.wait([town.ask(addresses(number % networks), is_authenticated=False).task])
            await asyncio.sleep(1.0)

    await asyncio.gather(*(one(number) for number in range(300)))


async def signed_in(town: Town, seconds: float) -> int:
    """Send new documents; return how many were compiled."""
    ends, before = town.loop.time() + seconds, town.compiled.count(MIA)
    tasks = []
    while town.loop.time() < ends:
        tasks.append(town.ask(MIA, is_authenticated=True).task)
        await asyncio.sleep(0.6)
    await asyncio.wait(tasks)
    return town.compiled.count(MIA) - before


def test_flood_without_a_credential_takes_nothing_from_who_has_one_and_leaves_nothing() -> None:
    got = []
    for networks in (0, 1, 300):
        town = Town()

        async def play(town: Town = town, networks: int = networks) -> int:
            flooding = asyncio.create_task(flood(town, networks, 20.0) if networks else asyncio.sleep(0))
            found = await signed_in(town, 20.0)
            await flooding
            await a_moment()
            town.check()
            town.check_nothing_is_left()
            return found

        got.append(run_virtually(play(), town.loop))
        if networks:
            others = len([groups for groups in town.compiled if groups != MIA])
            assert 0 < others <= (0.05 + 0.01 * town.loop.now) / COST + 1
            assert len(town.refused) > 1_000
    assert min(got) >= got[0] - 1


def test_other_networks_have_their_turn_beside_a_network_that_floods() -> None:
    town = Town()
    honest = ("198.51.100.0/24", "198.51.100.7/32")

    async def play() -> None:
        flooding = asyncio.create_task(flood(town, 1, 40.0))
        for _ in range(4):
            await asyncio.sleep(8.0)
            town.ask(honest, is_authenticated=False)
        await flooding
        assert town.compiled.count(honest) >= 3

    run_virtually(play(), town.loop)


def test_many_tokens_of_one_organisation_leave_another_its_turns() -> None:
    town = Town()

    async def play() -> None:
        for _ in range(40):
            for number in range(100):
                town.ask(("orchard", f"account {number % 5}", f"token {number}"), is_authenticated=True)
            town.ask(MIA, is_authenticated=True)
            await asyncio.sleep(1.0)
        await asyncio.sleep(10.0)
        assert town.compiled.count(MIA) >= 36
        town.check_nothing_is_left()

    run_virtually(play(), town.loop)


def test_client_refused_for_having_too_many_leaves_no_queue() -> None:
    town = Town()

    async def play() -> None:
        for number in range(400):
            for _ in range(WAITING_EACH + 1):
                town.ask(addresses(number), is_authenticated=False)
        await a_moment()
        town.check()
        await asyncio.wait([one.task for one in town.asked])
        await a_moment()
        town.check_nothing_is_left()

    run_virtually(play(), town.loop)
