"""What is refused: in the words of the protocol to the directory, and to administrators whom it was about, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from scim2_models import Error, SCIMException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, match

from wardship.core.errors import InvalidInputError, WardshipError
from wardship.tenants.groups.change import GroupNameTakenError
from wardship.tenants.members.add import AlreadyMemberError
from wardship.tenants.provisioning.failures import Failure
from wardship.tenants.provisioning.people import ExternalIdTakenError, UserNameTakenError

_RESOURCES: Final = {"users": "User", "groups": "Group"}
_METHODS: Final = {"POST": "create", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}
_TAKEN: Final = (UserNameTakenError, ExternalIdTakenError, AlreadyMemberError, GroupNameTakenError)
_EXPECTED: Final = frozenset({HTTPStatus.PRECONDITION_FAILED})
"""What a client deals with by itself."""


def scim_refusal(error: WardshipError) -> SCIMException:
    """Return a refusal of the domain in the words of the protocol (RFC 7644, section 3.12); its message stays."""
    return SCIMException.from_error(Error(status=int(error.status), scim_type=_scim_type(error), detail=error.message))


def _scim_type(error: WardshipError) -> str | None:
    if isinstance(error, _TAKEN):
        return "uniqueness"
    is_value = isinstance(error, InvalidInputError) and error.status == HTTPStatus.BAD_REQUEST
    return "invalidValue" if is_value else None


def failures_of(request: ScimRequest, response: ScimResponse, cause: Exception | None) -> list[Failure]:
    """Return what of a request was refused; of a bulk request, of each of its operations.

    That somebody is not found is no failure: it is what directories ask before they add a person, and find after.
    """
    body = response.body or {}
    if response.status >= HTTPStatus.BAD_REQUEST:
        operation, resource, resource_id = _asked(request.method.upper(), request.path)
        if operation is None:
            return []
        subject = _subject(document_of(request.body), resource_id)
        status = int(response.status)
        code, message = _code(body, status, cause), str(body.get("detail", ""))
        found = [Failure(operation, resource, subject, code, message, status)]
    else:
        found = list(_of_bulk(request, body))
    return [each for each in found if _is_told(each)]


def _is_told(failure: Failure) -> bool:
    is_absence = failure.status == HTTPStatus.NOT_FOUND and failure.operation in {"query", "delete"}
    return failure.status not in _EXPECTED and not is_absence


def _asked(method: str, path: str) -> tuple[str | None, str, str]:
    try:
        target = match(method, path)
    except SCIMException:
        return None, "", ""
    if target.operation is Operation.bulk:
        return "bulk", "", ""
    return target.operation.value, _RESOURCES.get((target.endpoint or "").lower(), ""), target.resource_id or ""


def _of_bulk(request: ScimRequest, body: Mapping[str, Any]) -> Iterator[Failure]:
    outcomes = body.get("Operations") if request.path.strip("/") == "Bulk" else None
    asked = {each.get("bulkId"): each.get("data") for each in _operations(document_of(request.body))}
    for outcome in outcomes or ():
        status = int(outcome.get("status", HTTPStatus.OK))
        if status < HTTPStatus.BAD_REQUEST:
            continue
        place = str(outcome.get("location", "")).rstrip("/").rpartition("/")
        sent = asked.get(outcome.get("bulkId"))
        data = sent if isinstance(sent, Mapping) else {}
        kind = place[0].rpartition("/")[2].lower() or ("groups" if "members" in data else "users")
        operation = _METHODS.get(str(outcome.get("method")), "bulk")
        subject = _subject(data, place[2])
        error = outcome.get("response") or {}
        code, message = _code(error, status, None), str(error.get("detail", ""))
        yield Failure(operation, _RESOURCES.get(kind, ""), subject, code, message, status)


def _operations(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = document.get("Operations")
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _code(error: Mapping[str, Any], status: int, cause: Exception | None) -> str:
    own = cause.__cause__ if cause is not None else None
    return own.code if isinstance(own, WardshipError) else str(error.get("scimType") or HTTPStatus(status).name)


def document_of(body: bytes) -> Mapping[str, Any]:
    """Return the object that a body is; an empty one for whatever else it is."""
    try:
        found = msgspec.json.decode(body) if body else {}
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _subject(document: Mapping[str, Any], resource_id: str) -> str:
    """Return whom a request is about: by the name in it, else by the id."""
    named = {name.lower(): value for name, value in document.items() if isinstance(value, str)}
    return named.get("username") or named.get("displayname") or resource_id
