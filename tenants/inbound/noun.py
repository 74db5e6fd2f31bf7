"""The tables of vendors' calls, and their route."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from piccolo.columns import UUID, Array, BigInt, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, Sealed, Source, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Services, Sweeps
from wardship.tenants.inbound.messages import SEALED_FOR, forget_messages
from wardship.tenants.inbound.notices import KINDS
from wardship.tenants.inbound.routes import inbound_router


# The id is kept as a keyed hash, and of what a message said nothing but what it was answered.
@personal_data(not_personal=("installation_id", "message_key", "answer", "kept_until"))
class InboundMessage(TenantTable, tablename="inbound_message"):
    """A vendor's message that was taken, so that a repetition changes nothing."""

    encrypted = (Sealed("answer", SEALED_FOR),)

    installation_id = UUID()
    message_key = Bytea()
    answer = Bytea()
    kept_until = Timestamptz(null=True, default=None)


@personal_data(
    subject="member_id",
    rows=RowErasure.DELETE,
    personal={
        "topic": Personal("user.privacy_preferences", Source.LINKED_SERVICE, Erasure.REMOVE, exported=False),
        "at": Personal("user.privacy_preferences", Source.LINKED_SERVICE, Erasure.REMOVE, exported=False),
        "decided_keys": Personal("user.privacy_preferences", Source.LINKED_SERVICE, Erasure.REMOVE, exported=False),
    },
    not_personal=("installation_id", "member_id", "sequence"),
)
class InboundOrder(TenantTable, tablename="inbound_order"):
    """The newest event of one topic about a member at an installation."""

    installation_id = UUID()
    member_id = UUID()
    topic = Text()
    at = Timestamptz()
    sequence = BigInt(null=True, default=None)
    decided_keys = Array(base_column=Bytea())


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return InboundMessage, InboundOrder


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told of what vendors tell."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what forgets messages by the clock."""
    return (forget_messages,)


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return the route of vendors' calls."""
    return (inbound_router(services),)
