"""Which browser has asked for a link that signs in: a cookie says so, and nothing is stored.

Who opens a link that somebody else has passed on would be in that person's account, and might take it for the own one
("login cross-site request forgery"). In the browser that asked nothing more is needed; in another one, where people
read their mail, the address is typed: everybody knows the own one.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import ClassVar, Final

from litestar.datastructures import Cookie

from wardship.core.accounts.address import EmailAddress, InvalidAddressError, canonical_address
from wardship.core.errors import InvalidInputError
from wardship.core.http.credentials import cookie_name, is_secure
from wardship.core.settings import Settings
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.mailed_links import SIGN_IN_LASTS

_PURPOSE: Final = "asking-browser"


class OtherAddressError(InvalidInputError):
    """The link was mailed to another address than the one that was typed: somebody else has asked for it."""

    code: ClassVar[str] = "OTHER_ADDRESS"

    def __init__(self) -> None:
        super().__init__(
            "This link was not mailed to that address. If somebody has passed it on to you, leave it: it opens that"
            " person's account.",
            path=("email",),
        )


def asking_cookie(call: Call, email: str) -> Cookie:
    """Return what a browser keeps that has asked for a link to an address, whether or not it has an account.

    Raises:
        InvalidAddressError: that is no address.
    """
    address = canonical_address(email, call.settings.internal_domains)
    return Cookie(
        key=_cookie_name(call.settings),
        value=_written(call.keys.fingerprint(_PURPOSE, address)),
        max_age=int(SIGN_IN_LASTS.total_seconds()),
        path="/",
        secure=is_secure(call.settings),
        httponly=True,
        samesite="lax",
    )


def has_asked(call: Call, cookies: Mapping[str, str], address: str) -> bool:
    """Return whether a browser with these cookies has asked for a link to an address."""
    held = cookies.get(_cookie_name(call.settings), "").encode()
    known = call.keys.fingerprints(_PURPOSE, address)
    return any(hmac.compare_digest(held, _written(each).encode()) for each in known)


def require_own_link(call: Call, cookies: Mapping[str, str], address: EmailAddress, typed: str) -> None:
    """Refuse to use a link in a browser that has not asked for it, unless its address is typed there.

    Raises:
        OtherAddressError: another one is, or none.
    """
    if has_asked(call, cookies, address):
        return
    try:
        is_own = canonical_address(typed, call.settings.internal_domains) == address
    except InvalidAddressError:
        is_own = False
    if not is_own:
        raise OtherAddressError


def _cookie_name(settings: Settings) -> str:
    return f"{cookie_name(settings)}-asked"


def _written(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
