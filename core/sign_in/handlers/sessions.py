"""Where an account is signed in, and its tokens: the endpoints /auth/sessions and /auth/tokens."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from wardship.core.accounts.events import EventKind
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.http.problems import refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.authentication import (
    ChoiceRequiredError,
    ProviderSignInRequiredError,
    SignInEndedError,
    authenticate,
)
from wardship.core.sign_in.handlers.answers import (
    DeviceAnswer,
    NewTokenAnswer,
    TokenAnswer,
    device_answer,
    token_answer,
)
from wardship.core.sign_in.handlers.bodies import NewTokenBody
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    READING_REFUSALS,
    SESSION_REFUSALS,
    AnyRequest,
    InCall,
    InCredentials,
    InDeployment,
    InSession,
    session_at,
)
from wardship.core.sign_in.sessions import (
    FreshSecondFactorRequiredError,
    Stage,
    end_session,
    end_sessions,
    list_sessions,
)
from wardship.core.tokens.tokens import (
    InvalidTokenRequestError,
    TokenRequest,
    create_token,
    find_token,
    list_tokens,
    revoke_token,
)

_IN_ORGANISATION = session_at(Stage.COMPLETE, lets_bound=True)


@get("/sessions", responses=refusals(*READING_REFUSALS))
async def list_sessions_handler(call: InCall, session: InSession) -> list[DeviceAnswer]:
    """List where the account is signed in."""
    async with call.database.directory(read_only=True) as transaction:
        sessions = await list_sessions(transaction, session.account_id, at=call.now)
    return [device_answer(item, session) for item in sessions]


@delete("/sessions", status_code=204, responses=refusals(*SESSION_REFUSALS))
async def end_sessions_handler(call: InCall, session: InSession) -> None:
    """Sign out everywhere else."""
    async with call.database.directory() as transaction:
        await end_sessions(transaction, session.account_id, but=session.id)
        await call.record(transaction, session.account_id, EventKind.OTHER_SESSIONS_ENDED)


@delete(
    "/sessions/{session_id:uuid}",
    status_code=204,
    responses=refusals(*SESSION_REFUSALS, InvalidInputError, NotFoundError),
)
async def end_session_handler(call: InCall, session: InSession, session_id: FromPath[UUID]) -> None:
    """Sign out in one place."""
    async with call.database.directory() as transaction:
        await end_session(transaction, session.account_id, session_id)
        await call.record(transaction, session.account_id, EventKind.SESSION_ENDED)


@get("/tokens", dependencies={"session": _IN_ORGANISATION}, responses=refusals(*READING_REFUSALS))
async def list_tokens_handler(deployment: InDeployment, session: InSession) -> list[TokenAnswer]:
    """List the account's personal access tokens, in all organisations that the session reaches."""
    async with deployment.database.directory(read_only=True) as transaction:
        tokens = await list_tokens(transaction, session.account_id, session.organisation_id)
        rows = await transaction.fetch(
            "select id, slug from organisation where id = any($1)", [token.organisation_id for token in tokens]
        )
    slugs = {row["id"]: row["slug"] for row in rows}
    return [token_answer(token, slugs[token.organisation_id]) for token in tokens]


@post(
    "/tokens",
    status_code=201,
    dependencies={"session": _IN_ORGANISATION},
    responses=refusals(
        *BODY_REFUSALS,
        *SESSION_REFUSALS,
        ProviderSignInRequiredError,
        SignInEndedError,
        ChoiceRequiredError,
        FreshSecondFactorRequiredError,
        NotFoundError,
        InvalidTokenRequestError,
    ),
)
async def create_token_handler(
    request: AnyRequest, call: InCall, credentials: InCredentials, session: InSession, data: JSONBody[NewTokenBody]
) -> NewTokenAnswer:
    """Create a personal access token for one organisation, after a step-up; its text is told this once."""
    session.require_step_up(call.now)
    row = await call.database.look_up(
        "select organisation_id from organisations_of($1) where slug = $2 and coalesce(organisation_id = $3, true)",
        session.account_id,
        data.organisation,
        session.organisation_id,
    )
    if row is None:
        raise NotFoundError("There is no such organisation, or you don't belong to it.", path=("organisation",))
    await authenticate(call.deployment, replace(credentials, organisation=data.organisation), lets_suspended=True)
    wanted = TokenRequest(data.name, data.scopes, data.expires_at)
    organisation_id: UUID = row["organisation_id"]
    async with call.database.tenant(organisation_id, directory=True) as transaction:
        token, text = await create_token(
            transaction, session.account_id, organisation_id, wanted, at=call.now, request_id=request_id_of(request)
        )
        await call.record(transaction, session.account_id, EventKind.TOKEN_MADE, organisation_id=organisation_id)
        await call.notify(transaction, session.account_id, "An access token was created for your account")
    return NewTokenAnswer(text, token_answer(token, data.organisation))


@delete(
    "/tokens/{token_id:uuid}",
    status_code=204,
    dependencies={"session": _IN_ORGANISATION},
    responses=refusals(*SESSION_REFUSALS, InvalidInputError, NotFoundError),
)
async def revoke_token_handler(request: AnyRequest, call: InCall, session: InSession, token_id: FromPath[UUID]) -> None:
    """Revoke a personal access token at once."""
    async with call.database.directory(read_only=True) as transaction:
        token = await find_token(transaction, session.account_id, token_id, session.organisation_id)
    async with call.database.tenant(token.organisation_id, directory=True) as transaction:
        await revoke_token(transaction, session.account_id, token, at=call.now, request_id=request_id_of(request))
        await call.record(
            transaction, session.account_id, EventKind.TOKEN_REVOKED, organisation_id=token.organisation_id
        )
