"""A GraphQL engine for Strawberry schemas: batch fields run breadth-first, cached plans, limits, GraphQL over HTTP.

It knows nothing of the application that it serves. `docs/graphql-engine.md` tells how to use it.
"""

from __future__ import annotations

from wardship.graphql.engine.errors import (
    BatchLengthError,
    EngineError,
    ExecutionTimeoutError,
    LimitExceededError,
    MalformedCursorError,
    MalformedGlobalIdError,
    PageSizeError,
    RefusalError,
    RequestRefusedError,
    SchemaFaultError,
    SerialisationError,
)
from wardship.graphql.engine.execution.answers import Answer
from wardship.graphql.engine.execution.handler import GraphQLHandler
from wardship.graphql.engine.execution.masking import Mask, mask_and_log
from wardship.graphql.engine.execution.state_events import Changing, FinalState, StateEvent, StateStream
from wardship.graphql.engine.execution.subscriptions import SubscriptionStream
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.operations import ContextHook, ExecutionRequest, Operation
from wardship.graphql.engine.schema.backing import backed_by
from wardship.graphql.engine.schema.connections import Connection, Edge, PageInfo, checked_page, connection_of, page_of
from wardship.graphql.engine.schema.cursors import CursorValue, decode_cursor, encode_cursor
from wardship.graphql.engine.schema.fields import (
    BatchInfo,
    BatchResult,
    Cost,
    batch_field,
    computed_field,
    cost,
    field,
    root_field,
    subscription_field,
)
from wardship.graphql.engine.schema.global_ids import GlobalId
from wardship.graphql.engine.schema.schema_check import check_schema
from wardship.graphql.engine.schema.selection import Selection, selection_of
from wardship.graphql.engine.transports.litestar_route import graphql_route
from wardship.graphql.engine.transports.over_http import GraphQLOverHttp, HttpRequest, HttpResponse
from wardship.graphql.engine.transports.over_websocket import (
    Authenticate,
    AuthenticatedSocket,
    GraphQLOverWebSocket,
    Socket,
    SocketLimits,
)
from wardship.graphql.engine.transports.socket_messages import CloseCode

__all__ = [
    "Answer",
    "Authenticate",
    "AuthenticatedSocket",
    "BatchInfo",
    "BatchLengthError",
    "BatchResult",
    "Changing",
    "CloseCode",
    "Connection",
    "ContextHook",
    "Cost",
    "CursorValue",
    "Edge",
    "EngineError",
    "ExecutionRequest",
    "ExecutionTimeoutError",
    "FinalState",
    "GlobalId",
    "GraphQLHandler",
    "GraphQLOverHttp",
    "GraphQLOverWebSocket",
    "HttpRequest",
    "HttpResponse",
    "LimitExceededError",
    "Limits",
    "MalformedCursorError",
    "MalformedGlobalIdError",
    "Mask",
    "Metrics",
    "Operation",
    "PageInfo",
    "PageSizeError",
    "RefusalError",
    "RequestRefusedError",
    "SchemaFaultError",
    "Selection",
    "SerialisationError",
    "Socket",
    "SocketLimits",
    "StateEvent",
    "StateStream",
    "SubscriptionStream",
    "backed_by",
    "batch_field",
    "check_schema",
    "checked_page",
    "computed_field",
    "connection_of",
    "cost",
    "decode_cursor",
    "encode_cursor",
    "field",
    "graphql_route",
    "mask_and_log",
    "page_of",
    "root_field",
    "selection_of",
    "subscription_field",
]
