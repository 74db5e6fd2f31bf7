"""Sign in by a provider of the deployment: there and back, linked by who is signed in, and never by an address.

What a provider vouches for is the first step of a sign-in; the second stays ours. An identity is issuer and subject. It
opens an account once its owner has linked it there, or once an account was made in the browser that came from the
provider, by a link that we have mailed to the address that the provider says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.openid.claims import ProvenIdentity
from wardship.core.openid.client import AuthorizationAnswer, OpenIdClient, Registration, Wanted
from wardship.core.openid.flows import BegunFlow, Flow, NewFlow, begin_flow, end_flow
from wardship.core.openid.identities import (
    delete_identity,
    find_identity,
    insert_identity,
    list_identities,
    note_identity_use,
)
from wardship.core.openid.refusals import FlowRefusedError
from wardship.core.settings import Settings
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.second_factor import has_second_factor
from wardship.core.sign_in.sessions import (
    OpenedSession,
    Session,
    Stage,
    end_cookie,
    end_sessions,
    note_method,
    open_session,
)
from wardship.core.sign_in_provider import SignInProvider

_SCOPES = ("openid", "email")


class ProviderUnknownError(NotFoundError):
    """This deployment has no such provider of sign-in."""

    code: ClassVar[str] = "PROVIDER_UNKNOWN"


class IdentityHeldError(ConflictError):
    """This account at the provider opens an account here already: unlink it there first."""

    code: ClassVar[str] = "IDENTITY_HELD"


class LastWayInError(ConflictError):
    """It is the only way in besides mail: set a password first."""

    code: ClassVar[str] = "LAST_WAY_IN"


class ProviderPurpose(StrEnum):
    """What somebody goes to a provider for."""

    SIGN_IN = "sign_in"
    LINK = "link"


def find_provider(settings: Settings, key: str) -> SignInProvider:
    """Return a provider of the deployment.

    Raises:
        ProviderUnknownError: it has none of this name.
    """
    for provider in settings.sign_in_providers:
        if provider.key == key:
            return provider
    raise ProviderUnknownError("This deployment has no such provider of sign-in.")


def provider_name(settings: Settings, issuer: str) -> str:
    """Return how people know a provider of the deployment; its issuer where it is set up no more."""
    names = {provider.issuer: provider.name for provider in settings.sign_in_providers}
    return names.get(issuer, issuer)


async def go_to_provider(
    call: Call, openid: OpenIdClient, provider: SignInProvider, *, session: Session | None = None
) -> tuple[str, BegunFlow]:
    """Return where a browser goes to sign in at a provider, and what its cookie holds meanwhile.

    Args:
        call: who, of which deployment, when.
        openid: the deployment's client.
        provider: of the deployment.
        session: in which the identity is to be linked; None to sign in.

    Raises:
        FreshSecondFactorRequiredError: it is to be linked, and the second factor was not shown a moment ago.
        TooManyAttemptsError: for this network.
        ProviderUnavailableError: the provider can't be reached or used.
    """
    if session is not None:
        session.require_step_up(call.now)
    new = NewFlow(
        provider=provider.method,
        purpose=(ProviderPurpose.SIGN_IN if session is None else ProviderPurpose.LINK).value,
        account_id=None if session is None else session.account_id,
        session_id=None if session is None else session.id,
    )
    async with call.database.directory() as transaction:
        await throttle.admit_client(transaction, call)
        begun = await begin_flow(transaction, new, at=call.now)
    return await openid.authorization_url(_registration(call.settings, provider), begun.state, Wanted()), begun


async def come_from_provider(
    call: Call, openid: OpenIdClient, provider: SignInProvider, answer: AuthorizationAnswer, browser: str | None
) -> tuple[Flow, ProvenIdentity]:
    """Return what a sign-in at a provider was begun for, and for whom the provider vouches; it comes back once.

    Args:
        call: who, of which deployment, when.
        openid: the deployment's client.
        provider: whose address was called.
        answer: the parameters.
        browser: the cookie that was set when it began.

    Raises:
        FlowRefusedError: it is unknown, another browser's or provider's, too old, or has come back before.
        ProviderRefusedError: the provider did not sign the person in.
        ProofRefusedError: what it proves is not what was asked for.
        ProviderUnavailableError: the provider can't be reached or used.
    """
    async with call.database.directory() as transaction:
        flow = await end_flow(transaction, provider.method, answer.state, browser, at=call.now)
    return flow, await openid.redeem(_registration(call.settings, provider), answer, Wanted())


async def sign_in_as(
    call: Call, provider: SignInProvider, person: ProvenIdentity, *, old_cookie: str | None = None
) -> OpenedSession | None:
    """Open a session for whom a provider vouches, which waits for the second factor; None where nobody has linked it.

    Args:
        call: who, of which deployment, when.
        provider: of the deployment.
        person: as it was proven; the address plays no part.
        old_cookie: the session that the browser had before; it ends.
    """
    async with call.database.directory() as transaction:
        identity = await find_identity(transaction, None, person.issuer, person.subject)
        if identity is None:
            return None
        await throttle.forgive_client(transaction, call)
        await note_identity_use(transaction, identity.id, at=call.now)
        await end_cookie(transaction, old_cookie)
        has_factor = await has_second_factor(transaction, identity.account_id)
        stage = Stage.SECOND_STEP if has_factor else Stage.ENROLMENT
        opened = await open_session(transaction, identity.account_id, stage, call.client, at=call.now)
        return await note_method(transaction, opened, provider.method, identity_id=identity.id)


async def link_identity(
    call: Call, provider: SignInProvider, person: ProvenIdentity, flow: Flow, session: Session
) -> None:
    """Let a provider vouch for the account that is signed in; all its addresses are told, and other sessions end.

    Raises:
        FlowRefusedError: another account, or another session, wanted it.
        FreshSecondFactorRequiredError: the second factor was not shown a moment ago.
        IdentityHeldError: it opens an account already.
    """
    if flow.session_id != session.id or flow.account_id != session.account_id:
        raise FlowRefusedError
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await throttle.forgive_client(transaction, call)
        await keep_identity(transaction, call, session.account_id, (person.issuer, person.subject))
        await end_sessions(transaction, session.account_id, but=session.id)
        await call.notify_all(transaction, session.account_id, f"{provider.name} was linked with your account")


async def keep_identity(transaction: Transaction, call: Call, account_id: UUID, person: tuple[str, str]) -> None:
    """Store that a provider of the deployment vouches for an account by issuer and subject.

    Raises:
        IdentityHeldError: it opens an account already.
    """
    if await insert_identity(transaction, account_id, None, person, at=call.now) is None:
        raise IdentityHeldError("This account at the provider opens an account here already: unlink it there first.")
    await call.record(transaction, account_id, EventKind.IDENTITY_LINKED)


async def unlink_identity(
    transaction: Transaction, call: Call, account_id: UUID, identity_id: UUID, *, session_id: UUID | None
) -> None:
    """Let a provider of the deployment vouch no more; sessions by it end, and all others but the caller's.

    The caller has shown the second factor.

    Raises:
        NotFoundError: the account has no such identity; those of organisations are theirs to end.
        LastWayInError: there is neither a password nor another identity.
    """
    await transaction.execute("select from account where id = $1 for update", account_id)
    own = [item.id for item in await list_identities(transaction, account_id) if item.organisation_id is None]
    if identity_id not in own:
        raise NotFoundError("Your account has no such identity.")
    has_password = await transaction.fetchval(
        "select exists (select from password_credential where account_id = $1)", account_id
    )
    if len(own) == 1 and not has_password:
        raise LastWayInError("This is your only way in besides mail: set a password first.")
    await delete_identity(transaction, account_id, identity_id)
    await end_sessions(transaction, account_id, but=session_id)
    await call.record(transaction, account_id, EventKind.IDENTITY_UNLINKED)
    await call.notify_all(transaction, account_id, "A provider of sign-in was unlinked from your account")


def _registration(settings: Settings, provider: SignInProvider) -> Registration:
    """Return this deployment as a provider knows it; only who somebody is is asked for, and the address."""
    redirect_uri = f"{settings.public_url}/auth/providers/{provider.key}/callback"
    secret = provider.client_secret.get_secret_value()
    return Registration(provider.issuer, provider.client_id, secret, redirect_uri, scopes=_SCOPES)
