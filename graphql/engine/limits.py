"""What a document may ask for; measured on the syntax tree before anything is validated or executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from wardship.graphql.engine.errors import LimitExceededError


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one request; every one is inclusive.

    Attributes:
        request_bytes: the body of the HTTP request.
        document_bytes: the document, in UTF-8.
        tokens: lexical tokens of the document; as many comments are allowed.
        depth: nested fields.
        breadth: fields of one selection set, fragments included.
        fields: fields of the whole operation, each fragment counted where it is spread.
        aliases: fields with an alias in the whole operation, counted likewise.
        root_fields: fields at the top of a query.
        mutations: fields at the top of a mutation; each is a transaction of its own.
        directives: directives of the whole operation, counted like fields.
        variables_bytes: the variables, as JSON.
        variables_depth: nested lists and objects in the variables.
        page: the greatest `first` or `last`.
        cost: the operation's cost with the variables of the request.
        seconds: how long an execution may take.
        events: events of subscriptions that are executed at once, so that they leave room for requests.
        send_seconds: how long a client may take to read an answer, besides what its length allows.
        send_rate: bytes a second that a client must read at least.
        plans: operations that the plan cache holds.
        plan_bytes: estimated memory of the plan cache.
        refusals: invalid documents whose errors are remembered.
        compile_share: the part of the time in which documents that are new may be compiled.
        compile_burst: seconds of compiling that may be saved up, for many new documents at once.
        without_credential: what clients have of both that have shown no credential, apart, as a part of it.
    """

    request_bytes: int = 262_144
    document_bytes: int = 32_768
    tokens: int = 4_000
    depth: int = 20
    breadth: int = 100
    fields: int = 500
    aliases: int = 50
    root_fields: int = 20
    mutations: int = 10
    directives: int = 50
    variables_bytes: int = 131_072
    variables_depth: int = 16
    page: int = 100
    cost: int = 20_000
    seconds: float = 10.0
    events: int = 4
    send_seconds: float = 30.0
    send_rate: float = 16_384.0
    plans: int = 1_000
    plan_bytes: int = 64 * 1024 * 1024
    refusals: int = 200
    compile_share: float = 0.04
    compile_burst: float = 0.5
    without_credential: float = 0.1


@dataclass(slots=True)
class Extent:
    """How much a selection set asks for, with its fragments spread out."""

    depth: int = 0
    breadth: int = 0
    widest: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0

    def join(self, other: Extent) -> None:
        """Add what stands in the same selection set."""
        self.depth = max(self.depth, other.depth)
        self.breadth += other.breadth
        self.widest = max(self.widest, other.widest)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives


class _Measure:
    """Measures each fragment once, so that fragments which spread fragments cost no more than their text."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._measured: dict[str, Extent] = {}

    def of_set(self, selections: SelectionSetNode | None) -> Extent:
        extent = Extent()
        for selection in selections.selections if selections else ():
            extent.join(self._of(selection))
        extent.widest = max(extent.widest, extent.breadth)
        return extent

    def _of(self, selection: SelectionNode) -> Extent:
        if isinstance(selection, FieldNode):
            inner = self.of_set(selection.selection_set)
            own = Extent(inner.depth + 1, 1, inner.widest, inner.fields + 1, inner.aliases, inner.directives)
            own.aliases += selection.alias is not None
        elif isinstance(selection, InlineFragmentNode):
            own = self.of_set(selection.selection_set)
        elif isinstance(selection, FragmentSpreadNode):
            own = self._of_fragment(selection.name.value)
        else:
            own = Extent()
        own.directives += len(selection.directives or ())
        return own

    def _of_fragment(self, name: str) -> Extent:
        """Measure a named fragment; unknown names and cycles count nothing here, since validation refuses them."""
        if name not in self._measured:
            self._measured[name] = Extent()
            fragment = self._fragments.get(name)
            self._measured[name] = self.of_set(fragment.selection_set if fragment else None)
        measured = self._measured[name]
        return Extent(
            measured.depth, measured.breadth, measured.widest, measured.fields, measured.aliases, measured.directives
        )


_CHECKS: tuple[tuple[str, Callable[[Extent], int], Callable[[Limits], int], str], ...] = (
    ("DEPTH_LIMIT", lambda extent: extent.depth, lambda limits: limits.depth, "nests fields {} deep"),
    ("BREADTH_LIMIT", lambda extent: extent.widest, lambda limits: limits.breadth, "selects {} fields side by side"),
    ("FIELD_LIMIT", lambda extent: extent.fields, lambda limits: limits.fields, "selects {} fields"),
    ("ALIAS_LIMIT", lambda extent: extent.aliases, lambda limits: limits.aliases, "gives {} aliases"),
    ("DIRECTIVE_LIMIT", lambda extent: extent.directives, lambda limits: limits.directives, "has {} directives"),
)


def fields_of(document: DocumentNode, operation: OperationDefinitionNode) -> int:
    """Return how many fields an operation selects, each fragment counted where it is spread."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    return _Measure(fragments).of_set(operation.selection_set).fields


def check_extent(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document of which an operation is too deep, wide or long.

    Raises:
        LimitExceededError: it is; the message says by how much.
    """
    measure = _Measure({one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)})
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            continue
        extent = measure.of_set(definition.selection_set)
        for code, asked, allowed, words in _CHECKS:
            refuse_above(asked(extent), allowed(limits), code, words)
        if isinstance(definition, OperationDefinitionNode):
            is_mutation = definition.operation.value == "mutation"
            most = limits.mutations if is_mutation else limits.root_fields
            refuse_above(extent.breadth, most, "ROOT_FIELD_LIMIT", "selects {} fields at the top")


def refuse_above(asked: int, allowed: int, code: str, words: str) -> None:
    """Raise when more is asked than allowed.

    Raises:
        LimitExceededError: with the code and both numbers.
    """
    if asked > allowed:
        raise LimitExceededError(
            f"The operation {words.format(asked)}, but at most {allowed} are allowed: split it.", code=code
        )
