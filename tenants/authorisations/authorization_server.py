"""A vendor's authorization server, asked by Authlib: where browsers go, and what its token endpoint answers.

PKCE and state tie an answer to what was begun; the redirect address, which is each vendor's own, and the issuer in the
answer tie it to the vendor (RFC 9700, sections 2.1 and 4.4).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7009 import prepare_revoke_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from wardship.core.errors import WardshipError
from wardship.core.openid.provider_http import ProviderHttp, host_of
from wardship.core.openid.refusals import ProviderUnavailableError
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import OAuth
from wardship.plugins.host.authorisations import VendorTokens
from wardship.plugins.host.ending_access import client_auth
from wardship.tenants.access import Services
from wardship.tenants.authorisations.clients import IntegrationClient

_OK: Final = 200
_REFUSALS: Final = range(400, 429)
"""What HTTP refuses with, but for what may pass."""
_LONGEST_TOKEN: Final = 8_000
_LONGEST_WORD: Final = 60
_LONGEST_LIFE_S: Final = 10 * 365 * 24 * 3600
_CLIENT_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client"})
_WORDS: Final = {
    "access_denied": "you or the vendor said no",
    "invalid_scope": "it does not give what the integration asks for",
    "server_error": "it failed; try again later",
    "temporarily_unavailable": "it is busy; try again later",
    "unauthorized_client": "it does not know this deployment as its operator has entered it",
    "invalid_request": "it does not understand the request; the integration's declaration may be wrong",
}


class VendorRefusedError(WardshipError):
    """The vendor did not let this deployment in; the message says why."""

    code: ClassVar[str] = "VENDOR_REFUSED"
    status: ClassVar[int] = 403


class VendorUnavailableError(WardshipError):
    """The vendor's authorization server can't be reached, or its answer is none: try again later."""

    code: ClassVar[str] = "VENDOR_UNAVAILABLE"
    status: ClassVar[int] = 502


class VendorClientRefusedError(VendorRefusedError):
    """The vendor does not accept this deployment's client id and secret: its operator enters the present ones."""

    code: ClassVar[str] = "INTEGRATION_CLIENT_REFUSED"


class AuthorisationGoneError(VendorRefusedError):
    """The vendor does not accept the code or refresh token: it was used, is over, or was taken back there."""

    code: ClassVar[str] = "AUTHORISATION_GONE"


class OtherVendorError(VendorRefusedError):
    """Another server has answered than the one that was asked: begin again."""

    code: ClassVar[str] = "OTHER_VENDOR"


@dataclass(frozen=True, slots=True)
class VendorAnswer:
    """The parameters with which a vendor leads somebody back (RFC 6749, section 4.1.2; RFC 9207)."""

    code: str = field(default="", repr=False)
    state: str = field(default="", repr=False)
    iss: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class GivenTokens:
    """What a token endpoint has given.

    Attributes:
        tokens: the refresh token is empty where none was given.
        expires_at: when the access token ends; None where the vendor does not say.
        account: the vendor's name for the account; empty where the answer tells none.
    """

    tokens: VendorTokens
    expires_at: datetime | None
    account: str = field(default="", repr=False)


class AuthorizationServer:
    """One vendor's server, with this deployment as its client.

    Args:
        services: the deployment; the code verifier derives from the state by its keys, so that it is stored nowhere.
        oauth: the declaration.
        client: what the vendor calls this deployment.
        redirect_uri: where it leads browsers back to: no other vendor's.
    """

    def __init__(self, services: Services, oauth: OAuth, client: IntegrationClient, redirect_uri: str) -> None:
        settings = services.settings
        policy = NetworkPolicy.of_deployment(settings.private_networks, development=settings.development)
        self._http = ProviderHttp(policy)
        self._clock = services.clock
        self._keys = services.keys
        self.oauth = oauth
        self._client = client
        self.client_id = client.client_id
        self._redirect_uri = redirect_uri

    def address(self, state: str) -> str:
        """Return where a browser goes; ``state`` is a new one, which the caller keeps."""
        oauth = self.oauth
        challenge: dict[str, str] = {}
        if oauth.is_pkce_supported:
            challenge = {
                "code_challenge": create_s256_code_challenge(self._verifier(state)),
                "code_challenge_method": "S256",
            }
        url: str = prepare_grant_uri(
            oauth.authorization_endpoint,
            self._client.client_id,
            "code",
            redirect_uri=self._redirect_uri,
            scope=list(oauth.scopes) or None,
            state=state,
            **challenge,
            **oauth.parameters,
        )
        return url

    def require_answer(self, answer: VendorAnswer) -> None:
        """Refuse an answer that is another server's, or that lets nobody in.

        Raises:
            OtherVendorError: it names another issuer, or none where this vendor names one (RFC 9207).
            VendorRefusedError: the vendor let nobody in, or says nothing.
        """
        if answer.iss != self.oauth.issuer:
            raise OtherVendorError("Another server has answered than the one that was asked: connect it again.")
        if answer.error:
            raise VendorRefusedError(f"The vendor did not let this deployment in: {_reason(answer.error)}.")
        if not answer.code:
            raise VendorRefusedError("The vendor answers without a code: connect it again.")

    async def redeem(self, answer: VendorAnswer) -> GivenTokens:
        """Return what an answer, which was judged, gives.

        Raises:
            VendorRefusedError: the vendor gives nothing, or less than was asked for.
            VendorUnavailableError: it can't be reached, or its answer is none.
        """
        is_proven = self.oauth.is_pkce_supported
        body = prepare_token_request(
            "authorization_code",
            redirect_uri=self._redirect_uri,
            code=answer.code,
            code_verifier=self._verifier(answer.state) if is_proven else None,
        )
        return await self._ask(body)

    async def renew(self, tokens: VendorTokens) -> GivenTokens:
        """Return new tokens; the refresh token of before where the vendor goes on with it.

        Raises:
            AuthorisationGoneError: the vendor has ended it.
            VendorClientRefusedError: it does not accept this deployment's client.
            VendorRefusedError: it refuses for another reason, or its answer is no answer.
            VendorUnavailableError: it can't be reached.
        """
        given = await self._ask(prepare_token_request("refresh_token", refresh_token=tokens.refresh_token))
        kept = VendorTokens(given.tokens.access_token, given.tokens.refresh_token or tokens.refresh_token)
        return GivenTokens(kept, given.expires_at, given.account)

    async def account(self, given: GivenTokens) -> str:
        """Return the vendor's name for the account, asking the probe where the tokens came without; empty for unknown.

        Raises:
            VendorUnavailableError: the probe does not answer, so that nobody knows whose account it is.
        """
        oauth = self.oauth
        if given.account or not oauth.account or oauth.probe is None:
            return given.account
        try:
            told = await self._http.get_json(oauth.probe, bearer=given.tokens.access_token)
        except ProviderUnavailableError as error:
            raise VendorUnavailableError(error.message) from None
        return _member(told, oauth.account)

    async def revoke(self, tokens: VendorTokens) -> None:
        """Revoke tokens that are not kept, as far as the vendor can be asked now.

        Raises:
            VendorUnavailableError: it can't be reached.
        """
        endpoint = self.oauth.revocation_endpoint
        for token, hint in ((tokens.refresh_token, "refresh_token"), (tokens.access_token, "access_token")):
            if endpoint is not None and token:
                body, _ = prepare_revoke_token_request(token, hint)
                await self._post(endpoint, body)

    async def _ask(self, body: str) -> GivenTokens:
        status, answer = await self._post(self.oauth.token_endpoint, body)
        # Some answer an error with a success.
        error = answer.get("error")
        if status != _OK or error or "access_token" not in answer:
            self._refuse(status, error)
        return self._given(answer)

    async def _post(self, endpoint: str, body: str) -> tuple[int, dict[str, Any]]:
        client = client_auth(self.oauth.client_authentication, self._client.client_id, self._client.client_secret)
        _, headers, body = client.prepare("POST", endpoint, {}, body)
        try:
            return await self._http.post_form(endpoint, body, headers)
        except ProviderUnavailableError as error:
            raise VendorUnavailableError(error.message) from None

    def _refuse(self, status: int, error: object) -> None:
        where = host_of(self.oauth.token_endpoint)
        if error in _CLIENT_REFUSED:
            raise VendorClientRefusedError(
                f"{where} does not accept this deployment's client id and secret: its operator enters the present ones."
            )
        if error == "invalid_grant":
            raise AuthorisationGoneError(f"{where} does not accept it any more: connect it again.")
        if status == _OK or status in _REFUSALS:
            raise VendorRefusedError(f"{where} gives no token ({_word(error)}).")
        raise VendorUnavailableError(f"{where} gives no token now (HTTP {status}): try again later.")

    def _given(self, answer: dict[str, Any]) -> GivenTokens:
        access_token, refresh_token = answer.get("access_token"), answer.get("refresh_token")
        if not _is_token(access_token) or not (
            refresh_token is None or refresh_token == "" or _is_token(refresh_token)
        ):
            raise VendorRefusedError("The vendor's answer holds no token that can be shown: its server is at fault.")
        said = answer.get("token_type")
        if said is not None and str(said).lower() != self.oauth.bearer_name.lower():
            raise VendorRefusedError(f"The vendor gives tokens of another type ({_word(said)}) than was declared.")
        self._require_scopes(answer.get("scope"))
        tokens = VendorTokens(str(access_token), str(refresh_token or ""))
        return GivenTokens(tokens, self._end(answer.get("expires_in")), _member(answer, self.oauth.account))

    def _require_scopes(self, said: object) -> None:
        """Refuse less than was asked for; a vendor that says nothing has given all (RFC 6749, section 5.1)."""
        if not isinstance(said, str) or not said.strip():
            return
        given = set(said.replace(",", " ").split())
        if missing := [scope for scope in self.oauth.scopes if scope not in given]:
            raise VendorRefusedError(f"The vendor did not give all that is needed: {', '.join(missing)} is missing.")

    def _end(self, said: object) -> datetime | None:
        """Return when an access token ends; some write the seconds as text, and 0 for one that does not end."""
        try:
            seconds = int(str(said))
        except ValueError:
            return None
        return None if seconds <= 0 else self._clock.now() + timedelta(seconds=min(seconds, _LONGEST_LIFE_S))

    def _verifier(self, state: str) -> str:
        digest = self._keys.fingerprint("oauth-verifier", state)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_token(value: object) -> bool:
    """Return whether it can stand in a header as it is (RFC 6750, section 2.1), and is of a sensible length."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TOKEN:
        return False
    return value.isascii() and value.isprintable() and " " not in value


def _member(answer: dict[str, Any], path: str) -> str:
    """Return the text or number that stands in an answer under names with dots between; empty where nothing does."""
    found: object = answer
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) if path and isinstance(found, str | int) and not isinstance(found, bool) else ""


def _reason(error: str) -> str:
    return _WORDS.get(error, _word(error))


def _word(value: object) -> str:
    """Return a word of the vendor's, as far as it is one that can be shown."""
    text = value if isinstance(value, str) else ""
    shown = "".join(letter for letter in text if letter.isalnum() or letter in "_-. ")[:_LONGEST_WORD].strip()
    return shown or "it gives no reason"
