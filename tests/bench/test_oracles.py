"""What time tells a stranger is counted rightly, and each question gets the answer that it should."""

from __future__ import annotations

import pytest

from bench import ours
from bench.oracles import compare, measure_oracles
from bench.place import make_place

pytestmark = pytest.mark.anyio


def test_same_times_tell_nothing():
    told = compare("a question", [0.001, 0.002, 0.003], [0.003, 0.002, 0.001])
    assert (told.known_ms, told.unknown_ms, told.longer) == (2, 2, 0.5)


def test_what_always_takes_longer_is_told():
    told = compare("a question", [0.004, 0.005], [0.001, 0.002])
    assert (told.known_ms, told.unknown_ms) == pytest.approx((4.5, 1.5))
    assert told.longer == 1


async def test_each_question_is_answered_as_to_a_stranger(tmp_path):
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        told = await measure_oracles(place, turns=2)
    assert [each.question.split()[1:2] for each in told] == [
        ["/auth/way-to-sign-in"],
        ["/auth/o/NAME"],
        ["/scim/v2/Users"],
        [],
    ]
    assert all(each.known_ms > 0 < each.unknown_ms for each in told)
