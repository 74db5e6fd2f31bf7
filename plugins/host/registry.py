"""The integrations that this deployment knows: found by entry point one by one, and loaded without harm to others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from typing import Any, ClassVar, Final, Self, TypeVar, cast

import pluggy
import structlog
from pydantic import ValidationError

from wardship.core.errors import WardshipError
from wardship.plugins.api import (
    ENTRY_POINT_GROUP,
    FIRST_CONTRACT,
    Connector,
    ConnectorContext,
    ContractModel,
    HttpClient,
    Logger,
    Manifest,
    RevocationPlan,
    hooks,
)
from wardship.plugins.host.declaration import UnfitDeclarationError, require_fit
from wardship.plugins.host.promises import file_of, gaps_in, missing_methods

_log = structlog.get_logger(__name__)
_HOOKS = ("wardship_receives", "wardship_revokes", "wardship_connector")
_LONGEST_REASON = 500
NOT_LOADED: Final = "not_loaded"
"""Why an installation whose integration is missing or broken can't be used, where nothing more is known."""
T = TypeVar("T", bound=ContractModel)


class Form(StrEnum):
    """By what an integration is here."""

    PACKAGE = "package"
    REMOTE = "remote"


class LoadState(StrEnum):
    """Whether an integration can be used."""

    LOADED = "loaded"
    LOAD_FAILED = "load_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedIntegration:
    """What became of one plugin.

    Attributes:
        reason: why it could not be loaded; None when it could.
        manifest: present exactly when the state is ``LOADED``, like ``plan``.
        warnings: what the declaration says that does not hold, each with file, entry and remedy.
        distribution: name of the package that brought it; empty when registered directly.
        form: a package on this server, or its vendor's own server.
        absence: why it can't be used, as the reason of an installation's state.
    """

    key: str
    state: LoadState
    distribution: str
    reason: str | None = None
    manifest: Manifest | None = None
    plan: RevocationPlan | None = None
    warnings: tuple[str, ...] = ()
    form: Form = Form.PACKAGE
    absence: str = NOT_LOADED
    _hooks: pluggy.PluginManager | None = field(default=None, repr=False)

    @property
    def declaration(self) -> tuple[Manifest, RevocationPlan]:
        """The manifest and the plan; raises ``LookupError`` when the integration could not be loaded."""
        if self.manifest is None or self.plan is None:
            raise LookupError(self.reason)
        return self.manifest, self.plan

    def connector(self, context: ConnectorContext[Any]) -> Connector[Any]:
        """Return the plugin's connector for one call; plugin code runs here, so only the dispatcher calls it."""
        if self._hooks is None:
            raise LookupError(self.reason)
        connector = self._hooks.hook.wardship_connector(context=context)
        if not isinstance(connector, Connector):
            raise UnfitDeclarationError(f"wardship_connector returned {type(connector).__name__}, not a Connector")
        return connector


def failed(key: str, distribution: str, reason: str, *, absence: str = NOT_LOADED) -> LoadedIntegration:
    """Return the record of an integration that can't be used."""
    return LoadedIntegration(
        key=key,
        state=LoadState.LOAD_FAILED,
        distribution=distribution,
        reason=reason[:_LONGEST_REASON],
        absence=absence,
    )


def load_plugin(find: Callable[[], object], key: str, distribution: str) -> LoadedIntegration:
    """Load the plugin, an object or a module, that ``find`` returns; whatever it raises is recorded."""
    try:
        return _load(find(), key, distribution)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin that exits or crashes at import harms only itself
        reason = _reason(error)
        _log.warning("integration.load_failed", integration=key, distribution=distribution, reason=reason)
        return failed(key, distribution, reason)


def _load(plugin: object, key: str, distribution: str) -> LoadedIntegration:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin, name=key)
    manager.check_pending()
    for name in _HOOKS:
        if not getattr(manager.hook, name).get_hookimpls():
            raise UnfitDeclarationError(f"the plugin does not implement {name}; mark it with @hookimpl")
    manifest = _declared(manager.hook.wardship_receives(), Manifest, "wardship_receives")
    plan = _declared(manager.hook.wardship_revokes(), RevocationPlan, "wardship_revokes")
    require_fit(key, manifest, plan)
    warnings = _require_kept(plugin, manifest, manager)
    for warning in warnings:
        _log.warning("integration.says_what_does_not_hold", integration=key, distribution=distribution, warning=warning)
    return LoadedIntegration(
        key=key,
        state=LoadState.LOADED,
        distribution=distribution,
        manifest=manifest,
        plan=plan,
        warnings=warnings,
        _hooks=manager,
    )


def _require_kept(plugin: object, manifest: Manifest, manager: pluggy.PluginManager) -> tuple[str, ...]:
    """Return what a declaration says that does not hold, where that is no reason to refuse it."""
    gaps = [*gaps_in(manifest)]
    connector = _connector_class(manifest, manager)
    if connector is not None:
        gaps += missing_methods(manifest, connector)
    file = file_of(plugin)
    told = tuple(gap.told(file) for gap in gaps)
    if told and manifest.contract > FIRST_CONTRACT:
        raise UnfitDeclarationError("\n".join(told))
    return told


def _connector_class(manifest: Manifest, manager: pluggy.PluginManager) -> type[Connector[Any]] | None:
    """Return the class of the connectors, made once with nothing in it; None where one needs its settings for that."""
    nothing: ConnectorContext[Any] = ConnectorContext(
        installation_id="",
        obligation_id="",
        settings=manifest.settings.model_construct(),
        secret=_refuse,
        http=cast("HttpClient", None),
        deadline=datetime.min.replace(tzinfo=UTC),
        now=lambda: datetime.min.replace(tzinfo=UTC),
        log=cast("Logger", None),
    )
    # It is called for real with what it needs, and what it raises is told then.
    with suppress(Exception):
        connector = manager.hook.wardship_connector(context=nothing)
        return type(connector) if isinstance(connector, Connector) else None
    return None


def _refuse(name: str) -> str:
    raise LookupError(name)


def _declared(value: object, expected: type[T], hook: str) -> T:
    if type(value) is not expected:
        raise UnfitDeclarationError(f"{hook} returned {type(value).__name__} instead of {expected.__name__}")
    # Made again, since it may have been assembled without validation; the settings form is no part of its dump.
    form = {"settings": value.settings} if isinstance(value, Manifest) else {}
    return expected.model_validate(value.model_dump(warnings=False) | form)


def _reason(error: BaseException) -> str:
    if isinstance(error, UnfitDeclarationError):
        return str(error)
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)
        )
    return f"{type(error).__name__}: {error}"


_OURS = "wardship"


class IntegrationUnavailableError(WardshipError):
    """No usable integration has this key: not installed on this server, or it could not be loaded."""

    code: ClassVar[str] = "INTEGRATION_UNAVAILABLE"


class Registry:
    """All integrations by key, those that could not be loaded included: an administrator sees why.

    Packages are there from the start; remote integrations come, change and go while the process runs.

    Attributes:
        adopting: held by who takes up remote integrations, so that an older revision never comes after a newer one.
    """

    def __init__(self) -> None:
        self._by_key: dict[str, LoadedIntegration] = {}
        self._remote: dict[str, tuple[str, LoadedIntegration]] = {}
        self.adopting = asyncio.Lock()

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
            registry._add(point.name, _distribution(point), point.load)
        return registry

    def register(self, plugin: object, key: str, *, distribution: str = "") -> LoadedIntegration:
        """Add a plugin object or module directly, for tests and for a deployment's own integration."""
        return self._add(key, distribution, lambda: plugin)

    def get(self, key: str) -> LoadedIntegration:
        """Return an integration, whatever its state; one whose package has gone is ``LOAD_FAILED``."""
        if found := self._by_key.get(key):
            return found
        if key in self._remote:
            return self._remote[key][1]
        return failed(key, "", f"no package on this server provides the integration {key!r}")

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
        return tuple(self.get(key) for key in sorted({*self._by_key, *self._remote}))

    @property
    def remote_revisions(self) -> Mapping[str, str]:
        """By the key of each remote integration, which revision of it is here."""
        return {key: revision for key, (revision, _) in self._remote.items()}

    def adopt(self, integration: LoadedIntegration, revision: str) -> None:
        """Take up a remote integration, or another revision of it; calls under way go on with what they began with.

        A package of the same key keeps it.
        """
        self._remote[integration.key] = revision, replace(integration, form=Form.REMOTE)

    def drop_remote(self, keys: Collection[str]) -> None:
        """Forget remote integrations that are none any more."""
        for key in keys:
            self._remote.pop(key, None)

    def has_package(self, key: str) -> bool:
        """Tell whether a key is a package's, whatever became of it."""
        return key in self._by_key

    def _add(self, key: str, distribution: str, find: Callable[[], object]) -> LoadedIntegration:
        if key in self._by_key:
            return self._clash(key, distribution)
        return self._by_key.setdefault(key, load_plugin(find, key, distribution))

    def _clash(self, key: str, distribution: str) -> LoadedIntegration:
        holder = self._by_key[key].distribution or "another plugin"
        reason = f"the key {key!r} is already taken by {holder}; rename the entry point and the manifest's key"
        refused = failed(f"{key}@{distribution or 'unnamed'}", distribution, reason)
        self._by_key[refused.key] = refused
        return refused


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""
