"""A GraphQL engine for Strawberry schemas: batch fields run breadth-first, cached plans, limits, GraphQL over HTTP.

It knows nothing of the application that it serves. `docs/graphql-engine.md` tells how to use it.
"""

from __future__ import annotations

from wardship.graphql.engine.errors import EngineError, MalformedGlobalIdError, RefusalError, RequestRefusedError
from wardship.graphql.engine.execution.answers import Answer
from wardship.graphql.engine.execution.handler import GraphQLHandler
from wardship.graphql.engine.execution.state_events import FinalState, StateStream
from wardship.graphql.engine.execution.subscriptions import SubscriptionStream
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.operations import Client, ExecutionRequest, Operation
from wardship.graphql.engine.places import Places
from wardship.graphql.engine.schema.annotations import evaluated
from wardship.graphql.engine.schema.backing import backed_by
from wardship.graphql.engine.schema.connections import Connection, page_of
from wardship.graphql.engine.schema.cursors import decode_cursor, encode_cursor
from wardship.graphql.engine.schema.fields import (
    BatchInfo,
    BatchResult,
    batch_field,
    computed_field,
    field,
    root_field,
    subscription_field,
)
from wardship.graphql.engine.schema.global_ids import GlobalId
from wardship.graphql.engine.schema.schema_check import check_schema
from wardship.graphql.engine.schema.selection import Selection, selection_of
from wardship.graphql.engine.schema.strawberry_access import core_schema_of
from wardship.graphql.engine.transports.litestar_route import graphql_route
from wardship.graphql.engine.transports.over_websocket import AuthenticatedSocket, GraphQLOverWebSocket
from wardship.graphql.engine.transports.socket_places import SocketLimits
from wardship.graphql.engine.trusted_documents import TrustedDocuments, document_id

__all__ = [
    "Answer",
    "AuthenticatedSocket",
    "BatchInfo",
    "BatchResult",
    "Client",
    "Connection",
    "EngineError",
    "ExecutionRequest",
    "FinalState",
    "GlobalId",
    "GraphQLHandler",
    "GraphQLOverWebSocket",
    "Limits",
    "MalformedGlobalIdError",
    "Operation",
    "Places",
    "RefusalError",
    "RequestRefusedError",
    "Selection",
    "SocketLimits",
    "StateStream",
    "SubscriptionStream",
    "TrustedDocuments",
    "backed_by",
    "batch_field",
    "check_schema",
    "computed_field",
    "core_schema_of",
    "decode_cursor",
    "document_id",
    "encode_cursor",
    "evaluated",
    "field",
    "graphql_route",
    "page_of",
    "root_field",
    "selection_of",
    "subscription_field",
]
