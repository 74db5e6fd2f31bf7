"""A line of text shows all that it holds, save what scripts and pictures are spelled with."""

from __future__ import annotations

import pytest

from wardship.core.errors import InvalidInputError
from wardship.core.text import one_line

# Unicode's Default_Ignorable_Code_Point without variation selectors and joiners, and fonts' blank notehead.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a\u202e\u2060\u2064\u2065\u2066\u206f\u3164\ufeff"
    "\uffa0\ufff0\ufff8\U0001bca0\U0001bca3\U0001d159\U0001d173\U0001d17a\U000e0001\U000e007f\U000e0080\U000e01f0"
)


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda sign: f"U+{ord(sign):04X}")
def test_sign_that_nobody_sees_is_refused_inside_a_name_and_as_one(sign: str):
    for name in (f"Ada{sign} Lovelace", sign):
        with pytest.raises(InvalidInputError):
            one_line(name, "name", least=1)


@pytest.mark.parametrize("name", ["Ada Lovelace", "علی\u200cرضا", "𝓐𝓭𝓪", "𝄞 Clef", "❤\ufe0f", "ᠮᠣᠩᠭᠣᠯ"])
def test_name_that_is_seen_is_taken_as_it_is(name: str):
    assert one_line(name, "name", least=1) == name
