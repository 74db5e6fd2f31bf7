"""A document as a vendor of a remote integration serves it, and a dispatcher that speaks to one on loopback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fixed_clock import FixedClock
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Verb, new_webhook_secret
from wardship.plugins.host.call import DispatchLimits, Installed, Kept
from wardship.plugins.host.client import ClientLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import LoadState, Registry
from wardship.plugins.host.remote import RemotePlugin, read_document
from wardship.plugins.host.reply import Reply

STEP = {"method": "webhook", "deletes": "all that was sent", "deadline_h": 24, "proof": "receipt"}
DOCUMENT: dict[str, Any] = {
    "wardship": 1,
    "endpoint": "https://letters.example/wardship",
    "manifest": {
        "key": "letters",
        "name": "Letters",
        "version": "1.0.0",
        "contract": 2,
        "vendor": {"legal_name": "Briefpost GmbH", "country": "DE", "privacy_contact": "privacy@letters.example"},
        "receives": [
            {
                "category": "user.contact.email",
                "fields": ["email"],
                "purpose": "essential.service",
                "legal_basis": "contract",
                "retention_days": 0,
            },
            {
                "category": "user.name",
                "fields": ["first_name", "last_name"],
                "purpose": "essential.service",
                "legal_basis": "contract",
                "retention_days": 0,
            },
        ],
        "identifiers": [{"type": "email"}],
        "supports": {
            "export": "sync",
            "erase": "delete",
            "revoke": "api",
            "attest": "receipt",
            "correct": True,
            "restrict": True,
            "reconcile": True,
            "grant": True,
        },
        "transfer": {"countries": ["DE"], "safeguard": "none_needed"},
    },
    "revocation_plan": {"steps": [{"verb": "revoke", **STEP}, {"verb": "erase", **STEP}]},
    "settings_schema": {
        "type": "object",
        "properties": {
            "workspace": {"type": "string", "title": "Workspace"},
            "api_key": {"type": "string", "format": "password", "title": "Key"},
        },
        "required": ["workspace"],
    },
}


def changed(path: str, value: object) -> bytes:
    """Return the document with one value replaced; ``...`` takes it out."""
    document = copy.deepcopy(DOCUMENT)
    *above, last = path.split(".")
    node: Any = document
    for part in above:
        node = node[int(part)] if isinstance(node, list) else node[part]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return json.dumps(document).encode()


class Desk:
    """A dispatcher with one remote integration at an endpoint on loopback."""

    def __init__(self, clock: FixedClock, endpoint: str, request_s: float) -> None:
        self.secrets = [new_webhook_secret()]
        self.registry = Registry()
        document = read_document(changed("endpoint", endpoint), plain_http=True)
        loaded = self.registry.register(RemotePlugin(document, lambda: tuple(self.secrets)), "letters")
        assert (loaded.state, loaded.reason) == (LoadState.LOADED, None)
        limits = DispatchLimits(network=NetworkPolicy.development(), client=ClientLimits(request_s=request_s))
        self.dispatcher = Dispatcher(self.registry, clock, limits)
        self.installed = Installed(
            id="i-1",
            integration="letters",
            public_settings={"workspace": "harbour"},
            secrets={"api_key": "k3y-of-harbour"},
            inbound_url="https://wardship.example/integrations/i-1/inbound",
        )

    async def call(self, verb: Verb, argument: Any = None, obligation_id: str = "o-1", **kept: Any) -> Reply:
        return await self.dispatcher.call(self.installed, verb, argument, obligation_id=obligation_id, **Kept(**kept))


@contextmanager
def desk(clock: FixedClock, endpoint: str, *, request_s: float = 5.0) -> Iterator[Desk]:
    made = Desk(clock, endpoint, request_s)
    try:
        yield made
    finally:
        made.dispatcher.close()
