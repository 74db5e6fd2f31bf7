"""Where the recovery of an account stands, what may follow, and why one ends."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RecoveryState(StrEnum):
    """Where a recovery stands."""

    ASKED = "asked"
    APPROVED = "approved"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"


_S = RecoveryState
_STOPPED: Final = frozenset({_S.DECLINED, _S.CANCELLED, _S.REFUSED})
TRANSITIONS: Final[Mapping[RecoveryState, frozenset[RecoveryState]]] = MappingProxyType(
    {
        _S.ASKED: _STOPPED | {_S.APPROVED, _S.EXPIRED},
        _S.APPROVED: _STOPPED | {_S.OPEN},
        _S.OPEN: _STOPPED | {_S.DONE, _S.EXPIRED},
        **{state: frozenset() for state in (*_STOPPED, _S.DONE, _S.EXPIRED)},
    }
)
"""What may follow each state."""

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account_gone": "the account is closed",
        "address_changed": "the account's primary address has changed",
        "belongs_elsewhere": "the organisation's people may not decide on this account any more",
        "approver_gone": "somebody who approved it may not any more",
        "signed_in": "the second factor was shown",
        "by_owner": "the account's owner called it off",
        "declined": "it was declined",
        "too_late": "nobody approved it in time",
        "not_used": "its link was not used in time",
    }
)
"""Why a recovery ended, by code, in words."""
