"""Run the console's ready queries, and tell how many statements each may take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from tests.graphql.sample import all_samples
from tests.graphql.schema_paths import is_relation, sample_id
from tests.graphql.statement_counts import READ_BEFORE
from tests.graphql.world import World

_FOLDER = Path(__file__).resolve().parents[2] / "graphql" / "console" / "queries"
VARIABLES = {"FindMembers": {"namePrefix": "M"}, "PersonOfARequest": {"requestId": sample_id("DataRequest")}}
"""What a query is asked with in place of its defaults, so that it finds something."""


def ready(kind: str) -> list[str]:
    """Return the ready documents that are of a kind: ``query`` or ``mutation``."""
    texts = [
        path.read_text("utf-8")
        for path in sorted(_FOLDER.glob("*.graphql"), key=lambda path: int(path.name.partition("_")[0]))
    ]
    return [text for text in texts if _operation(text).operation.value == kind]


def name_of(text: str) -> str:
    """The name of a document's operation."""
    found = _operation(text).name
    assert found is not None
    return found.value


class _Fetched(Visitor):
    """Counts the fields that are fetched: root fields of a query, relations, and totals of lists."""

    def __init__(self, types: TypeInfo, root: str) -> None:
        super().__init__()
        self.types, self.root, self.count = types, root, 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Count one field."""
        field, parent = self.types.get_field_def(), self.types.get_parent_type()
        is_root = parent is not None and parent.name == self.root == "Query"
        if field is not None and (is_root or is_relation(field) or node.name.value == "totalCount"):
            self.count += 1
        if parent is not None:
            self.count += READ_BEFORE.get(f"{parent.name}.{node.name.value}", (0, ""))[0]


def most_statements(schema: GraphQLSchema, text: str) -> int:
    """Return how many statements a document may take to be answered: one for each list, relation and total."""
    types = TypeInfo(schema)
    counting = _Fetched(types, "Query" if _operation(text).operation.value == "query" else "Mutation")
    visit(parse(text), TypeInfoVisitor(types, counting))
    return counting.count


def mutation_variables(text: str, world: World) -> dict[str, Any]:
    """Return variables for a mutation, out of the sample of its operation in ``tests/graphql/samples``."""
    sample = sample_of(text)
    given = sample.variables(world)["input"]
    named = {found.variable.name.value for found in _operation(text).variable_definitions or ()}
    return {name: value for name, value in given.items() if name in named}


def sample_of(text: str):
    """The sample of the operation that a ready mutation calls."""
    (field,) = re.findall(r"^  (\w+)\(", text, re.MULTILINE)
    (found,) = [each for each in all_samples() if each.field == field]
    return found


def _operation(text: str) -> OperationDefinitionNode:
    (found,) = parse(text).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found
