"""GET and DELETE /auth/sessions."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get
from litestar.params import FromPath

from wardship.core.sign_in.handlers.answers import DeviceAnswer, device_answer
from wardship.core.sign_in.handlers.caller import AnyRequest, InDeployment, session_of
from wardship.core.sign_in.sessions import end_session, end_sessions, list_sessions


@get("/sessions")
async def list_sessions_handler(request: AnyRequest, deployment: InDeployment) -> list[DeviceAnswer]:
    """List where the account is signed in."""
    session = await session_of(request, deployment)
    async with deployment.database.directory(read_only=True) as transaction:
        sessions = await list_sessions(transaction, session.account_id, at=deployment.clock.now())
    return [device_answer(item, session) for item in sessions]


@delete("/sessions", status_code=204)
async def end_sessions_handler(request: AnyRequest, deployment: InDeployment) -> None:
    """Sign out everywhere else."""
    session = await session_of(request, deployment)
    async with deployment.database.directory() as transaction:
        await end_sessions(transaction, session.account_id, but=session.id)


@delete("/sessions/{session_id:uuid}", status_code=204)
async def end_session_handler(request: AnyRequest, deployment: InDeployment, session_id: FromPath[UUID]) -> None:
    """Sign out in one place."""
    session = await session_of(request, deployment)
    async with deployment.database.directory() as transaction:
        await end_session(transaction, session.account_id, session_id)
