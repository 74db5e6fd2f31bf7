"""The integrations that this deployment knows, found by entry point one by one."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar, Self

from wardship.core.errors import WardshipError
from wardship.plugins.api import ENTRY_POINT_GROUP
from wardship.plugins.host.loading import LoadedIntegration, LoadState, failed, load_entry_point, load_plugin

_OURS = "wardship"


class IntegrationUnavailableError(WardshipError):
    """No usable integration has this key: not installed on this server, or it could not be loaded."""

    code: ClassVar[str] = "INTEGRATION_UNAVAILABLE"


class Registry:
    """All integrations by key, those that could not be loaded included: an administrator sees why."""

    def __init__(self) -> None:
        self._by_key: dict[str, LoadedIntegration] = {}

    @classmethod
    def load(cls, found: Iterable[EntryPoint] | None = None) -> Self:
        """Return the registry of what is installed; a broken plugin is recorded and harms no other.

        Args:
            found: the entry points to load; those of the installed packages by default.
        """
        registry = cls()
        points = entry_points(group=ENTRY_POINT_GROUP) if found is None else found
        # What ships with Wardship comes first, so that a clash never displaces it.
        for point in sorted(
            points, key=lambda point: (_distribution(point) != _OURS, _distribution(point), point.name)
        ):
            registry._add(point.name, _distribution(point), point)
        return registry

    def register(self, plugin: object, key: str, *, distribution: str = "") -> LoadedIntegration:
        """Add a plugin object or module directly, for tests and for a deployment's own integration."""
        if key in self._by_key:
            return self._clash(key, distribution)
        return self._by_key.setdefault(key, load_plugin(plugin, key, distribution))

    def get(self, key: str) -> LoadedIntegration:
        """Return an integration, whatever its state; one whose package has gone is ``LOAD_FAILED``."""
        return self._by_key.get(key) or failed(key, "", f"no package on this server provides the integration {key!r}")

    def require(self, key: str) -> LoadedIntegration:
        """Return an integration that can be used.

        Raises:
            IntegrationUnavailableError: it is absent or could not be loaded.
        """
        integration = self.get(key)
        if integration.state is not LoadState.LOADED:
            raise IntegrationUnavailableError(f"{key} can't be used: {integration.reason}", path=("integration",))
        return integration

    def all(self) -> tuple[LoadedIntegration, ...]:
        """Return every integration in the order of the keys."""
        return tuple(self._by_key[key] for key in sorted(self._by_key))

    def _add(self, key: str, distribution: str, point: EntryPoint) -> None:
        if key in self._by_key:
            self._clash(key, distribution)
        else:
            self._by_key[key] = load_entry_point(point, distribution)

    def _clash(self, key: str, distribution: str) -> LoadedIntegration:
        holder = self._by_key[key].distribution or "another plugin"
        reason = f"the key {key!r} is already taken by {holder}; rename the entry point and the manifest's key"
        refused = failed(f"{key}@{distribution or 'unnamed'}", distribution, reason)
        self._by_key[refused.key] = refused
        return refused


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""
