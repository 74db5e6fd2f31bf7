"""What a worker does for requests by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from wardship.tenants.access import Services
from wardship.tenants.fulfilment.due import sweep_requests

SWEEPS: Final[tuple[Callable[[Services], Awaitable[None]], ...]] = (sweep_requests,)
"""Escalation, lateness, carrying out, settling, certificates, expiry of copies: all found by one statement."""
