"""From a document's text to a plan: parsed, measured, validated and costed once.

A plan is where later compilation belongs: what depends on the document alone is worked out in `compile_plan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSchema, parse, specified_rules, validate
from graphql.error import GraphQLSyntaxError
from graphql.language import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode
from graphql.validation import ASTValidationRule, NoSchemaIntrospectionCustomRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from wardship.graphql.engine.costs import CostCompiler, CostExpression
from wardship.graphql.engine.errors import EngineError, LimitExceededError
from wardship.graphql.engine.limits import Limits, check_extent, refuse_above

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
OPERATION_UNKNOWN = "OPERATION_RESOLUTION_FAILURE"
MAX_ERRORS = 20
BYTES_PER_TOKEN = 2_000
"""Memory of a plan per lexical token: 1,300 measured with tracemalloc on usual documents, and some to spare."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An operation that may be executed.

    Attributes:
        kind: ``query``, ``mutation`` or ``subscription``.
        name: the operation's name, if it has one.
        cost: the expression that gives its cost for some variables.
        weight: estimated memory, in bytes.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    kind: str
    name: str | None
    cost: CostExpression
    weight: int


class RefusedDocumentError(Exception):
    """A document that will never be executed.

    Attributes:
        errors: as the response shows them, so that keeping them keeps no syntax tree alive.
    """

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, slots=True)
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
            cost = CostCompiler(self.schema, _fragments(document), self.limits).operation(operation)
        except EngineError as error:
            raise RefusedDocumentError([shown(error.message, error.code)]) from error
        except RecursionError:
            raise RefusedDocumentError([shown("The document nests too deeply.", "DEPTH_LIMIT")]) from None
        name = operation.name.value if operation.name else None
        weight = len(text) + tokens * BYTES_PER_TOKEN
        return Plan(document, operation, operation.operation.value, name, cost, weight)

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
            raise RefusedDocumentError(located([error], PARSE_FAILED)) from error
        return document, document.token_count or len(text) // 4

    def _validate(self, document: DocumentNode) -> None:
        rules: list[type[ASTValidationRule]] = [*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule]
        if not self.is_introspectable:
            rules.append(NoSchemaIntrospectionCustomRule)
        errors = validate(self.schema, document, rules, MAX_ERRORS, hide_suggestions=not self.is_introspectable)
        if errors:
            raise RefusedDocumentError(located(errors, VALIDATION_FAILED))


def shown(message: str, code: str) -> dict[str, Any]:
    """Return an error with a code, as the response shows it."""
    return {"message": message, "extensions": {"code": code}}


def located(errors: Iterable[GraphQLError], code: str) -> list[dict[str, Any]]:
    """Return GraphQL's own errors, with their places in the document, as the response shows them."""
    return [{**error.formatted, "extensions": {"code": code}} for error in errors]


def _utf8_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


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
