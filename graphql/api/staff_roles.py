"""The roles among the provider's staff, as the API names them: declared once, before any type is made of them."""

from __future__ import annotations

import strawberry

from wardship.core.actor import StaffRole

strawberry.enum(StaffRole, name="StaffRole", description="A role among the provider's own people.")

__all__ = ["StaffRole"]
