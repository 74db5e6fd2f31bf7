"""Those that ship reach the level that their page states, at a real server."""

from __future__ import annotations

import itertools
import re
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.plugins.dav.bench import COLLECTION
from tests.plugins.shipped import shipped
from wardship.plugins.kit import Status, check_conformance

PAGE = (Path(__file__).parents[3] / "docs" / "integrations.md").read_text("utf-8")
STATED = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (bronze|silver|gold) \|", PAGE, re.MULTILINE))
_numbers = itertools.count(1)


def test_the_page_states_a_level_for_each_that_ships():
    assert STATED.keys() == shipped()


@pytest.mark.parametrize("key", sorted(STATED))
def test_what_ships_reaches_the_level_that_is_stated(radicale, key):
    @contextmanager
    def collection() -> Iterator[dict[str, object]]:
        url = radicale.create(COLLECTION[key], f"kit-{key}-{next(_numbers)}")
        yield {
            "collection_url": url,
            "username": radicale.username,
            "password": radicale.password,
            "server_country": "DE",
        }

    report = check_conformance(key, collection)
    assert report.level == STATED[key], report.as_text()
    assert report.of(Status.NOT_RUN) == ()


def test_the_documented_example_reaches_silver_and_lacks_what_only_a_vendor_can_say(newsletter, vendor):
    @contextmanager
    def fresh() -> Iterator[dict[str, object]]:
        vendor.reset()
        yield {**vendor.public_settings, **vendor.secrets}

    report = check_conformance(newsletter, fresh)
    assert report.of(Status.FAILED) == ("vendor-says-more",), report.as_text()
    assert report.level == "silver"


@pytest.fixture
def newsletter() -> types.ModuleType:
    """The module in the documentation."""
    module = types.ModuleType("newsletter_wardship")
    source = PAGE.split("```python\n", 1)[1].split("```", 1)[0]
    exec(compile(source, module.__name__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own words
    return module
