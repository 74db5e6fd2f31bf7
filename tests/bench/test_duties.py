"""A peer that leaves a duty undone is not measured."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.duties import DutyNotDoneError, require_same
from bench.peer import SOURCES

ROW = ("actor", "token", "member", ("user.contact.email",))
OTHER = ("actor", "token", "member", ("user.name.last",))


def test_same_rows_are_accepted():
    require_same(Counter([ROW, OTHER]), Counter([OTHER, ROW]))


@pytest.mark.parametrize("theirs", [[], [ROW], [ROW, ROW], [ROW, OTHER, OTHER]])
def test_other_rows_are_refused(theirs):
    with pytest.raises(DutyNotDoneError, match=f"records 2 rows and the peer {len(theirs)}"):
        require_same(Counter([ROW, OTHER]), Counter(theirs))


def test_page_that_wardship_does_not_record_proves_nothing():
    with pytest.raises(DutyNotDoneError):
        require_same(Counter(), Counter())


def test_only_one_file_of_the_peer_knows_how_accesses_are_kept():
    assert [path.name for path in SOURCES.iterdir() if "data_access" in path.read_text()] == ["record_access.sql"]
