"""What the endpoints take: JSON objects without unknown fields."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

_Email = Annotated[str, msgspec.Meta(max_length=320)]
_Password = Annotated[str, msgspec.Meta(max_length=1024)]
_Code = Annotated[str, msgspec.Meta(max_length=40)]
_Token = Annotated[str, msgspec.Meta(max_length=100)]
_Name = Annotated[str, msgspec.Meta(max_length=400)]


class AddressBody(msgspec.Struct, forbid_unknown_fields=True):
    """An e-mail address."""

    email: _Email


class VerifyBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of the mailed link, and what the new account starts with."""

    token: _Token
    password: _Password
    display_name: _Name


class SignInBody(msgspec.Struct, forbid_unknown_fields=True):
    """The first step of a sign-in."""

    email: _Email
    password: _Password


class CodeBody(msgspec.Struct, forbid_unknown_fields=True):
    """A code of the authenticator, or a recovery code."""

    code: _Code


class ChangePasswordBody(msgspec.Struct, forbid_unknown_fields=True):
    """The present password (empty for an account that has none) and the new one."""

    new_password: _Password
    current_password: _Password = ""


class ResetPasswordBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of the mailed link, the new password, and a code where the account has a second factor."""

    token: _Token
    password: _Password
    code: _Code = ""


class LinkBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of a mailed link."""

    token: _Token


class RecoverBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of the link that a recovery mailed, and the password: a new one where the present is lost too."""

    token: _Token
    password: _Password


class CloseBody(msgspec.Struct, forbid_unknown_fields=True):
    """The primary address, typed again to confirm it."""

    email: _Email


class CredentialBody(msgspec.Struct, forbid_unknown_fields=True):
    """What ``navigator.credentials`` answered, in the JSON form of W3C Web Authentication."""

    credential: dict[str, Any]


class NewPasskeyBody(msgspec.Struct, forbid_unknown_fields=True):
    """A passkey that a browser has made, likewise, and how its owner calls it."""

    credential: dict[str, Any]
    name: _Name


class PasskeyNameBody(msgspec.Struct, forbid_unknown_fields=True):
    """How a passkey is called."""

    name: _Name


class TimeZoneBody(msgspec.Struct, forbid_unknown_fields=True):
    """A time zone of the IANA database."""

    time_zone: Annotated[str, msgspec.Meta(max_length=64)]


class NewTokenBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a personal access token is wanted for."""

    name: _Name
    organisation: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,63}$")]
    scopes: Annotated[list[str], msgspec.Meta(max_length=3)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)]
