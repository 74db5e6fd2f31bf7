"""Find out who sends a request, in one statement."""

from __future__ import annotations

import hmac
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

from litestar.connection import ASGIConnection

from wardship.core.actor import Actor, CredentialKind, Role, StaffRole
from wardship.core.database.engine import Record
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.core.http.credentials import ORGANISATION_HEADER, RequestCredentials, read_credentials
from wardship.core.nouns import Deployment
from wardship.core.sign_in.bound_sessions import note_break_glass
from wardship.core.sign_in.sessions import (
    IDLE,
    SEEN_EVERY,
    NotAuthenticatedError,
    SecondStepRequiredError,
    Session,
    Stage,
    find_session,
    note_use,
    token_hash,
)
from wardship.core.tokens.tokens import TOKEN_PREFIX, note_token_use

_ALL_SCOPES: Final = frozenset({"read", "write", "admin"})
_MEMBER_IS_ACTIVE: Final = "active"
_SUSPENDED: Final = "suspended"
_ROLES: Final = MappingProxyType({role.value: role for role in Role})
_NO_STAFF: Final[frozenset[StaffRole]] = frozenset()


class CsrfRefusedError(PermissionDeniedError):
    """A call by session lacks the header with the session's CSRF token (GET /auth/session tells it)."""

    code: ClassVar[str] = "CSRF_REFUSED"


class OrganisationNotFoundError(NotFoundError):
    """The organisation is absent, or the caller doesn't belong to it."""

    code: ClassVar[str] = "ORGANISATION_NOT_FOUND"
    status: ClassVar[int] = 403


class OrganisationRequiredError(PermissionDeniedError):
    """The caller belongs to several organisations: name one in X-Wardship-Organisation."""

    code: ClassVar[str] = "ORGANISATION_REQUIRED"


class OrganisationSuspendedError(PermissionDeniedError):
    """The organisation is suspended, and nobody gets in; one's own rights go on with the provider's privacy team."""

    code: ClassVar[str] = "ORGANISATION_SUSPENDED"


class OrganisationMergingError(OrganisationSuspendedError):
    """The organisation becomes part of another at this moment: try again in some minutes, there."""

    code: ClassVar[str] = "ORGANISATION_MERGING"


class ProviderSignInRequiredError(PermissionDeniedError):
    """The organisation's people sign in by its provider: open the organisation's sign-in address, or /auth/way."""

    code: ClassVar[str] = "PROVIDER_SIGN_IN_REQUIRED"


class SignInEndedError(PermissionDeniedError):
    """An administrator has ended your sessions in this organisation: sign out, then sign in again."""

    code: ClassVar[str] = "SIGN_IN_ENDED"


class ChoiceRequiredError(PermissionDeniedError):
    """An organisation asks for your account, and your time to choose is over: choose, then go on."""

    code: ClassVar[str] = "CHOICE_REQUIRED"


class OrganisationSessionError(PermissionDeniedError):
    """The session was opened by an organisation's provider, and reaches nothing but it: sign in by your own account."""

    code: ClassVar[str] = "ORGANISATION_SESSION"

    def __init__(self) -> None:
        super().__init__(
            "You signed in by your organisation's provider: for what is your account's, sign in with your own password."
        )


async def authenticate(
    deployment: Deployment, credentials: RequestCredentials, *, notes_use: bool = True, lets_suspended: bool = False
) -> Actor:
    """Return who sends a request, in the organisation that it is about.

    That is the one that was named; else the only one in which the caller is an active member, or, where there is none,
    the only one in which he or she was; else the provider, for its staff and for who belongs to no organisation.

    Args:
        deployment: settings, database, clock.
        credentials: those of the request.
        notes_use: whether this is a use of the credential, which keeps a session from ending by time.
        lets_suspended: whether people of a suspended organisation get in, for what they are owed themselves.

    Raises:
        NotAuthenticatedError: no credential, or one that is unknown, expired, revoked or of a closed account.
        SecondStepRequiredError: the session has passed its first step only.
        CsrfRefusedError: a session without its CSRF token, on a request that may change something.
        OriginRefusedError: a session, on a request that a page of another site sent.
        OrganisationNotFoundError: the organisation is absent or not the caller's.
        OrganisationRequiredError: none was named and there isn't exactly one.
        OrganisationSuspendedError: nobody gets in at present.
        ProviderSignInRequiredError: its people sign in by its provider, and this session did not.
        SignInEndedError: an administrator has ended what the session could reach there.
        ChoiceRequiredError: the owner of a claimed account has to choose first.
    """
    kind, secret = _credential(credentials)
    row = await deployment.database.look_up(
        "select * from authenticate($1, $2, $3)", kind.value, token_hash(secret), credentials.organisation
    )
    now = deployment.clock.now()
    if row is None or _is_over(kind, row, now):
        raise _not_authenticated()
    if kind is CredentialKind.SESSION:
        _check_session(deployment, credentials, row)
    _check_organisation(kind, credentials, row)
    await _check_door(deployment, row, now)
    if row["organisation_state"] == _SUSPENDED and not lets_suspended:
        row = await _let_in(deployment, row)
    if notes_use:
        await _note_use(deployment, kind, row, now)
    return _actor(kind, row)


async def authenticate_request(deployment: Deployment, connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
    """Return who sends a Litestar request, or opens a WebSocket; see ``authenticate``."""
    return await authenticate(deployment, read_credentials(connection, deployment.settings))


async def account_for_session(
    deployment: Deployment, credentials: RequestCredentials, *stages: Stage, lets_bound: bool = False
) -> Session:
    """Return the session of a request that is about the account itself, in no organisation.

    Args:
        deployment: settings, database, clock.
        credentials: those of the request; a token doesn't do.
        stages: how far the sign-in must have come; complete unless told otherwise.
        lets_bound: whether a session will do that an organisation's provider opened, for what is the session's own.

    Raises:
        NotAuthenticatedError: there is no living session.
        SecondStepRequiredError: it has come less far.
        CsrfRefusedError: it lacks its CSRF token, on a request that may change something.
        OriginRefusedError: a page of another site sent it.
        OrganisationSessionError: an organisation's provider opened it, and it reaches that organisation alone.
    """
    if credentials.authorization is not None or credentials.cookie is None:
        raise _not_authenticated()
    now = deployment.clock.now()
    async with deployment.database.directory() as transaction:
        session = await find_session(transaction, credentials.cookie, at=now)
        if session is None:
            raise _not_authenticated()
        if now - session.last_seen_at >= SEEN_EVERY:
            await note_use(transaction, [session.id], at=now)
    _check_request(deployment, credentials, session.csrf_token)
    if session.stage not in (stages or (Stage.COMPLETE,)):
        raise _second_step_required(session.stage)
    if session.organisation_id is not None and not lets_bound:
        raise OrganisationSessionError
    return session


def _credential(credentials: RequestCredentials) -> tuple[CredentialKind, str]:
    if credentials.authorization is not None:
        scheme, _, token = credentials.authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
            raise _not_authenticated()
        return CredentialKind.TOKEN, token
    if credentials.cookie is None:
        raise _not_authenticated()
    return CredentialKind.SESSION, credentials.cookie


def _is_over(kind: CredentialKind, row: Record, now: datetime) -> bool:
    if row["expires_at"] <= now:
        return True
    if kind is CredentialKind.TOKEN:
        return bool(row["member_state"] != _MEMBER_IS_ACTIVE)
    return bool(now - row["used_at"] >= IDLE)


def _check_session(deployment: Deployment, credentials: RequestCredentials, row: Record) -> None:
    _check_request(deployment, credentials, row["csrf_token"])
    if row["stage"] != Stage.COMPLETE.value:
        raise _second_step_required(Stage(row["stage"]))


def _check_request(deployment: Deployment, credentials: RequestCredentials, csrf_token: str) -> None:
    credentials.require_own_origin(deployment.settings)
    if credentials.changes and not hmac.compare_digest((credentials.csrf_token or "").encode(), csrf_token.encode()):
        raise CsrfRefusedError("Send the header X-Wardship-CSRF with the token that GET /auth/session tells.")


def _check_organisation(kind: CredentialKind, credentials: RequestCredentials, row: Record) -> None:
    is_another = kind is CredentialKind.TOKEN and credentials.organisation not in (None, row["organisation_slug"])
    if row["organisation_id"] is not None and not is_another:
        return
    if credentials.organisation is None:
        raise OrganisationRequiredError("Name the organisation by its slug in the header X-Wardship-Organisation.")
    raise OrganisationNotFoundError("There is no such organisation, or you don't belong to it.")


async def _check_door(deployment: Deployment, row: Record, now: datetime) -> None:
    """Refuse a session that may not come in by this way; note one that came in past the provider."""
    match row["door"]:
        case "provider":
            raise ProviderSignInRequiredError(
                "This organisation's people sign in by its provider: open its sign-in address, or have it mailed at"
                f" {deployment.settings.public_url}/auth/way."
            )
        case "ended":
            raise SignInEndedError("An administrator has ended your sessions in this organisation: sign in again.")
        case "choice":
            raise ChoiceRequiredError(
                "An organisation holds the domain of your address and asks for your account, and your time to choose is"
                f" over: choose at {deployment.settings.public_url}/auth/choice, or, with the provider's short name in"
                f" {ORGANISATION_HEADER}, by what `viewer {{ account {{ claims }} }}` shows. Then go on."
            )
        case "break_glass":
            async with deployment.database.directory() as transaction:
                if await note_break_glass(transaction, row["credential_id"], row["organisation_id"], at=now):
                    await transaction.execute("select pg_notify('wardship_sweeps', '')")


async def _let_in(deployment: Deployment, row: Record) -> Record:
    """Return who gets into a suspended organisation: the privacy team, and nobody as its member."""
    if StaffRole.PRIVACY_TEAM.value in (row["staff_roles"] or ()):
        return {**row, "member_id": None, "roles": ()}
    async with deployment.database.directory(read_only=True) as transaction:
        held = await transaction.fetchrow(
            "select state, state_reason from organisation where id = $1", row["organisation_id"]
        )
    reason = held["state_reason"] if held else ""
    if held and held["state"] == "merging":
        raise OrganisationMergingError(
            f"Nobody gets into this organisation now: {reason}. Try again in some minutes, there or here."
        )
    why = f" ({reason})" if reason else ""
    raise OrganisationSuspendedError(
        f"This organisation is suspended{why}: ask its owner. The provider's privacy team has what you asked for"
        " before; who belongs to no other organisation asks it about the account, naming the provider in"
        f" {ORGANISATION_HEADER}."
    )


async def _note_use(deployment: Deployment, kind: CredentialKind, row: Record, now: datetime) -> None:
    used_at: datetime | None = row["used_at"]
    if used_at is not None and now - used_at < SEEN_EVERY:
        return
    identifier: UUID = row["credential_id"]
    async with deployment.database.directory() as transaction:
        if kind is CredentialKind.TOKEN:
            await note_token_use(transaction, identifier, at=now, every=SEEN_EVERY)
        else:
            await note_use(transaction, [identifier], at=now)


def _actor(kind: CredentialKind, row: Record) -> Actor:
    scopes = _ALL_SCOPES if row["scopes"] is None else frozenset(row["scopes"])
    return Actor(
        account_id=row["account_id"],
        organisation_id=row["organisation_id"],
        member_id=row["member_id"],
        roles=frozenset([_ROLES[role] for role in row["roles"]]),
        credential=kind,
        scopes=scopes,
        stepped_up_at=row["stepped_up_at"],
        staff_roles=frozenset([StaffRole(role) for role in row["staff_roles"]]) if row["staff_roles"] else _NO_STAFF,
        credential_id=row["credential_id"],
        is_bound=row["bound_to"] is not None,
    )


def _not_authenticated() -> NotAuthenticatedError:
    return NotAuthenticatedError("Sign in, or send `Authorization: Bearer wsp_…`.")


def _second_step_required(stage: Stage) -> SecondStepRequiredError:
    if stage is Stage.COMPLETE:
        return SecondStepRequiredError("This sign-in has passed both steps already.")
    path = "/auth/second-step" if stage is Stage.SECOND_STEP else "/auth/enrol-second-factor"
    return SecondStepRequiredError(f"This sign-in waits for its second step: POST {path}.")
