"""What a browser keeps for this deployment, sealed: an offer to be answered, and by which provider it came last."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from litestar.datastructures import Cookie

from wardship.core.http.credentials import is_secure
from wardship.core.keys import KeyRing, UnreadableSecretError
from wardship.core.settings import Settings
from wardship.tenants.single_sign_on.admitting import Offer

OFFER_LASTS: Final = timedelta(minutes=20)
DEVICE_LASTS: Final = timedelta(days=180)
_OFFER: Final = "wardship-offer"
_DEVICE: Final = "wardship-device"
_LONGEST: Final = 4000
StructT = TypeVar("StructT", bound=msgspec.Struct)


class SealedOffer(msgspec.Struct, frozen=True):
    """An offer, until when it can be answered, and by whose sign-in address one goes on."""

    until: datetime
    provider_id: UUID
    offer: Offer


class KnownDevice(msgspec.Struct, frozen=True):
    """The provider by which somebody has signed in with this browser."""

    until: datetime
    provider_id: UUID


def offer_cookie(settings: Settings, keys: KeyRing, sealed: SealedOffer | None) -> Cookie:
    """Return the cookie of an offer; without one it is taken out of the browser."""
    return _cookie(settings, _OFFER, _sealed(keys, _OFFER, sealed), OFFER_LASTS)


def device_cookie(settings: Settings, keys: KeyRing, device: KnownDevice | None) -> Cookie:
    """Return the cookie of a device that has signed in by a provider; without one it is taken out of the browser."""
    return _cookie(settings, _DEVICE, _sealed(keys, _DEVICE, device), DEVICE_LASTS)


def read_offer(settings: Settings, keys: KeyRing, cookies: Mapping[str, str], *, at: datetime) -> SealedOffer | None:
    """Return the offer that a browser holds, if it can still be answered."""
    found = _opened(keys, _OFFER, cookies.get(_name(settings, _OFFER)), SealedOffer)
    return found if found is not None and at < found.until else None


def read_device(settings: Settings, keys: KeyRing, cookies: Mapping[str, str], *, at: datetime) -> KnownDevice | None:
    """Return by which provider somebody has signed in with this browser."""
    found = _opened(keys, _DEVICE, cookies.get(_name(settings, _DEVICE)), KnownDevice)
    return found if found is not None and at < found.until else None


def _cookie(settings: Settings, name: str, value: str, lasts: timedelta) -> Cookie:
    return Cookie(
        key=_name(settings, name),
        value=value,
        max_age=int(lasts.total_seconds()) if value else 0,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )


def _name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if is_secure(settings) else name


def _sealed(keys: KeyRing, purpose: str, value: msgspec.Struct | None) -> str:
    if value is None:
        return ""
    return base64.urlsafe_b64encode(keys.encrypt(purpose, msgspec.json.encode(value))).decode()


def _opened(keys: KeyRing, purpose: str, text: str | None, kind: type[StructT]) -> StructT | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        return msgspec.json.decode(keys.decrypt(purpose, base64.urlsafe_b64decode(text)), type=kind)
    except (ValueError, msgspec.MsgspecError, UnreadableSecretError):
        return None
