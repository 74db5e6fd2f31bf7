"""What is asked of the handler, and what the host learns of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class ExecutionRequest:
    """An operation to execute.

    Attributes:
        query: the document.
        variables: raw values, as JSON gave them.
        operation_name: which operation of the document.
        is_read_only: refuse mutations, as an HTTP GET demands.
    """

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    is_read_only: bool = False


@dataclass(slots=True)
class Operation:
    """What the context hook is opened for.

    Attributes:
        kind: ``query``, ``mutation`` or ``subscription``.
        name: the operation's name, if it has one.
        is_read_only: nothing will be written: a query, or the relations under a mutation's payload, a subscription.
        field: the GraphQL name of the mutation or subscription; None for a query.
        cost: what the whole operation costs, by the declared costs.
        is_single: earlier runs asked their context for one thing at most, such as one statement, so that nothing has to
            hold several things together. One that is asked for more has to refuse it; then the operation is run again,
            in a context that isn't single, and what the first one gave is dropped.
        asked: for how many things the context was asked; the host says so before the context is left, so that it is
            learned. A single one that refused anything says more than one. None where the host doesn't say.
    """

    kind: str
    name: str | None
    is_read_only: bool
    field: str | None
    cost: int
    is_single: bool = False
    asked: int | None = None


ContextHook: TypeAlias = Callable[[Any, Operation], AbstractAsyncContextManager[Any]]
"""Opens what the resolvers work in, such as one transaction; gives the context object that they see."""
