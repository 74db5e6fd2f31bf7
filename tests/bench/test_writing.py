"""What is written for part (d): names of many scripts, each once, and those who are sought in one text of a hundred."""

from __future__ import annotations

import unicodedata

import pytest

from bench.writing import NAMED_IN, people, texts


def test_nobody_shares_a_name_or_an_identifier():
    everybody = people(600)
    for names in zip(*(person.named for person in everybody), strict=True):
        assert len({name.casefold() for name in names}) == 600


def test_names_are_of_many_scripts():
    scripts = {unicodedata.name(person.display_name[0]).split()[0] for person in people(60)}
    assert len(scripts) >= 8


def test_each_of_those_who_are_sought_is_named_in_one_text_of_a_hundred():
    authors, sought = people(50), people(10, first=50)
    written = [text.body.casefold() for text in texts(20_000, authors, sought)]
    for person in sought:
        names = [name.casefold() for name in person.named]
        held = sum(any(name in body for name in names) for body in written)
        # A tenth of what points at somebody is a mention by id, which holds no name.
        assert held / len(written) == pytest.approx(NAMED_IN * 0.9, rel=0.35)


def test_the_same_is_written_each_time():
    def once():
        return [text.body for text in texts(50, people(5), people(2, first=5)) if text.mentioned is None]

    assert once() == once()
