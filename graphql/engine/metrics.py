"""What the engine counts; the host publishes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Metrics:
    """Counters since the handler was made.

    Attributes:
        requests: operations asked for.
        plan_hits: operations whose plan, or whose refusal, was known.
        plan_misses: operations that had to be parsed.
        refused: requests refused before execution, by code.
        executed: operations executed.
        batch_calls: calls of batch resolvers.
        fallbacks: parts of answers that were left to graphql-core, by reason: ``error`` of a resolver, ``null`` where
            nothing may be null, a ``leaf`` or an object's ``class`` that is none of the declared, an ``object`` whose
            attributes raise, something ``awaitable``, ``introspection``.
        unread: answers that were given up because the client read them too slowly.
        masked: faults hidden from clients; what a client caused is none.
        subscriptions: subscriptions that run now.
        events: responses to events of subscriptions.
        sockets: WebSockets that are open now.
        dropped: subscriptions and sockets ended by the server, by reason: an error's code or a close code.
    """

    requests: int = 0
    plan_hits: int = 0
    plan_misses: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    executed: int = 0
    batch_calls: int = 0
    fallbacks: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    masked: int = 0
    subscriptions: int = 0
    events: int = 0
    sockets: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
