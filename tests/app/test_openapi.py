"""The OpenAPI document says what each route refuses, and that a refusal is a problem document (RFC 9457)."""

from __future__ import annotations

import json

import pytest
from litestar import Litestar

from wardship.app.application import openapi_configuration, routes
from wardship.app.deployment import make_services
from wardship.core.settings import Settings

METHODS = ("get", "post", "put", "patch", "delete")
BODY = {"INVALID_INPUT", "JSON_REQUIRED", "ORIGIN_REFUSED", "REQUEST_ENTITY_TOO_LARGE"}
SESSION = {"NOT_AUTHENTICATED", "SECOND_STEP_REQUIRED"}


@pytest.fixture(scope="module")
def document(tmp_path_factory) -> dict:
    services = make_services(Settings(data_dir=tmp_path_factory.mktemp("data")))
    app = Litestar(routes(services), openapi_config=openapi_configuration(), logging_config=None)
    return json.loads(json.dumps(app.openapi_schema.to_schema()))


@pytest.fixture(scope="module")
def operations(document) -> dict[str, dict]:
    return {
        f"{method.upper()} {path}": item[method]
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def refused(operation: dict) -> dict[str, dict]:
    return {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}


def codes(operation: dict) -> set[str]:
    lines = [line for answer in refused(operation).values() for line in answer["description"].split("\n")]
    return {line.split("`")[1] for line in lines}


def test_every_refusal_is_declared_as_a_problem_document(operations, document):
    assert len(operations) == 67
    for name, operation in operations.items():
        for status, answer in refused(operation).items():
            [(media_type, content)] = answer["content"].items()
            schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
            assert media_type == "application/problem+json", (name, status)
            assert set(schema["required"]) == {"type", "title", "status", "detail", "code", "message", "path"}


def test_every_route_declares_a_fault_of_ours(operations):
    assert {name for name, operation in operations.items() if "INTERNAL" not in codes(operation)} == set()


def test_every_route_with_a_body_declares_how_a_body_is_refused(operations):
    assert {
        name: BODY - codes(item) for name, item in operations.items() if "requestBody" in item and BODY - codes(item)
    } == {}


def test_every_route_with_a_parameter_declares_that_it_can_be_wrong(operations):
    assert {
        name for name, item in operations.items() if item.get("parameters") and "400" not in item["responses"]
    } == set()


def test_every_route_that_needs_a_session_declares_that_it_can_be_missing(operations):
    open_to_everybody = {
        "GET /.well-known/wardship-certificate-keys.json",
        "GET /auth/session",
        "GET /auth/ways",
        "GET /certificates/{reference}",
        "GET /health/live",
        "GET /health/ready",
        "GET /integrations/{installation_id}/inbound",
        "GET /metrics",
        "GET /vendor/v1/members",  # a token of OAuth, which is refused as RFC 6750 has it
        "POST /auth/password/forgot",
        "POST /auth/provider/{provider_id}/logout",
        "POST /auth/providers/{key}/begin",
        "POST /auth/password/reset",
        "POST /auth/recovery",
        "POST /auth/recovery/ask",
        "POST /auth/recovery/cancel",
        "POST /auth/recovery/use",
        "POST /auth/register",
        "POST /auth/return",
        "POST /auth/sign-in",
        "POST /auth/sign-in/link",
        "POST /auth/sign-in/link/use",
        "POST /auth/sign-in/passkey",
        "POST /auth/sign-in/passkey/options",
        "POST /auth/verify",
        "POST /auth/way-to-sign-in",
        "POST /integrations/{installation_id}/inbound",
    }
    assert {name for name, item in operations.items() if not codes(item) >= SESSION} == open_to_everybody


def test_every_route_that_changes_something_in_a_session_declares_its_csrf_token(operations):
    changing = {name for name, item in operations.items() if not name.startswith("GET") and codes(item) >= SESSION}
    assert len(changing) == 31
    assert {name for name in changing if not codes(operations[name]) >= {"CSRF_REFUSED", "ORIGIN_REFUSED"}} == set()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("POST /auth/sign-in", "429", "TOO_MANY_ATTEMPTS"),
        ("POST /auth/verify", "410", "LINK_REFUSED"),
        ("POST /auth/enrol-second-factor/confirm", "409", "NO_PENDING_AUTHENTICATOR"),
        ("POST /invitations", "409", "INVITATION_ENDED"),
        ("GET /exports/{file_id}", "404", "EXPORT_GONE"),
        ("GET /audit/export", "403", "PERMISSION_DENIED"),
        ("GET /health/ready", "503", "NOT_READY"),
    ],
)
def test_a_route_declares_its_own_refusals(operations, name, status, code):
    assert f"`{code}`: " in operations[name]["responses"][status]["description"]
