"""The matcher against an oracle that knows where each mention stands (tests/tenants/matching/oracle.py).

``ORACLE_EXAMPLES`` sets how many people are made; continuous integration makes few.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tenants.matching import oracle
from tests.tenants.matching.test_matcher import SHORTENED, person_called
from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.candidates import candidates, condition
from wardship.tenants.matching.finds import rewrite
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.listing import listed_groups
from wardship.tenants.matching.matcher import Matcher
from wardship.tenants.matching.rules import Certainty

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "200"))
TEXTS = 1000
BOUND = 5
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def _known(person: oracle.Person) -> Identifiers:
    orders = {f"{person.first} {person.last}", f"{person.last} {person.first}", f"{person.last}, {person.first}"}
    return Identifiers(
        emails=frozenset({f"{person.local}@bücher.example"}),
        phones=frozenset({f"+49 {person.number}"}),
        usernames=frozenset({person.username}),
        names=frozenset({person.name, *orders}),
        parts=frozenset({person.first, person.last}),
    )


def _check(person: oracle.Person, made: oracle.Made, context: TextContext) -> None:
    known = _known(person)
    finds = Matcher(known).find(made.text, context)
    certain = [find for find in finds if find.is_certain]
    assert rewrite(made.text, certain, "#") == made.expected
    asked = [(find.start, find.end) for find in finds if not find.is_certain]
    unlisted = [
        made.text[start:end] for start, end in made.doubtful if not any(a < end and start < b for a, b in asked)
    ]
    assert unlisted == []


@many
@given(random=st.randoms(use_true_random=False))
def test_every_mention_in_prose_is_rewritten_or_listed_and_nothing_else_changes(random):
    person = oracle.make_person(random)
    _check(person, oracle.make_text(random, person), TextContext.TEXT)


@many
@given(random=st.randoms(use_true_random=False))
def test_every_mention_in_file_names_is_rewritten(random):
    person = oracle.make_person(random)
    made = oracle.make_file_name(random, person)
    _check(person, made, TextContext.NAME)
    if " " not in made.text:  # with spaces, what a hyphen joins in prose is asked about
        _check(person, made, TextContext.TEXT)


@many
@pytest.mark.parametrize("kind", ["json", "html"])
@given(random=st.randoms(use_true_random=False))
def test_every_mention_behind_escapes_is_rewritten_and_the_structure_stays(kind, random):
    person = oracle.make_person(random)
    made = oracle.make_escaped(random, person, kind)
    _check(person, made, TextContext(kind))
    _check(person, made, TextContext.TEXT)


@settings(max_examples=max(10, EXAMPLES // 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=True))
def test_at_most_five_of_a_thousand_texts_that_mention_nobody_are_listed(random):
    word = random.choice(oracle.WORD_NAMES)
    for known in (
        Identifiers(frozenset(), frozenset(), frozenset({word.lower()}), frozenset({word})),
        Identifiers(
            frozenset(), frozenset(), frozenset(), frozenset({f"{word} Rayburn"}), frozenset({word, "Rayburn"})
        ),
    ):
        matcher, likely, possible = Matcher(known), 0, Counter()
        for _ in range(TEXTS):
            text = oracle.make_other(random, word)
            finds = matcher.find(text)
            assert [find for find in finds if find.is_certain] == []
            likely += sum(find.certainty is Certainty.LIKELY for find in finds)
            possible.update((find.rule, text[find.start : find.end]) for find in finds)
        listed = listed_groups(possible, TEXTS)
        assert likely + sum(possible[group] for group in listed) <= BOUND


@many
@given(random=st.randoms(use_true_random=False))
async def test_no_text_with_a_find_is_left_out_by_the_database(owner, random):
    person = oracle.make_person(random)
    known = _known(person)
    made = oracle.make_text(random, person)
    finds = Matcher(known).find(made.text)
    for is_certain in (False, True):
        asked = candidates(known, is_certain=is_certain)
        is_candidate = await owner.fetchval(f"select {condition('$1::text', 2)}", made.text, *asked.arguments)
        assert is_candidate or not any(find.is_certain or not is_certain for find in finds)


@pytest.mark.parametrize(("first", "last", "text"), [*SHORTENED, ("Ann", "Rayburn", "Ann Zo\u00eblle Rayburn")])
async def test_no_shortened_name_is_left_out_by_the_database(owner, first, last, text):
    asked = candidates(person_called(first, last))
    found = await owner.fetchval(f"select {condition('$1::text', 2)}", f"we met {text} there", *asked.arguments)
    assert found
