"""Fields of the contract's declarations that no reader is told of in plain words, each with the reason: reviewed."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

UNREAD: Final = MappingProxyType(
    {
        "Manifest.key": "the name by which programs know the integration; people read its name",
        "Manifest.contract": "which rules its author wrote it for; it changes nothing in what is received",
        "Manifest.settings": "the form is shown field by field to whoever fills it in, with its own titles",
        "Manifest.fixtures": "made-up people that drive the conformance kit; no installation sends them",
        "OAuth.issuer": "how the vendor names itself in its answers, which programs compare",
        "OAuth.is_pkce_supported": "whether a challenge is sent, which changes nothing that is given",
        "OAuth.client_authentication": "in which of two places the deployment's secret is shown to the vendor",
        "OAuth.bearer_name": "what the vendor calls its tokens",
        "OAuth.account": "where programs find by what the account is known again",
    }
)
