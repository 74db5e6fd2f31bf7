"""Enter a demonstration by its one-time link."""

from __future__ import annotations

from wardship.core.errors import NotFoundError
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.links import LinkPurpose, require_demonstration, use_link
from wardship.core.sign_in.sessions import OpenedSession, Stage, end_cookie, open_session


async def enter_demonstration(call: Call, token: str, *, old_cookie: str | None = None) -> OpenedSession:
    """Use a demonstration link up and open a complete session, stepped up.

    Raises:
        DemonstrationRefusedError: outside development, or on a database of its own.
        LinkRefusedError: the link was used or is too old.
    """
    require_demonstration(call.settings)
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.DEMONSTRATION, at=call.now)
        if link.account_id is None:
            raise NotFoundError("This link belongs to nobody.")
        await end_cookie(transaction, old_cookie)
        return await open_session(transaction, link.account_id, Stage.COMPLETE, call.client, at=call.now)
