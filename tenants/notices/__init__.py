"""Notices to members: told in the transaction of the event, shown in the product, mailed by a sweep."""

from __future__ import annotations

from wardship.tenants.notices.tell import (
    has_address,
    tell,
    tell_by_mail,
    tell_everybody,
    tell_permitted,
    tell_privacy_team,
)

__all__ = ["has_address", "tell", "tell_by_mail", "tell_everybody", "tell_permitted", "tell_privacy_team"]
