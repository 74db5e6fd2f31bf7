"""Generates operations on the archive's schema: aliases, arguments, variables, fragments, directives, every type."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import strategies as st

LEAVES = {
    "Person": ["id", "name", "nick", "mood", "tags", "shout", "shout(times: 2)", "__typename"],
    "Paper": ["id", "title", "pages", "__typename"],
    "Thing": ["id", "__typename"],
    "Found": ["__typename"],
    "Card": ["number", "holder"],
    "PersonEdge": ["cursor"],
    "PaperEdge": ["cursor", "__typename"],
    "PageInfo": ["hasNextPage", "endCursor"],
    "PersonConnection": ["__typename"],
    "PaperConnection": ["totalCount"],
}
OBJECTS = {
    "Query": [
        ("person(id: 3)", "Person"),
        ("person(id: $id)", "Person"),
        ("person", "Person"),
        ("people(first: 3)", "PersonConnection"),
        ("people(first: $first)", "PersonConnection"),
        ("things", "Thing"),
        ("found", "Found"),
        ("rows", "Person"),
        ("chief", "Person"),
    ],
    "Person": [
        ("boss", "Person"),
        ("partner", "Person"),
        ("keeper", "Person"),
        ("card", "Card"),
        ("spare", "Card"),
        ("papers", "Paper"),
        ("papers(first: 3)", "Paper"),
        ("papers(first: $first, which: $which)", "Paper"),
        ("papers(which: { newest: true, skip: [2] })", "Paper"),
        ("shelf", "Found"),
    ],
    "Paper": [
        ("author", "Person"),
        ("keeper", "Person"),
        ("cites(first: 1)", "PaperConnection"),
        ("cites", "PaperConnection"),
    ],
    "Thing": [("keeper", "Person")],
    "Found": [],
    "Card": [("giver", "Person")],
    "PageInfo": [],
    "PersonConnection": [("edges", "PersonEdge"), ("pageInfo", "PageInfo")],
    "PaperConnection": [("edges", "PaperEdge"), ("pageInfo", "PageInfo")],
    "PersonEdge": [("node", "Person")],
    "PaperEdge": [("node", "Paper")],
}
POSSIBLE = {
    "Person": ["Person", "Thing", "Found"],
    "Paper": ["Paper", "Thing", "Found"],
    "Thing": ["Person", "Paper", "Thing"],
    "Found": ["Person", "Paper", "Thing"],
}
DIRECTIVES = ["", "", "", " @include(if: $yes)", " @skip(if: $yes)", " @skip(if: $no)", " @include(if: $no)"]
HEAD = "query ($id: Int! = 2, $first: Int! = 2, $which: PaperFilter, $yes: Boolean! = true, $no: Boolean! = false)"


@dataclass
class Operation:
    """A document with its variables."""

    document: str
    variables: dict[str, Any] = field(default_factory=dict)


class _Writer:
    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.aliases = count()
        self.fragments: list[str] = []

    def pick(self, choices: list[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def selections(self, type_: str, depth: int) -> str:
        parts = [self.selection(type_, depth) for _ in range(self.draw(st.integers(1, 3)))]
        return "{ " + " ".join(parts) + " }"

    def selection(self, type_: str, depth: int) -> str:
        kinds = ["leaf"] if type_ in LEAVES else []
        if depth > 0:
            kinds += ["object"] * 3 if OBJECTS[type_] else []
            kinds += ["inline", "named"] if type_ in POSSIBLE else []
        kind = self.pick(kinds or ["leaf"])
        if kind == "leaf":
            return self.alias(self.pick(LEAVES[type_]), is_forced=False) + self.pick(DIRECTIVES)
        if kind == "object":
            name, returned = self.pick(OBJECTS[type_])
            return f"{self.alias(name)}{self.pick(DIRECTIVES)} {self.selections(returned, depth - 1)}"
        condition = self.pick(POSSIBLE[type_])
        if kind == "inline":
            return f"... on {condition}{self.pick(DIRECTIVES)} {self.selections(condition, depth - 1)}"
        body = self.selections(condition, depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {condition} {body}")
        return f"...{name}{self.pick(DIRECTIVES)}"

    def alias(self, name: str, *, is_forced: bool = True) -> str:
        """Give a field with arguments, and some others, a name of its own, so that fields always merge."""
        if "(" in name or (is_forced and self.draw(st.booleans())):
            return f"a{next(self.aliases)}: {name}"
        return name


@st.composite
def operations(draw: Any) -> Operation:
    """Generate an operation that is valid on the archive's schema."""
    writer = _Writer(draw)
    body = writer.selections("Query", draw(st.integers(3, 6)))
    # every variable is used, so that validation has nothing to say
    used = "z: person(id: $id) { papers(first: $first, which: $which) { id @include(if: $yes) } id @skip(if: $no) }"
    document = f"{HEAD} {body[:-1]} {used} }}\n" + "\n".join(writer.fragments)
    which = draw(st.sampled_from([None, {"newest": True}, {"skip": [1, 2]}, {}]))
    variables = draw(
        st.fixed_dictionaries(
            {"which": st.just(which)},
            optional={"id": st.integers(0, 9), "first": st.integers(0, 3), "yes": st.booleans(), "no": st.booleans()},
        )
    )
    return Operation(document, variables)
