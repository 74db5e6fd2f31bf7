"""What people are told about sign-in by their organisation's provider: kinds, each with its text beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind, Way
from wardship.tenants.permissions import Permission

_kind: Final = partial(NoticeKind, package=__name__, is_urgent=True)
_for_managers: Final = partial(
    _kind,
    audience=Audience.ADMINISTRATORS,
    to="the owner and the administrators",
    needs=Permission.SINGLE_SIGN_ON_MANAGE,
    page="sign-in/{IdentityProvider}",
)
_letter: Final = partial(_kind, audience=Audience.ACCOUNT, way=Way.MAIL)

PROVIDER_CHANGED: Final = _for_managers(
    name="sign_in_provider_changed", when="a provider of sign-in was entered, or what is entered of it was changed"
)
PROVIDER_STATE: Final = _for_managers(
    name="sign_in_provider_state", when="a provider of sign-in was put in force, made the only way in, or turned off"
)
PROVIDER_TROUBLE: Final = _for_managers(
    name="sign_in_provider_trouble",
    when="people can't sign in by the organisation's provider for a reason that an administrator has to settle",
)
BREAK_GLASS_USED: Final = _for_managers(
    name="break_glass_used",
    when="the owner came in by password and second factor, although people have to sign in by the provider",
)
SIGN_IN_CHANGES: Final = _kind(
    name="sign_in_changes",
    audience=Audience.PERSON,
    when="people of the organisation have to sign in by its provider from now on",
    is_for_members=True,
)
SESSIONS_ENDED: Final = _kind(
    name="sessions_ended",
    audience=Audience.PERSON,
    when="an administrator has ended the member's sessions in the organisation",
)
WAY_TO_SIGN_IN: Final = _letter(
    name="way_to_sign_in", when="somebody asked how to sign in with the address, and its organisation has a provider"
)
NO_WAY_TO_SIGN_IN: Final = _letter(
    name="no_way_to_sign_in", when="somebody asked how to sign in with the address, and no organisation has a provider"
)

KINDS: Final = (
    PROVIDER_CHANGED,
    PROVIDER_STATE,
    PROVIDER_TROUBLE,
    BREAK_GLASS_USED,
    SIGN_IN_CHANGES,
    SESSIONS_ENDED,
    WAY_TO_SIGN_IN,
    NO_WAY_TO_SIGN_IN,
)
