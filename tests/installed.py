"""The integrations that are installed with Wardship, read once for the run: metadata of all packages is read for it."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from wardship.plugins.host.registry import Registry


def installed_integrations(*modules: ModuleType) -> Registry:
    """Return a registry of the caller's own with what is installed, and with plugins that are modules with a KEY."""
    registry = Registry()
    registry._by_key.update(_read(modules)._by_key)  # none of which changes
    return registry


@cache
def _read(modules: tuple[ModuleType, ...]) -> Registry:
    registry = Registry.load()
    for module in modules:
        registry.register(module, module.KEY)
    return registry
