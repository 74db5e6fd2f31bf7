"""What can't stand twice in one organisation is told apart, so that no name keeps a merger from being carried out."""

from __future__ import annotations

import pytest

from tests.builders import make_group

pytestmark = pytest.mark.anyio
OURS = "Orchard Søren & Ida"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (["Crew", f"Crew ({OURS})"], ["Crew"]),
        (["Crew"], ["Crew", f"Crew ({OURS})"]),
        (["ß" * 150 + "a", "ß" * 150 + "b"], ["ß" * 150 + "a", "ß" * 150 + "b"]),
        (["İ" * 200], ["İ" * 200]),
    ],
    ids=["renamed-one-is-there", "renamed-one-is-here", "alike-at-the-beginning", "longest"],
)
async def test_groups_of_one_name_are_told_apart_whatever_they_are_called(merging, database, theirs, ours):
    for organisation, names in ((merging.orchard, theirs), (merging.harbour, ours)):
        for name in names:
            await make_group(database, organisation, name)
    await merging.merge()
    rows = await merging.owner.fetch("select name from user_group where organisation_id = $1", merging.harbour.id)
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names) == len(theirs) + len(ours)
    assert set(ours) <= set(names)
    assert max(map(len, names)) <= 200
