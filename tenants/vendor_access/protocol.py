"""Authlib's classes as they are extended here, without types.

Authlib has none of its own. Those that a type checker brings along are of another version, and refuse what Authlib's
guide says to do: another request class, lists of methods for a class, nothing where nothing is found.
"""

from __future__ import annotations

from typing import Any

from authlib.oauth2 import rfc6749, rfc7009, rfc7636, rfc7662, rfc9207
from authlib.oauth2.rfc6749 import grants, models, util

AuthorizationCodeGrant: Any = grants.AuthorizationCodeGrant
AuthorizationCodeMixin: Any = models.AuthorizationCodeMixin
AuthorizationServer: Any = rfc6749.AuthorizationServer
ClientCredentialsGrant: Any = grants.ClientCredentialsGrant
ClientMixin: Any = rfc6749.ClientMixin
CodeChallenge: Any = rfc7636.CodeChallenge
IntrospectionEndpoint: Any = rfc7662.IntrospectionEndpoint
IssuerParameter: Any = rfc9207.IssuerParameter
OAuth2Payload: Any = rfc6749.OAuth2Payload
OAuth2Request: Any = rfc6749.OAuth2Request
RefreshTokenGrant: Any = grants.RefreshTokenGrant
RevocationEndpoint: Any = rfc7009.RevocationEndpoint
TokenMixin: Any = rfc6749.TokenMixin
extract_basic_authorization: Any = util.extract_basic_authorization
