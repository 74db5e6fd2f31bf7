"""Notices to members: told in the transaction of the event, shown in the product, mailed by a sweep."""

from __future__ import annotations

from wardship.tenants.notices.sealed import has_address, tell_by_mail
from wardship.tenants.notices.tell import Telling, tell, tell_each, tell_everybody, tell_permitted, tell_privacy_team

__all__ = [
    "Telling",
    "has_address",
    "tell",
    "tell_by_mail",
    "tell_each",
    "tell_everybody",
    "tell_permitted",
    "tell_privacy_team",
]
