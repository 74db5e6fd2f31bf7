"""Which migrations there are, in the order in which they run."""

from __future__ import annotations

from wardship.core import migrations as core
from wardship.tenants import migrations as tenants

MIGRATIONS = ((core.APP_NAME, core.__name__), (tenants.APP_NAME, tenants.__name__))
"""Pairs of Piccolo application name and the package that holds its migrations."""
