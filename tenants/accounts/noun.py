"""Accounts as an organisation meets them; their tables are the core's, in ``core/accounts`` and ``core/sign_in``."""

from __future__ import annotations

from wardship.core.nouns import NoticeKinds, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.accounts.clock import act_on_recoveries, announce_recoveries
from wardship.tenants.accounts.notices import KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what leads recoveries on, and what tells of them."""
    return act_on_recoveries, announce_recoveries


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what those who decide are told."""
    return KINDS
