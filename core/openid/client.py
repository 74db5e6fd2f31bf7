"""The authorization code flow with any OpenID provider: there, back, and out again.

PKCE, nonce and state tie the answer to the browser and to the sign-in that it began; the redirect address, which is a
provider's own, and the issuer in the answer tie it to the provider (RFC 9700, sections 2.1 and 4.4).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from wardship.core.clock import Clock
from wardship.core.keys import KeyRing
from wardship.core.openid.claims import ProvenIdentity, read_identity
from wardship.core.openid.metadata import Metadata
from wardship.core.openid.proofs import SKEW, Expected, read_id_token, read_logout_token
from wardship.core.openid.provider_http import ProviderHttp
from wardship.core.openid.provider_keys import ProviderKeys
from wardship.core.openid.refusals import (
    ClientRefusedError,
    FlowRefusedError,
    ProofRefusedError,
    ProviderRefusedError,
)
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings

TokenAuthentication: TypeAlias = Literal["client_secret_basic", "client_secret_post"]
_SCOPES: Final = ("openid", "email", "profile")
_OK: Final = 200
_LONGEST_WORD: Final = 60
_SECRET_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True)
class Registration:
    """This deployment as a provider knows it.

    Attributes:
        issuer: the provider, exactly as it names itself.
        client_id: what it calls this deployment.
        client_secret: what it has given to it; never shown, logged or sent elsewhere.
        redirect_uri: where it sends people back to: no other provider's.
        scopes: what is asked for.
        token_authentication: how the secret is shown; None: as the provider's document prefers.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...] = _SCOPES
    token_authentication: TokenAuthentication | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted of a sign-in at the provider besides who it is.

    Attributes:
        login_hint: the address that the person typed.
        authenticated_since: the person has to show the credentials there again, after this moment.
        acr: levels that would do, the best first.
        extra: parameters of one provider, such as Google's ``hd``.
    """

    login_hint: str = ""
    authenticated_since: datetime | None = None
    acr: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthorizationAnswer:
    """The parameters with which a provider sends somebody back (RFC 6749, section 4.1.2; RFC 9207)."""

    code: str = ""
    state: str = ""
    iss: str | None = None
    error: str = ""


class OpenIdClient:
    """What this deployment does with OpenID providers; one for a process, because it keeps their keys.

    Args:
        settings: what the operator set.
        clock: the present moment.
        keys: nonce and code verifier derive from the state by them, so that neither is stored.
    """

    def __init__(self, settings: Settings, clock: Clock, keys: KeyRing) -> None:
        policy = NetworkPolicy.of_deployment(settings.private_networks, development=settings.development)
        self._http = ProviderHttp(policy)
        self._clock = clock
        self._keys = keys
        self._published = ProviderKeys(self._http, clock, development=settings.development)

    async def metadata(self, issuer: str) -> Metadata:
        """Return what a provider says of itself.

        Raises:
            ProviderUnavailableError: it can't be reached or used.
        """
        return await self._published.metadata(issuer)

    async def authorization_url(self, registration: Registration, state: str, wanted: Wanted) -> str:
        """Return where a browser goes to sign in; ``state`` is a new random one, which the caller keeps.

        Raises:
            ProviderUnavailableError: the provider can't be reached or used.
        """
        metadata = await self.metadata(registration.issuer)
        again = wanted.authenticated_since is not None
        url: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            registration.client_id,
            "code",
            redirect_uri=registration.redirect_uri,
            scope=list(registration.scopes),
            state=state,
            nonce=self._derived("nonce", state),
            code_challenge=create_s256_code_challenge(self._derived("verifier", state)),
            code_challenge_method="S256",
            login_hint=wanted.login_hint or None,
            prompt="login" if again else None,
            max_age="0" if again else None,
            acr_values=" ".join(wanted.acr) or None,
            **wanted.extra,
        )
        return url

    async def redeem(self, registration: Registration, answer: AuthorizationAnswer, wanted: Wanted) -> ProvenIdentity:
        """Return for whom the provider vouches, by the answer to a sign-in that the caller has found and ended.

        Raises:
            ProviderRefusedError: the provider did not sign the person in, or refuses this deployment.
            ProofRefusedError: the answer is another provider's, or what it proves is not what was asked for.
            ProviderUnavailableError: the provider can't be reached or used.
        """
        metadata = await self.metadata(registration.issuer)
        _require_issuer(metadata, answer)
        if answer.error:
            raise ProviderRefusedError(f"The provider did not sign you in: {_word(answer.error)}.")
        if not answer.code or not answer.state:
            raise FlowRefusedError
        tokens = await self._tokens(registration, metadata, answer)
        text, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(text, str):
            raise ProofRefusedError("The provider answers without an ID token: is the scope `openid` allowed there?")
        nonce = self._derived("nonce", answer.state)
        access = access_token if isinstance(access_token, str) else None
        expected = Expected(registration.issuer, registration.client_id, self._clock.now())
        claims = await read_id_token(self._published, text, expected, nonce=nonce, access_token=access)
        claims = await self._with_details(metadata, claims, access_token)
        identity = read_identity(registration.issuer, claims, text)
        _require_fresh(identity, wanted)
        return identity

    async def read_logout(self, registration: Registration, text: str) -> dict[str, Any]:
        """Return the claims of a logout token that a provider has sent.

        Raises:
            ProofRefusedError: it is none that can be relied on.
            ProviderUnavailableError: the provider's keys can't be had.
        """
        expected = Expected(registration.issuer, registration.client_id, self._clock.now())
        return await read_logout_token(self._published, text, expected)

    async def logout_url(self, registration: Registration, id_token: str | None, back_to: str) -> str | None:
        """Return where a browser goes to sign out at the provider too; None where the provider has no such address.

        Raises:
            ProviderUnavailableError: the provider can't be reached or used.
        """
        endpoint = (await self.metadata(registration.issuer)).end_session_endpoint
        if endpoint is None:
            return None
        sent = [("client_id", registration.client_id), ("post_logout_redirect_uri", back_to)]
        sent += [("id_token_hint", id_token)] if id_token else []
        url: str = add_params_to_uri(endpoint, sent)
        return url

    async def _tokens(
        self, registration: Registration, metadata: Metadata, answer: AuthorizationAnswer
    ) -> dict[str, Any]:
        body = prepare_token_request(
            "authorization_code",
            redirect_uri=registration.redirect_uri,
            code=answer.code,
            code_verifier=self._derived("verifier", answer.state),
        )
        headers: dict[str, str] = {}
        _, headers, body = _client_auth(registration, metadata).prepare("POST", metadata.token_endpoint, headers, body)
        status, tokens = await self._http.post_form(metadata.token_endpoint, body, headers)
        if status == _OK:
            return tokens
        error = tokens.get("error")
        if error in _SECRET_REFUSED:
            raise ClientRefusedError(
                "The provider does not accept this deployment's client id and secret: an administrator has to enter"
                " the present ones."
            )
        raise ProviderRefusedError(f"The provider does not accept the sign-in ({_word(error)}): begin again.")

    async def _with_details(self, metadata: Metadata, claims: dict[str, Any], access_token: object) -> dict[str, Any]:
        """Return claims with those that some providers tell at UserInfo alone; what is signed comes first."""
        if "email" in claims or metadata.userinfo_endpoint is None or not isinstance(access_token, str):
            return claims
        details = await self._http.get_json(metadata.userinfo_endpoint, bearer=access_token)
        if details.get("sub") != claims["sub"]:
            raise ProofRefusedError("The provider's UserInfo is about somebody else.")
        return {**details, **claims}

    def _derived(self, what: str, state: str) -> str:
        digest = self._keys.fingerprint(f"openid-{what}", state)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _client_auth(registration: Registration, metadata: Metadata) -> ClientAuth:
    """Return how the secret is shown; in a header it is written as RFC 6749, section 2.3.1, has it."""
    offered = metadata.token_endpoint_auth_methods_supported
    method = registration.token_authentication or (
        "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
    )
    client_id, secret = registration.client_id, registration.client_secret
    if method == "client_secret_basic":
        client_id, secret = quote(client_id, safe=""), quote(secret, safe="")
    return ClientAuth(client_id, secret, method)


def _require_issuer(metadata: Metadata, answer: AuthorizationAnswer) -> None:
    """Refuse an answer that another provider gave (RFC 9207)."""
    is_missing = answer.iss is None and metadata.authorization_response_iss_parameter_supported
    if is_missing or answer.iss not in {None, metadata.issuer}:
        raise ProofRefusedError("Another provider has answered than the one that was asked: begin again.")


def _require_fresh(identity: ProvenIdentity, wanted: Wanted) -> None:
    since = wanted.authenticated_since
    if since is not None and (identity.authenticated_at is None or identity.authenticated_at < since - SKEW):
        raise ProofRefusedError(
            "The provider does not say that you have just signed in there again (`auth_time`): show a second factor"
            " of your own account instead."
        )


def _word(text: object) -> str:
    """Return a code of OAuth as it may be shown: a word, and no sentence that somebody else has made up."""
    shown = text if isinstance(text, str) else ""
    is_code = 0 < len(shown) <= _LONGEST_WORD and shown.isascii() and shown.replace("_", "").isalnum()
    return shown if is_code else "no reason given"
