"""What the server says of itself, held against what it does."""

from __future__ import annotations

import pytest
from authlib.oauth2 import rfc9207
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

pytestmark = pytest.mark.anyio


async def test_metadata_is_valid_and_names_routes_that_are_there(desk):
    async with desk.http() as http:
        told = (await http.get("/.well-known/oauth-authorization-server")).json()
    https = {
        name: value.replace("http://", "https://") if isinstance(value, str) else value for name, value in told.items()
    }
    AuthorizationServerMetadata(https).validate(metadata_classes=[rfc9207.AuthorizationServerMetadata])
    paths = {route.path for route in desk.app.routes}
    for name, value in told.items():
        if name.endswith("_endpoint"):
            assert value.removeprefix(desk.origin) in paths
    assert told["issuer"] == desk.origin
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
