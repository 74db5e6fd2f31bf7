"""What a worker does for requests by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from wardship.tenants.fulfilment.due import sweep_requests
from wardship.tenants.services import Services

SWEEPS: Final[tuple[Callable[[Services], Awaitable[None]], ...]] = (sweep_requests,)
"""Escalation, lateness, carrying out, settling, certificates, expiry of copies: all found by one statement."""
