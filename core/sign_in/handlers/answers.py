"""What the endpoints answer with, and how a session gets into and out of a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.datastructures import Cookie

from wardship.core.accounts.preferences import Preferences
from wardship.core.http.credentials import cookie_name, is_secure
from wardship.core.settings import Settings
from wardship.core.sign_in.sessions import ABSOLUTE, OpenedSession, Session, Stage
from wardship.core.tokens.tokens import AccessToken

CHOICE: Final = "/auth/choice"
"""Where somebody chooses about a claim of the account."""
_STEPS = {Stage.SECOND_STEP: "totp", Stage.ENROLMENT: "enrolment", Stage.COMPLETE: "done"}


class StepAnswer(msgspec.Struct, frozen=True):
    """How far a sign-in has come: ``totp``, ``enrolment`` or ``done``; and the token for the calls that follow.

    ``choice_page`` is where a browser goes before anything else, because an organisation asks for the account; null
    where nothing is to be chosen.
    """

    step: str
    csrf_token: str
    choice_page: str | None


class CodesAnswer(StepAnswer, frozen=True):
    """Recovery codes, told this once, and how far the sign-in has come."""

    recovery_codes: list[str]


class EnrolmentAnswer(msgspec.Struct, frozen=True):
    """What an authenticator needs, in three forms."""

    secret: str
    uri: str
    qr_svg: str


class AcceptedAnswer(msgspec.Struct, frozen=True):
    """What happens next, the same for every address."""

    message: str


class ProviderAnswer(msgspec.Struct, frozen=True):
    """A provider of the deployment: its key in addresses, and how people know it."""

    key: str
    name: str


class WaysAnswer(msgspec.Struct, frozen=True):
    """By what people may sign in here besides the password: a mailed link, passkeys, and providers."""

    mailed_link: bool
    passkey: bool
    providers: list[ProviderAnswer]


class AccountAnswer(msgspec.Struct, frozen=True):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    is_privacy_team: bool
    staff_roles: list[str]


class OrganisationAnswer(msgspec.Struct, frozen=True):
    """An organisation that the account belongs to."""

    slug: str
    name: str


class SessionAnswer(msgspec.Struct, frozen=True):
    """What the browser's cookie stands for; all empty when it stands for nothing.

    ``organisation`` is where a call goes that names none, ``provider`` what a call names that is about the account
    itself, or by the provider's staff; null where it is none of the account's. ``has_passkey`` tells whether the second
    factor can be shown by one, once the first step is passed. ``is_by_provider`` says that an organisation's own
    provider opened the session, which reaches that organisation alone and has no ``preferences`` of the account.
    """

    account: AccountAnswer | None
    csrf_token: str
    stage: Stage | None
    stepped_up_at: datetime | None
    organisations: list[OrganisationAnswer]
    organisation: str | None
    provider: str | None = None
    has_passkey: bool = False
    is_by_provider: bool = False
    preferences: Preferences | None = None


class DeviceAnswer(msgspec.Struct, frozen=True):
    """One session, as its owner recognises it; ``method`` tells by what its first step was passed."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str
    network: str
    method: str
    is_current: bool


class TokenAnswer(msgspec.Struct, frozen=True):
    """A personal access token without its text."""

    id: UUID
    name: str
    organisation: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NewTokenAnswer(msgspec.Struct, frozen=True):
    """A personal access token with its text, which is told this once."""

    token: str
    access_token: TokenAnswer


def step_answer(settings: Settings, opened: OpenedSession) -> Response[StepAnswer]:
    """Return how far the sign-in has come, and put the session's new cookie into the browser."""
    answer = StepAnswer(_STEPS[opened.session.stage], opened.session.csrf_token, choice_page(opened))
    return with_session(settings, Response(answer), opened)


def codes_answer(settings: Settings, opened: OpenedSession, codes: list[str]) -> Response[CodesAnswer]:
    """Return recovery codes, and put the session's new cookie into the browser."""
    answer = CodesAnswer(_STEPS[opened.session.stage], opened.session.csrf_token, choice_page(opened), codes)
    return with_session(settings, Response(answer), opened)


def choice_page(opened: OpenedSession) -> str | None:
    """Return where a sign-in that is complete leads first, if its owner has to choose about a claim of the account."""
    return CHOICE if opened.session.stage is Stage.COMPLETE and opened.must_choose else None


def with_session(settings: Settings, response: Response[Any], opened: OpenedSession) -> Response[Any]:
    """Put a session's cookie into the browser: for this host alone, unseen by scripts, not sent from other sites."""
    response.set_cookie(_cookie(settings, opened.cookie, int(ABSOLUTE.total_seconds())))
    return response


def without_session(settings: Settings, response: Response[Any]) -> Response[Any]:
    """Take the session's cookie out of the browser."""
    response.set_cookie(_cookie(settings, "", 0))
    return response


def device_answer(session: Session, current: Session) -> DeviceAnswer:
    """Return a session as its owner sees it in a list."""
    return DeviceAnswer(
        id=session.id,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        user_agent=session.user_agent,
        network=session.network,
        method=session.method,
        is_current=session.id == current.id,
    )


def token_answer(token: AccessToken, slug: str) -> TokenAnswer:
    """Return a token as its owner sees it in a list."""
    return TokenAnswer(
        id=token.id,
        name=token.name,
        organisation=slug,
        scopes=sorted(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at.astimezone(UTC),
        last_used_at=token.last_used_at,
    )


def _cookie(settings: Settings, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=cookie_name(settings),
        value=value,
        max_age=max_age,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )
