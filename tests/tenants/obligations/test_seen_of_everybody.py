"""What is proven of everybody rests on what was seen of each: as much of it as tells, however many they are."""

from __future__ import annotations

import random
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest

from tests.builders import NOW, access_for, make_member
from wardship.plugins.api import AttestationLevel, Claimed
from wardship.plugins.host.exchanges import KeptExchange
from wardship.plugins.host.grading import Basis
from wardship.tenants.obligations import seen_before as module
from wardship.tenants.obligations.proofs import Evidence
from wardship.tenants.obligations.seen_before import seen_before

PEOPLE, SEEDS = 5, 60
OF_THEM = "select id, member_id from obligation where verb = 'share' order by id"
KEEP = "update obligation set exchanges = $2::jsonb where id = $1"


def asked(target: str, status: int, minute: int = 1, **changes: object) -> KeptExchange:
    values = {"method": "GET", "credential": "key", "server": "server"} | changes
    return KeptExchange(at=NOW + timedelta(minutes=minute), status=status, duration_ms=1, target=target, **values)


@pytest.fixture
async def place(database, acme, connections, owner):
    """An integration that got the records of some people; returns its place's id, and how to keep exchanges there."""
    for _ in range(PEOPLE - 1):
        await make_member(database, acme)
    installation = await connections.connect()
    obligations = await owner.fetch(OF_THEM)
    assert len(obligations) >= PEOPLE

    async def keep(*of_each: list[KeptExchange]) -> None:
        for row, exchanges in zip(obligations, of_each, strict=False):
            await owner.execute(KEEP, row["id"], msgspec.json.encode(exchanges).decode())

    async def seen(*members: object):
        async with access_for(connections.services, connections.admin) as access:
            leases = [SimpleNamespace(member_id=member) for member in members]
            return await seen_before(access, installation.place_id, leases)

    return SimpleNamespace(keep=keep, seen=seen, obligations=obligations)


def proof(seen, *exchanges: KeptExchange, claimed: Claimed = Claimed.REVOKED):
    found = Evidence(
        claimed=claimed,
        said=AttestationLevel.PROBED,
        exchanges=exchanges,
        earlier=seen.earlier,
        outdated=seen.outdated,
    )
    return found.condensed().grade()


REFUSED = (asked("status", 200, 9, credential=""), asked("me", 401, 9))


async def test_address_that_is_asked_for_each_of_them_is_seen_once(place):
    await place.keep(*([asked("me", 200, minute)] for minute in range(1, PEOPLE + 1)))
    seen = (await place.seen(None))[None]
    assert [each.at for each in seen.earlier] == [NOW + timedelta(minutes=PEOPLE)]
    assert proof(seen, *REFUSED).level is AttestationLevel.PROBED


async def test_of_one_of_them_only_what_is_about_that_one_is_seen(place):
    await place.keep([asked("one", 200)], [asked("two", 200)])
    first, second = (row["member_id"] for row in place.obligations[:2])
    found = await place.seen(first, None)
    assert [each.target for each in found[first].earlier] == ["one"]
    assert {each.target for each in found[None].earlier} == {"one", "two"}
    assert second not in found


async def test_of_more_than_are_read_the_end_of_the_credential_is_proven(place, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2 * PEOPLE)
    await place.keep(*([asked("me", 200), *(asked(f"{n}/{m}", 200) for m in range(5))] for n in range(PEOPLE)))
    seen = (await place.seen(None))[None]
    assert seen.earlier[0].target == "me"
    assert proof(seen, *REFUSED).level is AttestationLevel.PROBED


async def test_of_more_than_are_read_no_absence_is_proven(place, monkeypatch):
    found = asked("people", 200, names_subject=True, asks_for_subject=True)
    empty = asked("people", 200, 9, asks_for_subject=True)
    await place.keep(*([found, *(asked(f"{n}/{m}", 200) for m in range(5))] for n in range(PEOPLE)))
    assert proof((await place.seen(None))[None], empty, claimed=Claimed.ERASED).level is AttestationLevel.PROBED

    monkeypatch.setattr(module, "_MOST", 2 * PEOPLE)
    grade = proof((await place.seen(None))[None], empty, claimed=Claimed.ERASED)
    assert (grade.level, grade.basis) == (AttestationLevel.UNVERIFIABLE, Basis.NEVER_FOUND)


async def test_what_is_left_out_changes_no_grade(place, owner):
    """Every grade is the one that follows from all exchanges; some were delivered to later than others."""
    last = [NOW + timedelta(minutes=minutes) for minutes in (0, 0, 3, 5, 0)]
    for row, at in zip(place.obligations, last, strict=False):
        await owner.execute("update disclosure set created_at = $2 where member_id = $1", row["member_id"], at)
    drawn, grades = random.Random(17), set()  # noqa: S311 - which cases are drawn is no secret
    for _ in range(SEEDS):
        of_each = [[_any(drawn) for _ in range(drawn.randint(0, 5))] for _ in range(PEOPLE)]
        await place.keep(*of_each)
        told = [(each, each.at < at) for exchanges, at in zip(of_each, last, strict=True) for each in exchanges]
        told.sort(key=lambda each: each[0].at)
        everything = module.Seen(
            earlier=tuple(each for each, is_outdated in told if not is_outdated),
            outdated=tuple(each for each, is_outdated in told if is_outdated),
        )
        seen = (await place.seen(None))[None]
        for _ in range(10):
            now = [_any(drawn, minute=9) for _ in range(drawn.randint(1, 3))]
            claimed = drawn.choice([*Claimed])
            expected = proof(everything, *now, claimed=claimed)
            assert proof(seen, *now, claimed=claimed) == expected, (of_each, now)
            grades.add(expected)
    assert len(grades) >= 6


def _any(drawn: random.Random, minute: int | None = None) -> KeptExchange:
    return asked(
        drawn.choice(["me", "people", "one"]),
        drawn.choice([200, 200, 200, 401, 404, 503]),
        drawn.choice([-30, -20, *range(1, 8)]) if minute is None else minute,
        method=drawn.choice(["GET", "GET", "GET", "PUT", "DELETE"]),
        credential=drawn.choice(["key", "other"]),
        request_digest=drawn.choice(["", "", "body"]),
        names_subject=drawn.random() < 0.4,
        asks_for_subject=drawn.random() < 0.7,
    )
