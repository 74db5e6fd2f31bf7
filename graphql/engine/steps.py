"""How each field of a selection set is run: worked out once, then used for every object of the level.

This is where generated renderers belong: a run of leaf steps is what such code would replace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLLeafType, GraphQLObjectType, GraphQLSchema, get_nullable_type, is_leaf_type
from graphql import is_non_null_type as is_non_null
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet

from wardship.graphql.engine.fields import BatchField
from wardship.graphql.engine.selection import BACKREF


@dataclass(slots=True, eq=False)
class Step:
    """One field of a selection set.

    Attributes:
        name: the response key.
        field_name: the GraphQL name.
        details: the field nodes that share the key.
        definition: the field in the schema.
        batch: the batch field, when it is one.
        leaf: the scalar or enum, when the field is a plain attribute that holds one.
        attribute: the Python attribute that a plain field reads.
        arguments: the coerced arguments, once known.
    """

    name: str
    field_name: str
    details: FieldDetailsList
    definition: GraphQLField
    batch: BatchField | None = None
    leaf: GraphQLLeafType | None = None
    attribute: str = ""
    is_nullable: bool = True
    is_typename: bool = False
    arguments: dict[str, Any] | None = None

    @property
    def is_meta(self) -> bool:
        """Whether the field is about the schema rather than the data."""
        return self.field_name.startswith("__")


def steps_of(schema: GraphQLSchema, type_: GraphQLObjectType, grouped: GroupedFieldSet) -> list[Step]:
    """Return the steps of a selection set on an object type; fields that the type lacks are left out."""
    steps = []
    for name, details in grouped.items():
        field_name = details[0].node.name.value
        definition = schema.get_field(type_, field_name)
        if definition is not None:
            steps.append(_step(name, field_name, details, definition))
    return steps


def _step(name: str, field_name: str, details: FieldDetailsList, definition: GraphQLField) -> Step:
    step = Step(name, field_name, details, definition, is_typename=field_name == "__typename")
    declared = definition.extensions.get(BACKREF)
    step.is_nullable = not is_non_null(definition.type)
    if isinstance(declared, BatchField):
        step.batch = declared
    elif declared is not None and declared.is_basic_field and declared.default_resolver is getattr:
        leaf = get_nullable_type(definition.type)
        step.leaf = leaf if is_leaf_type(leaf) else None
        step.attribute = declared.python_name
    return step
