"""The tests that take long are begun first, in whichever order they are found."""

from pathlib import Path

import pytest

from tests.longest_first import LONGEST, pytest_collection_modifyitems

ROOT = Path(__file__).resolve().parents[2]


class Item:
    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid


@pytest.mark.parametrize("name", LONGEST)
def test_what_is_begun_first_exists(name):
    assert (ROOT / name).exists()


def test_longest_are_begun_first_and_all_others_stay_in_their_order():
    others = ["tests/applied/test_a.py::test_b", "tests/core/test_a.py::test_b", "tests/core/test_a.py::test_a"]
    of_a_folder = ["tests/browser/test_mails.py::test_b", "tests/browser/test_mails.py::test_a"]
    items = [Item(nodeid) for nodeid in (*others, *of_a_folder, "tests/graphql/test_plans.py::test_a")]
    pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == ["tests/graphql/test_plans.py::test_a", *of_a_folder, *others]


def test_processes_keep_that_order():
    assert "--dist loadfile --no-loadscope-reorder" in (ROOT / "Makefile").read_text()
