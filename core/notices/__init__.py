"""Notices: rows by kind, shown in the product and mailed, to accounts and to the provider's staff."""

from __future__ import annotations

from wardship.core.notices.tell import tell_account, tell_staff

__all__ = ["tell_account", "tell_staff"]
