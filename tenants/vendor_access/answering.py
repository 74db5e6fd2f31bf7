"""Answer at the endpoints of tokens: read what the request needs, let Authlib judge, write what it decided."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from authlib.oauth2.rfc6749 import InvalidGrantError

from wardship.tenants.access import Services
from wardship.tenants.vendor_access.oauth_requests import Answer, VendorRequest
from wardship.tenants.vendor_access.protocol import extract_basic_authorization
from wardship.tenants.vendor_access.records import as_uuid, find_client, find_code, find_grant, find_token
from wardship.tenants.vendor_access.server import Facts, VendorServer
from wardship.tenants.vendor_access.writing import end_family, issue, redeem, refresh, revoke

REQUEST_COST: Final = 10_000
"""What one request of a client costs of what it may ask for, by the cost of GraphQL."""


async def answer_token_request(services: Services, request: VendorRequest, request_id: str) -> Answer:
    """Answer at the token endpoint (RFC 6749, section 3.2).

    Raises:
        RateLimitedError: the client asks for too much.
    """
    facts = await _facts(services, request)
    server = VendorServer(facts)
    answer = server.judge_tokens(request)
    _charge(services, server)
    if answer.status != HTTPStatus.OK:
        await _end_what_was_shown_twice(services, server, request_id)
        return answer
    if await _write(services, server, request_id):
        return answer
    # Somebody was there first: read again what was judged as unused, which is used now, and ends with what came of it.
    again = VendorServer(await _facts(services, request))
    again.decided.client = server.decided.client
    await _end_what_was_shown_twice(services, again, request_id)
    refused: Answer = server.handle_error_response(request, InvalidGrantError())
    return refused


async def answer_revocation(services: Services, request: VendorRequest, request_id: str) -> Answer:
    """Answer a client that gives a token back (RFC 7009).

    Raises:
        RateLimitedError: the client asks for too much.
    """
    server = VendorServer(await _facts(services, request))
    answer = server.judge_endpoint("revocation", request)
    _charge(services, server)
    if server.decided.revoked is not None:
        await revoke(services, server.decided.revoked, request_id)
    return answer


async def answer_introspection(services: Services, request: VendorRequest) -> Answer:
    """Answer a client that asks about a token of its own (RFC 7662).

    Raises:
        RateLimitedError: the client asks for too much.
    """
    server = VendorServer(await _facts(services, request))
    answer = server.judge_endpoint("introspection", request)
    _charge(services, server)
    return answer


def _charge(services: Services, server: VendorServer) -> None:
    """Let a client pay that proved who it is: who only names one can't use up what is another's."""
    client = server.decided.client
    if client is not None:
        services.budgets.charge(("vendor", client.id), ("vendor", client.id), REQUEST_COST)


async def _facts(services: Services, request: VendorRequest) -> Facts:
    """Read what a request names: a client first, and nothing else where there is none."""
    form, issuer, now = request.form, services.settings.public_url, services.clock.now()
    client = await find_client(services, _client_id(request))
    if client is None:
        return Facts(issuer, now)
    code = await find_code(services, form["code"]) if "code" in form else None
    token = form.get("refresh_token") or form.get("token")
    installation = as_uuid(form.get("installation", ""))
    return Facts(
        issuer,
        now,
        client,
        code,
        await find_token(services, token) if token else None,
        await find_grant(services, client.id, installation) if installation else None,
    )


def _client_id(request: VendorRequest) -> str:
    """Return the client that a request says it is of; one that says two things is of none."""
    by_header, _ = extract_basic_authorization(request.headers)
    by_form = request.form.get("client_id")
    if by_header and by_form and by_header != by_form:
        return ""
    return by_header or by_form or ""


async def _write(services: Services, server: VendorServer, request_id: str) -> bool:
    decided = server.decided
    if decided.code is not None:
        return await redeem(services, decided.code, decided.tokens, request_id)
    if decided.refreshed is not None:
        return await refresh(services, decided.refreshed, decided.tokens, request_id)
    if decided.grant is not None:
        return await issue(services, decided.grant, decided.tokens, request_id)
    return False


async def _end_what_was_shown_twice(services: Services, server: VendorServer, request_id: str) -> None:
    """End a family whose code or refresh token its own client shows again: one of two has stolen it."""
    client = server.decided.client
    for used in (server.facts.code, server.facts.token):
        is_own = used is not None and client is not None and used.client_id == client.id
        if used is not None and is_own and used.used_at is not None:
            await end_family(services, used, request_id)
