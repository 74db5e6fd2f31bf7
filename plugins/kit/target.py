"""Finds the plugin that is to be checked: an object or a module, an installed key, a file, or a project's folder."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple, TypeAlias, cast

from wardship.plugins.api import ENTRY_POINT_GROUP, Connector, Manifest, sign_webhook
from wardship.plugins.host.registry import LoadedIntegration, load_plugin
from wardship.plugins.kit.findings import KitSetupError
from wardship.plugins.kit.remote.fetching import VARIABLE, RemoteTarget, is_address

Values: TypeAlias = dict[str, object]
Settings: TypeAlias = Values | Callable[[], AbstractContextManager[Values]] | None
"""All settings, secrets included, or what runs a server and returns them for it; a fresh one for each of two parts."""

_PROJECT: Final = "pyproject.toml"


class Target(NamedTuple):
    """A plugin that was found, by the key under which it is to be loaded.

    Attributes:
        settings: those that the project names under ``[tool.wardship]``; None where it names none.
        remote: where its vendor serves it; None for a package.
        document: by which it is declared there.
    """

    key: str
    plugin: object
    distribution: str = ""
    settings: Settings = None
    remote: RemoteTarget | None = None
    document: bytes = b""

    def load(self) -> LoadedIntegration:
        """Load it as the host does; what goes wrong is told by its state."""
        return load_plugin(lambda: self.plugin, self.key, self.distribution)

    def require_signing(self) -> None:
        """Raise ``KitSetupError`` unless messages to it can be signed, where its vendor serves it."""
        if self.remote is None:
            return
        try:
            sign_webhook("kit", datetime.now(UTC), b"", self.remote.signing_secret)
        except ValueError:
            raise KitSetupError(
                f"messages to a remote integration are signed: give its secret, whsec_ and base64, in {VARIABLE}"
                " or by --signing-secret"
            ) from None


def find_target(target: object) -> Target:
    """Return the plugin that is meant.

    Args:
        target: a module, an object or a class with the hooks; or as text the key of an installed integration, the
            name of a module, a file, or a folder with a ``pyproject.toml`` that names an entry point; or a remote
            integration, for which the address of its document is enough where the environment has its signing secret.

    Raises:
        KitSetupError: there is none.
    """
    if (remote := _remote(target)) is not None:
        return _served(remote)
    if not isinstance(target, str):
        plugin = _of_class(target) if isinstance(target, type) else target
        return Target(_declared_key(plugin), plugin)
    path = Path(target)
    if (path / _PROJECT).is_file():
        return _project(path)
    if path.is_dir() and target in {".", "..", str(path.resolve())}:
        raise KitSetupError(f"{path.resolve()} is no project: there is no {_PROJECT} in it")
    if path.suffix == ".py":
        plugin = load_file(path)
        return Target(_declared_key(plugin), plugin)
    for point in entry_points(group=ENTRY_POINT_GROUP, name=target):
        return Target(target, _imported(point.value), point.dist.name if point.dist else "")
    return _module(target)


def _remote(target: object) -> RemoteTarget | None:
    """Return the remote integration that is meant; None for a package."""
    if isinstance(target, str) and is_address(target):
        return RemoteTarget(target, os.environ.get(VARIABLE, ""))
    return target if isinstance(target, RemoteTarget) else None


def _served(remote: RemoteTarget) -> Target:
    """Return the integration that is declared at an address."""
    document = remote.fetch()
    plugin = remote.plugin(document)
    return Target(_declared_key(plugin), plugin, remote=remote, document=document)


def _of_class(found: type) -> object:
    """Return a plugin of a class of plugins."""
    if issubclass(found, Connector):
        raise KitSetupError(f"{found.__name__} is a connector: name the module that has the three hooks")
    with _told(found.__name__):
        return found()


def _module(name: str) -> Target:
    plugin = _imported(name)
    return Target(_declared_key(plugin), plugin)


def _project(folder: Path) -> Target:
    """Return the first integration that a project declares, from its sources."""
    try:
        project = tomllib.loads((folder / _PROJECT).read_text("utf-8"))
    except ValueError as error:
        raise KitSetupError(f"{folder / _PROJECT} can't be read: {error}") from None
    points = project.get("project", {}).get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    if not points:
        raise KitSetupError(f"{folder / _PROJECT} names no entry point in the group {ENTRY_POINT_GROUP}")
    key, name = next(iter(points.items()))
    _forget(str(name).partition(":")[0], folder)
    with _importing_from(folder):
        plugin = _imported(str(name))
    named = project.get("tool", {}).get("wardship", {}).get("settings")
    settings = named_settings(str(named), folder) if named else None
    return Target(str(key), plugin, str(project.get("project", {}).get("name", "")), settings)


def named_settings(name: str, folder: Path) -> Callable[[], AbstractContextManager[Values]]:
    """Return what runs a server for tests and gives its settings: ``FILE.py:FUNCTION`` below a folder.

    Raises:
        KitSetupError: there is no such file or function.
    """
    file, _, function = name.partition(":")
    found = getattr(load_file(folder / file), function or "running", None)
    if not callable(found):
        raise KitSetupError(f"{name}: name a file and a function in it, such as tests/vendor_server.py:running")
    return cast("Callable[[], AbstractContextManager[Values]]", found)


def load_file(path: Path) -> ModuleType:
    """Return the module in a file; its neighbours can be imported.

    Raises:
        KitSetupError: there is none, or it can't be imported.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise KitSetupError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    with _importing_from(path.parent), _told(str(path)):
        spec.loader.exec_module(module)
    return module


def _forget(name: str, folder: Path) -> None:
    """Let a module be imported from a folder although another of its name has been imported from elsewhere."""
    held = getattr(sys.modules.get(name), "__file__", None)
    if held is not None and not Path(held).is_relative_to(folder.resolve()):
        del sys.modules[name]


def _imported(name: str) -> ModuleType:
    module, _, attribute = name.partition(":")
    with _told(name):
        found: Any = importlib.import_module(module)
        return cast("ModuleType", getattr(found, attribute) if attribute else found)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say in one line what could not be imported."""
    try:
        yield
    except Exception as error:
        raise KitSetupError(f"{name} can't be imported: {type(error).__name__}: {error}") from error


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder.resolve()))
    try:
        yield
    finally:
        sys.path.remove(str(folder.resolve()))


def _declared_key(plugin: object) -> str:
    """Return the key in the manifest, which is the name that the entry point has to have."""
    with suppress(Exception):  # what is wrong is told by loading it
        manifest = cast("Any", plugin).wardship_receives()
        if isinstance(manifest, Manifest):
            return manifest.key
    return "unknown"
