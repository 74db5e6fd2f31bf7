"""A plugin put together of a module that is right and of what a test makes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from wardship.plugins.api import Connector, ConnectorContext, Manifest, RevocationPlan, hookimpl

Change = Callable[[Manifest], Manifest]


@dataclass
class PluginMade:
    """The hooks of a module, with another connector or another manifest."""

    module: ModuleType
    connector: type[Connector[Any]] | None = None
    change: Change = field(default=lambda manifest: manifest)

    @hookimpl
    def wardship_receives(self) -> Manifest:
        return self.change(self.module.wardship_receives())

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        return self.module.wardship_revokes()

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Any]) -> Connector[Any]:
        kind = self.connector or self.module.Acme
        return kind(context)


def declaring(**changed: Any) -> Change:
    """Return a change of the manifest's entries."""
    return lambda manifest: manifest.model_copy(update=changed)


def supporting(**changed: Any) -> Change:
    """Return a change of what the manifest promises."""
    return lambda manifest: manifest.model_copy(update={"supports": manifest.supports.model_copy(update=changed)})


def separate(module: ModuleType) -> type[Connector[Any]]:
    """Return the right connector, of which no method stands on another that a test makes wrong."""

    class Separate(module.Acme):
        async def share(self, share: Any) -> Any:
            return await module.Acme(self.context).share(share)

        async def restrict(self, restriction: Any) -> Any:
            return await module.Acme(self.context).restrict(restriction)

        async def revoke(self, revocation: Any) -> Any:
            return await module.Acme(self.context).revoke(revocation)

    return Separate


Maker = Callable[[ModuleType], PluginMade]
WRONG: dict[str, tuple[str, Maker]] = {}


def wrong(rule: str) -> Callable[[Maker], Maker]:
    """Register a sample that breaks one rule and no other."""

    def register(maker: Maker) -> Maker:
        WRONG[maker.__name__] = (rule, maker)
        return maker

    return register
