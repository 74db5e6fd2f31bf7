from __future__ import annotations

import warnings

import pytest

from wardship.plugins.api.fields import STANDARD_FIELDS, fields_under
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES, SUBJECTS, covers, is_special

with warnings.catch_warnings():
    # fideslang still uses what pydantic has deprecated.
    warnings.simplefilter("ignore")
    from fideslang.default_taxonomy import DEFAULT_TAXONOMY


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (CATEGORIES, DEFAULT_TAXONOMY.data_category),
        (PURPOSES, DEFAULT_TAXONOMY.data_use),
        (SUBJECTS, DEFAULT_TAXONOMY.data_subject),
    ],
    ids=["categories", "purposes", "subjects"],
)
def test_every_key_is_one_of_fides(ours, theirs):
    known = {entry.fides_key for entry in theirs}
    assert [key for key in ours if key not in known] == []


@pytest.mark.parametrize("terms", [CATEGORIES, PURPOSES, SUBJECTS])
def test_every_term_has_a_label_of_its_own(terms):
    labels = [term.label for term in terms.values()]
    assert len(labels) == len(set(labels))
    assert all(label and label == label.strip() and not label.endswith(".") for label in labels)


def test_every_standard_field_has_a_known_category():
    assert [field.name for field in STANDARD_FIELDS.values() if field.category not in CATEGORIES] == []
    assert all(name == field.name for name, field in STANDARD_FIELDS.items())


@pytest.mark.parametrize(
    ("key", "other", "expected"),
    [
        ("user.contact", "user.contact.email", True),
        ("user.contact", "user.contact", True),
        ("user.contact.email", "user.contact", False),
        ("user.name", "user.name_of_pet", False),
    ],
)
def test_a_key_covers_itself_and_what_stands_below_it(key, other, expected):
    assert covers(key, other) is expected


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("user.health_and_medical", True),
        ("user.health_and_medical.genetic", True),
        ("user.demographic", True),  # stands above religious belief
        ("user.demographic.gender", False),
        ("user.contact.email", False),
    ],
)
def test_special_categories_are_marked_above_and_below(category, expected):
    assert is_special(category) is expected


def test_a_category_lists_the_fields_that_it_covers():
    assert fields_under("user.name") == ("title", "display_name", "first_name", "last_name")
    assert fields_under("user.health_and_medical") == ()
