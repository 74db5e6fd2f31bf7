"""What a plugin declares of a vendor's authorization server holds together, is said in words, and widens visibly."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.oauth_vendor import OAuthVendor
from tests.fakes.recorder import plan
from tests.fixed_clock import FixedClock
from wardship.plugins.api import OAuth, RevocationPlan, plain_words
from wardship.plugins.host.declaration_diff import compare_declarations
from wardship.plugins.host.registry import LoadState, Registry

HOST = "vendor.example"
DECLARED: dict[str, Any] = {
    "authorization_endpoint": f"https://{HOST}/authorize",
    "token_endpoint": f"https://{HOST}/token",
    "revocation_endpoint": f"https://{HOST}/revoke",
    "scopes": ("contacts.write", "contacts.read"),
    "probe": f"https://{HOST}/me",
}


def oauth(**changes: Any) -> OAuth:
    return OAuth(**(DECLARED | changes))


def loaded(*, plan_of: RevocationPlan | None = None, declared: OAuth | None = None, **changes: Any):
    plugin = OAuthVendor(FixedClock(None)).integration(oauth=declared or oauth(), **({"hosts": (HOST,)} | changes))
    if plan_of is not None:
        plugin.plan = plan_of
    return Registry().register(plugin, "let_in")


def test_what_fits_is_loaded_without_a_method_to_revoke():
    assert loaded().state is LoadState.LOADED, loaded().reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contract": 1}, "oauth is of contract 2"),
        ({"hosts": ("another.example",)}, "oauth calls vendor.example, which is not among hosts"),
        ({"declared": oauth(probe="https://api.vendor.example/me")}, "api.vendor.example, which is not among hosts"),
        ({"declared": oauth(token_endpoint="https://vendor.example:8443/token")}, "vendor.example:8443"),
        ({"supports": {"revoke": "api"}}, "supports.revoke is rfc7009 exactly where"),
        ({"declared": oauth(revocation_endpoint=None)}, "supports.revoke is rfc7009 exactly where"),
        ({"declared": oauth(probe=None)}, "name oauth.probe"),
        (
            {"declared": oauth(probe="https://api.vendor.example/me"), "hosts": (HOST, "api.vendor.example")},
            "name oauth.status there",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_remedy(changes, words):
    refused = loaded(**changes)
    assert refused.state is LoadState.LOAD_FAILED
    assert words in refused.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint": "http://vendor.example/token"},
        {"token_endpoint": "https://user:password@vendor.example/token"},
        {"token_endpoint": "https://vendor.example/token#part"},
        {"token_endpoint": "https://vendor.example/to ken"},
        {"token_endpoint": "https://\u0432endor.example/token"},
        {"token_endpoint": "https:///token-endpoint"},
        {"token_endpoint": "https://vendor.example:0/token"},
        {"token_endpoint": "javascript:alert(1)//aaaa"},
        {"authorization_endpoint": "http://localhost.evil.example/authorize"},
        {"scopes": ("two words",)},
        {"scopes": ("",)},
        {"authorize_parameters": ("state=ours",)},
        {"authorize_parameters": ("redirect_uri=https://evil.example",)},
        {"authorize_parameters": ("code_challenge_method=plain",)},
        {"authorize_parameters": ("prompt=login", "prompt=none")},
        {"authorize_parameters": ("prompt",)},
        {"authorize_parameters": ("prompt=a\nb",)},
        {"authorize_parameters": ("pro mpt=login",)},
        {"bearer_name": "Bearer\r\nX-Evil:"},
        {"bearer_name": ""},
        {"scopes": tuple(f"scope-{number}" for number in range(101))},
        {"token_endpoint": f"https://vendor.example/{'t' * 500}"},
        {"status": "https://elsewhere.example/status"},
        {"probe": None, "status": "https://vendor.example/status"},
        {"account": "team..id"},
        {"client_authentication": "none"},
    ],
)
def test_what_could_lead_a_token_elsewhere_is_no_declaration(changes):
    with pytest.raises(ValidationError):
        oauth(**changes)


def test_it_is_said_in_words_before_anybody_installs_it():
    manifest = loaded().manifest
    words = plain_words(manifest, plan(manifest)).text
    assert "How it is connected" in words
    assert "You sign in at https://vendor.example/authorize, and let this server in" in words
    assert "It is let in there for contacts.write and contacts.read" in words
    assert "ended at https://vendor.example/revoke when it is disconnected or uninstalled" in words


def test_another_scope_or_address_is_a_difference_to_approve():
    before = loaded().manifest
    wider = before.model_copy(update={"oauth": oauth(scopes=(*before.oauth.scopes, "admin"))})
    (difference,) = compare_declarations(before, wider)
    assert (difference.kind, difference.is_now) == ("access", "contacts.write, contacts.read and admin")
    elsewhere = before.model_copy(update={"oauth": oauth(token_endpoint=f"https://{HOST}/other")})
    (difference,) = compare_declarations(before, elsewhere)
    assert (difference.kind, difference.was, difference.is_now) == (
        "access",
        f"https://{HOST}/token",
        f"https://{HOST}/other",
    )
    assert compare_declarations(wider, before) == ()
