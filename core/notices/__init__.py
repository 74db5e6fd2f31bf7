"""Notices: rows by kind, shown in the product and mailed, to accounts and to the provider's staff."""

from __future__ import annotations

from wardship.core.notices.letters import Addressee, mail_letter
from wardship.core.notices.tell import tell_account, tell_staff

__all__ = ["Addressee", "mail_letter", "tell_account", "tell_staff"]
