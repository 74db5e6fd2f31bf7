"""What a limitation names is told from what it does not: data alone."""

from __future__ import annotations

import pytest

from wardship.core.identifiers import uuid7
from wardship.plugins.api.taxonomy import CATEGORIES, covers
from wardship.tenants.limitations.limits import Item, Limitation, LimitationReason, Limits, Passage, categories_left
from wardship.tenants.members.noun import Member

POST = uuid7()


def _limitation(**named) -> Limitation:
    return Limitation(reason_code=LimitationReason.OTHER, **named)


@pytest.mark.parametrize(
    ("named", "asked", "covered", "touched"),
    [
        ("user.contact", "user.contact.email", 0, 0),
        ("user.contact.email", "user.contact.email", 0, 0),
        ("user.contact.email", "user.contact", None, 0),
        ("user.contact.email", "user.contact.phone_number", None, None),
        ("user.contact", "user.content", None, None),
    ],
)
def test_category_covers_what_is_below_it_and_touches_what_is_above(named, asked, covered, touched):
    limits = Limits([_limitation(categories=(named,))])
    assert (limits.category(asked), limits.touching(asked)) == (covered, touched)


def test_first_limitation_that_covers_a_column_counts_it():
    limits = Limits([_limitation(columns=("member.phone",)), _limitation(categories=("user.contact",))])
    held = Member.held.personal
    places = {name: limits.column(Member.held, name, held[name]) for name in ("phone", "email", "display_name")}
    assert places == {"phone": 0, "email": 1, "display_name": None}


@pytest.mark.parametrize("named", sorted(CATEGORIES))
def test_categories_left_are_topmost_and_have_nothing_to_do_with_the_named_one(named):
    left = categories_left([_limitation(categories=(named,))])
    assert not [key for key in left if covers(key, named) or covers(named, key)]
    assert not [key for key in left for other in left if key != other and covers(other, key)]
    kept = {key for key in CATEGORIES if not (covers(key, named) or covers(named, key))}
    assert {key for key in CATEGORIES if any(covers(top, key) for top in left)} == kept


def test_words_tell_kinds_and_numbers_and_no_identifier():
    named = _limitation(
        categories=("user.name",),
        items=(Item("post", POST), Item("file_reference", uuid7())),
        passages=(Passage("post", POST, 9, "00" * 32),),
    ).named()
    assert named == "user.name, 1 post, 1 file_reference, 1 passage of a post"
    assert str(POST) not in named
