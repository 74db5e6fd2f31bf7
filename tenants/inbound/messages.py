"""The messages that were taken: each acts once, and is answered at every repetition as it was the first time."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.actor import system_actor
from wardship.core.identifiers import uuid7
from wardship.plugins.api import InboundCall, Received
from wardship.tenants.access import Access, Services

KEPT_FOR: Final = timedelta(days=30)
"""How long a message is known again that says when it was signed; longer by far than one that old is believed."""
SEALED_FOR: Final = "inbound-answer"
"""What answers are encrypted for: they may hold a code that is the vendor's alone."""
_MOST: Final = 200
_FIND: Final = (
    "select id, answer from inbound_message"
    " where organisation_id = $1 and installation_id = $2 and message_key = any($3::bytea[])"
)
_TAKE: Final = (
    "insert into inbound_message (organisation_id, id, created_at, installation_id, message_key, answer, kept_until)"
    " values ($1, $2, $3, $4, $5, '', $6) on conflict do nothing"
)
_FORGET: Final = (
    "delete from inbound_message m where m.organisation_id = $1 and (m.kept_until < $2 or exists ("
    "select from installation i where i.organisation_id = $1 and i.id = m.installation_id and i.state = 'removed'))"
)


class InboundReply(msgspec.Struct, frozen=True):
    """What a vendor is answered.

    Attributes:
        results: what became of each event, in order; words of ``applying.Result``.
    """

    status: int
    media_type: str
    body: str
    results: tuple[str, ...] = ()


def message_id(call: InboundCall, received: Received) -> str:
    """Return by what a message is known again: the vendor's id, or else all that it says."""
    if received.message_id is not None:
        return f"id:{received.message_id}"
    said = msgspec.json.encode([call.method, call.query, hashlib.sha256(call.body).hexdigest()])
    return f"content:{hashlib.sha256(said).hexdigest()}"


async def take_message(access: Access, installation_id: UUID, named: str, *, is_dated: bool) -> UUID | InboundReply:
    """Take a message, and return the id under which it is answered; or, of one that was taken, the answer.

    A repetition that comes while the first is under way waits for its end.

    Args:
        access: the vendor's.
        installation_id: which installation was called.
        named: what the message is known by.
        is_dated: whether it says when it was signed, so that it is refused anyway once it is old.
    """
    keys = access.services.keys.fingerprints("inbound-message", f"{installation_id}:{named}")
    if (known := await _answer(access, installation_id, keys)) is not None:
        return known
    identifier = uuid7()
    kept_until = access.now + KEPT_FOR if is_dated else None
    if await access.execute(_TAKE, identifier, access.now, installation_id, keys[0], kept_until):
        return identifier
    known = await _answer(access, installation_id, keys)
    if known is None:
        raise LookupError("a message that is there has no answer")
    return known


async def keep_answer(access: Access, taken: UUID, reply: InboundReply) -> None:
    """Keep what a message was answered."""
    sealed = access.encrypt(SEALED_FOR, taken, msgspec.json.encode(reply))
    await access.execute("update inbound_message set answer = $3 where organisation_id = $1 and id = $2", taken, sealed)


async def forget_messages(services: Services) -> None:
    """Forget messages that were kept for long enough, and those of installations that have gone: a sweep."""
    now = services.clock.now()
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from inbound_messages_over($1, $2)", now, _MOST)
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            access = Access(system_actor(row["organisation_id"]), transaction, services, "inbound")
            await access.execute(_FORGET, now)


async def _answer(access: Access, installation_id: UUID, keys: list[bytes]) -> InboundReply | None:
    row = await access.fetchrow(_FIND, installation_id, keys)
    if row is None:
        return None
    return msgspec.json.decode(access.decrypt(SEALED_FOR, row["id"], row["answer"]), type=InboundReply)
