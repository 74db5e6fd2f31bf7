"""Loads one plugin and holds what it declares; whatever goes wrong becomes a state with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import EntryPoint
from typing import Any, TypeVar

import pluggy
import structlog
from pydantic import ValidationError

from wardship.plugins.api import Connector, ConnectorContext, ContractModel, Manifest, RevocationPlan, hooks
from wardship.plugins.host.declaration import UnfitDeclarationError, require_fit

_log = structlog.get_logger(__name__)
_HOOKS = ("wardship_receives", "wardship_revokes", "wardship_connector")
_LONGEST_REASON = 500
T = TypeVar("T", bound=ContractModel)


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
        distribution: name of the package that brought it; empty when registered directly.
    """

    key: str
    state: LoadState
    distribution: str
    reason: str | None = None
    manifest: Manifest | None = None
    plan: RevocationPlan | None = None
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


def failed(key: str, distribution: str, reason: str) -> LoadedIntegration:
    """Return the record of an integration that can't be used."""
    return LoadedIntegration(
        key=key, state=LoadState.LOAD_FAILED, distribution=distribution, reason=reason[:_LONGEST_REASON]
    )


def load_entry_point(point: EntryPoint, distribution: str) -> LoadedIntegration:
    """Import what an entry point names and load it."""
    return _contained(point.name, distribution, lambda: _load(point.load(), point.name, distribution))


def load_plugin(plugin: object, key: str, distribution: str) -> LoadedIntegration:
    """Load a plugin object or module."""
    return _contained(key, distribution, lambda: _load(plugin, key, distribution))


def _contained(key: str, distribution: str, load: Callable[[], LoadedIntegration]) -> LoadedIntegration:
    try:
        return load()
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
    return LoadedIntegration(
        key=key,
        state=LoadState.LOADED,
        distribution=distribution,
        manifest=manifest,
        plan=plan,
        _hooks=manager,
    )


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
