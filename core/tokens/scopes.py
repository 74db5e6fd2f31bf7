"""What personal access tokens may be allowed, and for how long: imports nothing, because help tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SCOPES: Final = ("read", "write", "admin")
LONGEST: Final = timedelta(days=366)
