"""GET, POST and DELETE /auth/tokens."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from wardship.core.errors import NotFoundError
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in import notices
from wardship.core.sign_in.handlers.answers import NewTokenAnswer, TokenAnswer, token_answer
from wardship.core.sign_in.handlers.bodies import NewTokenBody
from wardship.core.sign_in.handlers.caller import AnyRequest, InDeployment, call_of, session_of
from wardship.core.tokens.tokens import TokenRequest, create_token, find_token, list_tokens, revoke_token


@get("/tokens")
async def list_tokens_handler(request: AnyRequest, deployment: InDeployment) -> list[TokenAnswer]:
    """List the account's personal access tokens, in all organisations."""
    session = await session_of(request, deployment)
    async with deployment.database.directory(read_only=True) as transaction:
        tokens = await list_tokens(transaction, session.account_id)
        rows = await transaction.fetch(
            "select id, slug from organisation where id = any($1)", [token.organisation_id for token in tokens]
        )
    slugs = {row["id"]: row["slug"] for row in rows}
    return [token_answer(token, slugs[token.organisation_id]) for token in tokens]


@post("/tokens", status_code=201)
async def create_token_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[NewTokenBody]
) -> NewTokenAnswer:
    """Create a personal access token for one organisation, after a step-up; its text is told this once."""
    session, call = await session_of(request, deployment), call_of(request, deployment)
    session.require_step_up(call.now)
    row = await deployment.database.look_up(
        "select organisation_id from organisations_of($1) where slug = $2", session.account_id, data.organisation
    )
    if row is None:
        raise NotFoundError("There is no such organisation, or you don't belong to it.", path=("organisation",))
    wanted = TokenRequest(data.name, data.scopes, data.expires_at)
    organisation_id: UUID = row["organisation_id"]
    async with deployment.database.tenant(organisation_id, directory=True) as transaction:
        token, text = await create_token(
            transaction, session.account_id, organisation_id, wanted, at=call.now, request_id=request_id_of(request)
        )
        await notices.notify(transaction, call, session.account_id, notices.TOKEN_CREATED)
    return NewTokenAnswer(text, token_answer(token, data.organisation))


@delete("/tokens/{token_id:uuid}", status_code=204)
async def revoke_token_handler(request: AnyRequest, deployment: InDeployment, token_id: FromPath[UUID]) -> None:
    """Revoke a personal access token at once."""
    session = await session_of(request, deployment)
    async with deployment.database.directory(read_only=True) as transaction:
        token = await find_token(transaction, session.account_id, token_id)
    async with deployment.database.tenant(token.organisation_id, directory=True) as transaction:
        now, request_id = deployment.clock.now(), request_id_of(request)
        await revoke_token(transaction, session.account_id, token, at=now, request_id=request_id)
