"""Limitations as tests write them."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import NOW
from wardship.tenants.limitations.limits import Item, LimitationReason
from wardship.tenants.requests.limitations import WantedLimitation

DUTY, OTHERS, HOLD = LimitationReason.LEGAL_DUTY, LimitationReason.OTHERS_RIGHTS, LimitationReason.LEGAL_HOLD
LATER = NOW + timedelta(days=400)


def limitation(reason_code: LimitationReason = DUTY, reason: str = "The law asks for it.", **named) -> WantedLimitation:
    return WantedLimitation(reason_code=reason_code, reason=reason, **named)


def kept(*categories: str, **options) -> WantedLimitation:
    """Return a limitation of an erasure that keeps categories until ``LATER``."""
    return limitation(categories=categories, **({"until": LATER} | options))


def post(identifier) -> Item:
    return Item("post", identifier)
