"""Faults between the pages and the server, planted by the browser."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse
from playwright.sync_api import Page, Route

from wardship.graphql.console import built_console, read_documents

TEXTS = read_documents(built_console())
ANSWER = "application/graphql-response+json"
REQUEST_ID = "request-77"
Fault = Callable[[Route], None]


def server_fault(route: Route) -> None:
    """The server fails before it does anything."""
    route.fulfill(status=500, body="oops", headers={"X-Request-Id": REQUEST_ID})


def offline(route: Route) -> None:
    """Nothing reaches the server."""
    route.abort("internetdisconnected")


def lost_answer(route: Route) -> None:
    """The server does it, and its answer is lost."""
    route.fetch()
    route.abort("connectionreset")


def session_over(route: Route) -> None:
    """The session has ended."""
    refusal = {"errors": [{"message": "Sign in.", "extensions": {"code": "NOT_AUTHENTICATED"}}]}
    route.fulfill(status=401, json=refusal, content_type=ANSWER)


def refused(code: str, message: str) -> Fault:
    """The act is refused: nothing else of its payload is there."""

    def answer(route: Route) -> None:
        field = _field_of(route)
        payload: dict[str, Any] = dict.fromkeys(_names(field.selection_set))
        error = {"code": code, "message": message, "path": [], "__typename": "ConflictError"}
        payload |= {"errors": [error], "__typename": "Payload"}
        route.fulfill(json={"data": {field.name.value: payload}}, content_type=ANSWER)

    return answer


def _field_of(route: Route) -> FieldNode:
    document = parse(TEXTS[json.loads(route.request.post_data or "")["documentId"]])
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return next(node for node in operation.selection_set.selections if isinstance(node, FieldNode))


def _names(selections: SelectionSetNode | None) -> list[str]:
    return [node.name.value for node in (selections.selections if selections else ()) if isinstance(node, FieldNode)]


@dataclass
class Planted:
    """What happens to the next calls of an operation; after that they reach the server, which is counted."""

    operation: str
    waiting: list[Fault] = field(default_factory=list)
    sent: int = 0

    def handle(self, route: Route) -> None:
        """Let a call go wrong, or through."""
        body = json.loads(route.request.post_data or "{}")
        if body.get("operationName") != self.operation:
            route.fallback()
            return
        self.sent += 1
        if self.waiting:
            self.waiting.pop(0)(route)
        else:
            route.continue_()


def plant(page: Page, operation: str, faults: Sequence[Fault]) -> Planted:
    """Let the next calls of an operation go wrong, each in its way."""
    planted = Planted(operation, list(faults))
    page.route("**/graphql", planted.handle)
    return planted
