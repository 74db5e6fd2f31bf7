"""A find, and putting something else in its place."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.rules import Certainty, FindKind, Rule


@dataclass(frozen=True, slots=True)
class Find:
    """Something in a text that points, or may point, at the person.

    Attributes:
        start: where it begins, in characters of the text.
        end: where it ends.
        kind: what of the person it is.
        rule: why it was judged as it was; ``rule.words`` says it to the decider.
        certainty: how surely it is the person; a rule's own, or more where the text names the person for certain.
        form: what was found, folded, without what stands between the words: the same for finds that look the same.
        context: of the text, which decides how a replacement is written.
        is_in_address: whether it stands inside a web address.
        kept: the markup inside it, which stays.
    """

    start: int
    end: int
    kind: FindKind
    rule: Rule
    certainty: Certainty
    form: str
    context: TextContext = TextContext.TEXT
    is_in_address: bool = False
    kept: str = ""

    @property
    def is_certain(self) -> bool:
        """Return whether it is rewritten without asking."""
        return self.certainty is Certainty.CERTAIN


def rewrite(text: str, finds: Sequence[Find], replacement: str) -> str:
    """Return a text in which each find is replaced, written as its place needs; markup inside a find stays.

    Args:
        text: in which they were found.
        finds: those to replace, in order.
        replacement: plain text.
    """
    parts, last = [], 0
    for find in finds:
        parts += [text[last : find.start], _written(find, replacement), find.kept]
        last = find.end
    return "".join((*parts, text[last:]))


def _written(find: Find, replacement: str) -> str:
    if find.is_in_address:
        return quote(replacement, safe="")
    if find.context is TextContext.HTML:
        return html.escape(replacement)
    return replacement.replace("\\", "\\\\").replace('"', '\\"') if find.context is TextContext.JSON else replacement
