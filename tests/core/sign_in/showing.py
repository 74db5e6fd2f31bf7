"""The credentials of a browser that is signed in."""

from __future__ import annotations

from wardship.core.http.credentials import Client, RequestCredentials
from wardship.core.sign_in.sessions import Stage, open_session

CLIENT = Client("203.0.113.7", "a browser")


async def credentials_of(deployed, person, stage=Stage.COMPLETE, **changes) -> RequestCredentials:
    async with deployed.database.directory() as transaction:
        opened = await open_session(transaction, person.account_id, stage, CLIENT, at=deployed.clock.now())
    values = {"cookie": opened.cookie, "csrf_token": opened.session.csrf_token, "client": CLIENT} | changes
    return RequestCredentials(**values)
