"""Ends this deployment's access at a vendor (RFC 7009), and looks whether it has ended: the host's, not a plugin's.

Both run as calls of the connector do: within the declared hosts, under a timeout, witnessed, graded by what was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7009 import prepare_revoke_token_request

from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    ClientAuthentication,
    HttpResponse,
    IntegrationError,
    Outcome,
    Rejected,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.authorisations import CallAccess, HeldAccess, VendorTokens
from wardship.plugins.host.call import Call

_FORM: Final = "application/x-www-form-urlencoded"
_OK: Final = 200
_REFUSED: Final = frozenset({401, 403})
_BAD_REQUEST: Final = 400


async def end_access(call: Call) -> Outcome:
    """Have the vendor revoke every token that a place holds.

    Raises:
        IntegrationError: it was not done: tried again, or given to a person.
    """
    for held in _access(call).held:
        with suppress(IntegrationError):  # what is looked at may be down; that delays no revocation
            await _look(call, held)
        for tokens in held.tokens:
            await _revoke(call, held, tokens)
    return Outcome.completed()


async def prove_ended(call: Call) -> Attestation:
    """Use a token that was accepted before, where an address for that is declared; else say what the vendor said."""
    all_held = _access(call).held
    now = call.clock.now()
    if not all_held:
        method = "nobody had connected it, so there was no access to end"
        return Attestation(level=AttestationLevel.UNVERIFIABLE, checked_at=now, method=method)
    held = all_held[0]
    response = await _look(call, held)
    if response is None:
        method = "the vendor's revocation endpoint said that the tokens are revoked (RFC 7009)"
        return Attestation(level=AttestationLevel.SELF_REPORTED, checked_at=now, method=method)
    # One that refuses everything proves nothing: the same server answers something else.
    if held.oauth.status is not None:
        (await call.client.request("GET", held.oauth.status)).expect(_OK)
    else:
        await _revoke(call, held, held.tokens[0])
    method = "used the revoked access token where it was accepted"
    return Attestation.looked_up(at=now, method=method, gone=[response.expect_refused()])


async def do_hosts_own(call: Call) -> Outcome | Attestation:
    """Do what the host does itself (``Call.is_hosts_own``).

    Raises:
        IntegrationError: it was not done.
    """
    access = _access(call)
    if access.reason is not None and not access.is_known:
        raise access.reason
    async with call.client:
        return await (end_access(call) if call.verb is Verb.REVOKE else prove_ended(call))


def _access(call: Call) -> CallAccess:
    return call.access or CallAccess()


async def _look(call: Call, held: HeldAccess) -> HttpResponse | None:
    """Use the present token; None where nothing says where, or it was never seen accepted, which proves nothing."""
    probe = held.oauth.probe
    if probe is None or not held.tokens:
        return None
    headers = {"authorization": f"Bearer {held.tokens[0].access_token}"}
    response = await call.client.request("GET", probe, headers=headers)
    seen = call.client.exchanges[-1]
    earlier = [each.under(call.client.witness.renewed) for each in call.earlier]
    was_accepted = any(
        each.is_success and each.target == seen.target and each.credential == seen.credential for each in earlier
    )
    if response.status in _REFUSED and not was_accepted:
        return None
    return response


async def _revoke(call: Call, held: HeldAccess, tokens: VendorTokens) -> None:
    """Revoke the refresh token, and with it what came of it; then the access token, which some vendors keep."""
    for token, hint in ((tokens.refresh_token, "refresh_token"), (tokens.access_token, "access_token")):
        if token:
            await _revoke_one(call, held, token, hint)


async def _revoke_one(call: Call, held: HeldAccess, token: str, hint: str) -> None:
    endpoint = held.oauth.revocation_endpoint
    if endpoint is None:
        raise Rejected("the approved declaration names no address at which tokens are revoked")
    body, headers = prepare_revoke_token_request(token, hint)
    _, headers, body = client_auth(held.oauth.client_authentication, held.client_id, held.client_secret).prepare(
        "POST", endpoint, dict(headers), body
    )
    response = await call.client.request("POST", endpoint, headers=_plain(headers), content=body.encode())
    if response.status == _OK:
        return
    # A token that is over already is no fault (RFC 7009, section 2.2); some vendors say so by an error.
    if response.status == _BAD_REQUEST and _error(response) in {"invalid_token", "invalid_grant"}:
        return
    if response.status in _REFUSED:
        raise TemporarilyUnavailable(
            "the vendor does not accept this deployment's client, so nothing is revoked: its operator enters it again"
        )
    response.expect(_OK)


def client_auth(method: ClientAuthentication, client_id: str, secret: str) -> ClientAuth:
    """Return how the deployment's secret is shown; in a header it is written as RFC 6749, section 2.3.1, has it."""
    if method is ClientAuthentication.BASIC:
        client_id, secret = quote(client_id, safe=""), quote(secret, safe="")
    return ClientAuth(client_id, secret, method.value)


def _plain(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with the form's type, and without what the host's client sets itself."""
    kept = {name: value for name, value in headers.items() if name.lower() not in {"content-type", "content-length"}}
    # A revocation that is asked for again must be carried out again, whatever a server keeps by key.
    return {**kept, "content-type": _FORM, "idempotency-key": ""}


def _error(response: HttpResponse) -> object:
    try:
        found = response.json()
    except TemporarilyUnavailable:
        return None
    return found.get("error") if isinstance(found, dict) else None
