"""From a document's text to a plan: parsed, measured, validated and costed once.

What depends on the document alone is worked out once. What also depends on the outcome of `@include` and `@skip` is a
program, made for each outcome that is met.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, parse, specified_rules, validate
from graphql.error import GraphQLSyntaxError
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from graphql.language import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.validation import ASTValidationRule, NoSchemaIntrospectionCustomRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from wardship.graphql.engine.errors import EngineError, LimitExceededError
from wardship.graphql.engine.limits import Limits, check_extent, fields_of, refuse_above
from wardship.graphql.engine.planning.costs import CostCompiler, CostExpression
from wardship.graphql.engine.planning.field_plans import Kind, step_of
from wardship.graphql.engine.planning.programs import Program
from wardship.graphql.engine.planning.variables import VariableReader
from wardship.graphql.engine.schema.selection import SelectionSource

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
OPERATION_UNKNOWN = "OPERATION_RESOLUTION_FAILURE"
MAX_ERRORS = 20
BYTES_PER_TOKEN = 1_500
"""Memory of a plan per lexical token: 1,000 to 1,300 measured with tracemalloc on usual documents."""

BYTES_PER_PLAN = 15_000
"""Memory of the least plan, with one program."""

BYTES_PER_FIELD_OF_A_PROGRAM = 3_000
"""Memory of one program per field, fragments spread out, its code included: 2,000 to 2,800 measured."""


PROGRAMS = 4
"""Programs that a plan keeps: one for each outcome of its directives, the least recently used going first."""


@dataclass(slots=True, eq=False)
class Plan:
    """An operation that may be executed.

    Attributes:
        schema: what it was validated against.
        fragments: every fragment of the document, by name.
        kind: ``query``, ``mutation`` or ``subscription``.
        name: the operation's name, if it has one.
        cost: the expression that gives its cost for some variables.
        weight: estimated memory with all its programs, in bytes.
        deciding: the variables that its directives read.
        variables: reads the variables of a request.
        has_resolvers: whether it may select a resolver that is no batch field below the root.
        hides_suggestions: whether errors suggest no names.
    """

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDetails]
    kind: str
    name: str | None
    cost: CostExpression
    weight: int
    deciding: tuple[str, ...]
    variables: VariableReader
    has_resolvers: bool
    hides_suggestions: bool
    _programs: OrderedDict[tuple[Any, ...], Program] = field(default_factory=OrderedDict)

    def is_ready(self, variables: VariableValues) -> bool:
        """Return whether the program that runs with some variables has been made."""
        return self._outcome(variables) in self._programs

    def _outcome(self, variables: VariableValues) -> tuple[Any, ...]:
        return tuple([variables.coerced.get(name) for name in self.deciding])

    def program(self, variables: VariableValues) -> Program:
        """Return what runs with some variables.

        Raises:
            GraphQLError: a directive at the top of the operation can't be evaluated.
        """
        outcome = self._outcome(variables)
        program = self._programs.get(outcome)
        if program is None:
            program = self._programs[outcome] = self._made(variables)
            if len(self._programs) > PROGRAMS:
                self._programs.popitem(last=False)
        elif len(self._programs) > 1:
            self._programs.move_to_end(outcome)
        return program

    def _made(self, variables: VariableValues) -> Program:
        """Make a program that holds nothing of a request but what its directives read."""
        kept = VariableValues(
            {name: variables.sources[name] for name in self.deciding if name in variables.sources},
            {name: variables.coerced[name] for name in self.deciding if name in variables.coerced},
        )
        return Program(
            SelectionSource(self.schema, self.operation, self.fragments, kept),
            hides_suggestions=self.hides_suggestions,
            has_resolvers=self.has_resolvers,
        )


class RefusedDocumentError(Exception):
    """A document that will never be executed.

    Attributes:
        errors: as the response shows them, so that keeping them keeps no syntax tree alive.
    """

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True)
class PlanCompiler:
    """Compiles documents against one schema."""

    schema: GraphQLSchema
    limits: Limits
    is_introspectable: bool

    def compile(self, text: str, operation_name: str | None) -> Plan:
        """Return the plan of an operation.

        Raises:
            RefusedDocumentError: it can't be parsed, isn't valid, or asks for more than the limits allow.
        """
        try:
            document, tokens = self._parsed(text)
            check_extent(document, self.limits)
            self._validate(document)
            operation = _operation(document, operation_name)
            fragments = _fragments(document)
            cost = CostCompiler(self.schema, fragments, self.limits).operation(operation)
        except EngineError as error:
            raise RefusedDocumentError([error_entry(error.message, error.code)]) from error
        except RecursionError:
            raise RefusedDocumentError([error_entry("The document nests too deeply.", "DEPTH_LIMIT")]) from None
        names = _Names()
        visit(document, names)
        outcomes = min(2 ** len(names.deciding), PROGRAMS)
        return Plan(
            self.schema,
            document,
            operation,
            {name: FragmentDetails(definition) for name, definition in fragments.items()},
            operation.operation.value,
            operation.name.value if operation.name else None,
            cost,
            BYTES_PER_PLAN
            + len(text)
            + tokens * BYTES_PER_TOKEN
            + outcomes * fields_of(document, operation) * BYTES_PER_FIELD_OF_A_PROGRAM,
            tuple(sorted(names.deciding)),
            VariableReader(self.schema, operation, hides_suggestions=not self.is_introspectable),
            not names.fields.isdisjoint(self._resolved),
            not self.is_introspectable,
        )

    @cached_property
    def _resolved(self) -> frozenset[str]:
        """The names of fields below the root that have a resolver of their own and are no batch fields."""
        roots = {self.schema.query_type, self.schema.mutation_type, self.schema.subscription_type}
        return frozenset(
            name
            for type_ in self.schema.type_map.values()
            if isinstance(type_, GraphQLObjectType) and type_ not in roots and not type_.name.startswith("__")
            for name, definition in type_.fields.items()
            if step_of(0, name, [], definition, type_).kind is Kind.RESOLVED
        )

    def _parsed(self, text: str) -> tuple[DocumentNode, int]:
        limits = self.limits
        refuse_above(_utf8_length(text), limits.document_bytes, "DOCUMENT_SIZE_LIMIT", "is {} bytes long")
        try:
            document = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
        except GraphQLSyntaxError as error:
            if "Document contains more than" in error.message:
                raise LimitExceededError(
                    f"The document has more than the {limits.tokens} tokens, or comments, allowed: split it.",
                    code="TOKEN_LIMIT",
                ) from error
            raise RefusedDocumentError(format_errors([error], PARSE_FAILED)) from error
        _unchain_tokens(document)
        return document, document.token_count or len(text) // 4

    def _validate(self, document: DocumentNode) -> None:
        rules: list[type[ASTValidationRule]] = [*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule]
        if not self.is_introspectable:
            rules.append(NoSchemaIntrospectionCustomRule)
        errors = validate(self.schema, document, rules, MAX_ERRORS, hide_suggestions=not self.is_introspectable)
        if errors:
            raise RefusedDocumentError(format_errors(errors, VALIDATION_FAILED))


class _Names(Visitor):
    """Gathers the variables that directives read, and the names of fields."""

    def __init__(self) -> None:
        super().__init__()
        self.deciding: set[str] = set()
        self.fields: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.fields.add(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.deciding.update(
            one.value.name.value for one in node.arguments or () if isinstance(one.value, VariableNode)
        )


def error_entry(message: str, code: str) -> dict[str, Any]:
    """Return an error with a code, as the response shows it."""
    return {"message": message, "extensions": {"code": code}}


def format_errors(errors: Iterable[GraphQLError], code: str) -> list[dict[str, Any]]:
    """Return GraphQL's own errors, with their places in the document, as the response shows them."""
    return [{**error.formatted, "extensions": {"code": code, **(error.extensions or {})}} for error in errors]


def _utf8_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _unchain_tokens(document: DocumentNode) -> None:
    """Take the document's tokens apart, which nothing but its places needs and which hold it together in a circle."""
    token = None if document.loc is None else document.loc.start_token
    while token is not None:
        token.prev, token.next, token = None, None, token.next


def _fragments(document: DocumentNode) -> Mapping[str, FragmentDefinitionNode]:
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None and len(operations) > 1:
        raise EngineError("The document has several operations: say which by `operationName`.", code=OPERATION_UNKNOWN)
    for operation in operations:
        if name is None or (operation.name is not None and operation.name.value == name):
            break
    else:
        raise EngineError("The document has no operation of the name given as `operationName`.", code=OPERATION_UNKNOWN)
    return operation
