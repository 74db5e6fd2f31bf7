"""Parts of a run are chosen by their letters."""

from __future__ import annotations

import pytest

from bench.__main__ import _amount, _options
from bench.parts import ALL


def test_all_parts_are_run_unless_some_are_named():
    assert _options([]).only == ALL == "abcdefghi"
    assert _options(["--only", "a,b,f"]).only == "abf"


@pytest.mark.parametrize("letters", ["", "a,x", "j"])
def test_part_that_does_not_exist_is_refused(letters, capsys):
    with pytest.raises(SystemExit):
        _options(["--only", letters])
    assert "the parts are a, b, c, d, e, f, g, h" in capsys.readouterr().err


def test_a_real_run_compares_what_is_promised():
    scales = _amount(_options([])).scales
    assert (scales.base.organisations, scales.many.organisations) == (100, 10_000)
    assert (scales.base.members, scales.large.members) == (2_000, 1_000_000)
    assert (scales.many.members, scales.large.organisations) == (2_000, 100)


def test_a_real_run_erases_what_is_promised():
    erasing = _amount(_options([])).erasing
    assert (erasing.town.posts, erasing.own, erasing.town.installations) == (110_000, 10_000, 20)
    assert erasing.town.sought == erasing.alone + erasing.rounds * erasing.together
    assert erasing.town.by_hand == erasing.alone >= 20


def test_quick_run_has_the_same_parts_and_little_data():
    scales = _amount(_options(["--quick"])).scales
    assert (scales.base.organisations, scales.many.organisations) == (12, 120)
    assert (scales.base.members, scales.large.members) == (300, 3_000)
