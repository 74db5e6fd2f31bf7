"""Call the API as somebody, without HTTP: the real handler, schema, transactions and database."""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.builders import Person
from wardship.app.application import api_schema
from wardship.core.actor import Actor
from wardship.core.sign_in.sessions import NotAuthenticatedError
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, SubscriptionStream
from wardship.graphql.server.endpoint import make_handler
from wardship.tenants.access import Services


def gid(type_name: str, identifier: UUID) -> str:
    """The global id of an object."""
    return str(global_id(type_name, identifier))


@dataclass
class Api:
    """The API of a deployment, for a test."""

    handler: GraphQLHandler

    async def call(self, caller: Actor | Person | None, query: str, **variables: Any) -> dict[str, Any]:
        """Return the whole response to an operation by somebody, of a subscription the first; None is nobody."""
        actor = caller.actor() if isinstance(caller, Person) else caller
        asked = ExecutionRequest(query, variables)
        if not query.startswith("subscription"):
            return json.loads(await self.handler.execute(asked, actor))
        responses = await self.handler.subscribe(asked, actor)
        if not isinstance(responses, SubscriptionStream):
            return json.loads(responses.body)
        async with aclosing(responses):
            return json.loads(await anext(responses))

    async def data(self, caller: Actor | Person | None, query: str, **variables: Any) -> dict[str, Any]:
        """Return the data of an operation that meets no error."""
        response = await self.call(caller, query, **variables)
        assert "errors" not in response, response["errors"]
        return response["data"]


async def _authenticate(actor: Actor | None) -> Actor:
    if actor is None:
        raise NotAuthenticatedError("Sign in first.")
    return actor


def make_api(services: Services) -> Api:
    """The API on these services; what HTTP would carry as a credential, a test gives as an actor."""
    return Api(make_handler(services, _authenticate, api_schema()))
