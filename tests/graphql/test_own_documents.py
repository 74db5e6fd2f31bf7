"""Where a deployment wants trusted documents alone, a browser session can send no other; programs go on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from litestar import Request

from tests.builders import NOW
from wardship.app.application import api_schema, documents_of
from wardship.core.actor import Actor, CredentialKind
from wardship.core.http.credentials import RequestCredentials
from wardship.core.identifiers import uuid7
from wardship.core.settings import Settings, SettingsError
from wardship.graphql.engine import ExecutionRequest, document_id
from wardship.graphql.server.documents import text_refusal
from wardship.graphql.server.endpoint import make_handler
from wardship.graphql.server.sockets import SocketCall

pytestmark = pytest.mark.anyio
SESSION = ("cookie", "wardship=the-session")
TOKEN = ("authorization", "Bearer wsp_one")
ADA = Actor(uuid7(), uuid7(), uuid7(), frozenset(), CredentialKind.SESSION, stepped_up_at=NOW)
SCHEMA = "{ __schema { queryType { name } } }"


def services(*, only: bool) -> SimpleNamespace:
    return SimpleNamespace(settings=Settings(trusted_documents_only=only))


def request(*headers: tuple[str, str]) -> Request:
    lines = [(name.encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "method": "POST", "headers": lines, "client": None, "state": {}})


@pytest.mark.parametrize("headers", [[SESSION], [SESSION, ("x-wardship-organisation", "harbour")]])
def test_session_may_send_no_document_of_its_own(headers):
    refusal = text_refusal(services(only=True))(request(*headers))
    assert (refusal.code, refusal.status) == ("TRUSTED_DOCUMENTS_ONLY", 403)
    assert "access token" in refusal.message


@pytest.mark.parametrize("headers", [[TOKEN], [TOKEN, SESSION], []])
def test_program_may(headers):
    assert text_refusal(services(only=True))(request(*headers)) is None


def test_session_behind_a_socket_may_not_and_a_program_may():
    refuse = text_refusal(services(only=True))
    assert refuse(SocketCall(RequestCredentials(cookie="the-session"), "1")).code == "TRUSTED_DOCUMENTS_ONLY"
    assert refuse(SocketCall(RequestCredentials(authorization="Bearer wsp_one"), "1")) is None


def test_everybody_may_unless_the_deployment_says_otherwise():
    assert text_refusal(services(only=False))(request(SESSION)) is None


async def test_explorers_request_is_refused_and_the_consoles_is_answered():
    async def authenticate(_: object) -> Actor:
        return ADA

    handler = make_handler(services(only=True), authenticate, api_schema(), {document_id(SCHEMA): SCHEMA})
    refused = await handler.answer(ExecutionRequest(SCHEMA), request(SESSION))
    assert (refused.status, refused.is_forced, refused.is_executed) == (403, True, False)
    assert b'"TRUSTED_DOCUMENTS_ONLY"' in refused.body
    answered = await handler.answer(ExecutionRequest("", document_id=document_id(SCHEMA)), request(SESSION))
    assert answered.body == b'{"data":{"__schema":{"queryType":{"name":"Query"}}}}'


def test_deployment_that_wants_trusted_documents_alone_needs_the_console(tmp_path):
    assert documents_of(tmp_path, Settings()) == {}
    with pytest.raises(SettingsError, match="make console"):
        documents_of(tmp_path, Settings(trusted_documents_only=True))
    text = document_id(SCHEMA)
    (tmp_path / "documents.json").write_text(f'{{"{text}": "{SCHEMA}"}}')
    assert documents_of(tmp_path, Settings(trusted_documents_only=True)) == {text: SCHEMA}
