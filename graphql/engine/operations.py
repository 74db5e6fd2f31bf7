"""What is asked of the handler, and what the host learns of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from wardship.graphql.engine.errors import RequestRefusedError
from wardship.graphql.engine.places import Groups


@dataclass(frozen=True, slots=True)
class ExecutionRequest:
    """An operation to execute.

    Attributes:
        query: the document; empty where ``document_id`` names it.
        variables: raw values, as JSON gave them.
        operation_name: which operation of the document.
        is_read_only: refuse mutations, as an HTTP GET demands.
        document_id: which of the documents that the server knows, in place of one that was sent.
    """

    query: str
    variables: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    operation_name: str | None = None
    is_read_only: bool = False
    document_id: str | None = None


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
        is_first: whether no context was opened for it before: the one in which the host may count it. The events of a
            subscription are no operations of their own.
        headers: where the host puts what the answer says besides over HTTP; all contexts of an operation share them.
    """

    kind: str
    name: str | None
    is_read_only: bool
    field: str | None
    cost: int
    is_single: bool = False
    asked: int | None = None
    is_first: bool = True
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, where turns and places are given out.

    Attributes:
        groups: where it stands, from its widest group to itself, such as organisation, account and credential, or the
            networks of its address.
        is_authenticated: whether it has shown a credential that was checked; one that was only sent is none.
        gone: returns when the client has gone, whose request then waits no longer; None where that can't be told.
        refusal: what it is told instead of why its document is refused, where introspection is off: the words of a
            refusal name what the schema has, and a refusal alone tells whether a name that was guessed is there.
    """

    groups: Groups
    is_authenticated: bool
    gone: Callable[[], Awaitable[object]] | None = None
    refusal: RequestRefusedError | None = None


ClientHook: TypeAlias = Callable[[Any], Awaitable[Client]]
"""Tells clients apart by the host's request; asked only when something is to be given out."""

ContextHook: TypeAlias = Callable[[Any, Operation], AbstractAsyncContextManager[Any]]
"""Opens what the resolvers work in, such as one transaction; gives the context object that they see."""
