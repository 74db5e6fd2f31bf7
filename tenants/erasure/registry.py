"""Every table that there is, whether or not anything else has used it yet: an erasure must not overlook one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from wardship.core.database.personal_data import TableEntry, entries

_PACKAGES = ("wardship.core", "wardship.tenants")


@cache
def everything_held() -> tuple[TableEntry, ...]:
    """Return the registry's entries, ordered by name, after importing each module that declares tables."""
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if module.name.endswith(".tables"):
                importlib.import_module(module.name)
    return tuple(entries())
