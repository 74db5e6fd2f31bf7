"""Read what a vendor's own call says, once its signature fits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from wardship.plugins.api import (
    ContractModel,
    InboundCall,
    InboundEvent,
    ObligationOutcome,
    Outcome,
    Received,
    Rejected,
    verify_webhook,
)
from wardship.plugins.api.inbound import MOST_EVENTS


class _Events(ContractModel):
    events: Annotated[tuple[InboundEvent, ...], Field(min_length=1, max_length=MOST_EVENTS)]


class _OutcomeCall(ContractModel):
    type: Literal["outcome"]
    timestamp: str = ""
    data: ObligationOutcome


class _EventsCall(ContractModel):
    type: Literal["events"]
    timestamp: str = ""
    data: _Events


_calls: Final[TypeAdapter[_OutcomeCall | _EventsCall]] = TypeAdapter(
    Annotated[_OutcomeCall | _EventsCall, Field(discriminator="type")]
)


def read_call(call: InboundCall, secrets: tuple[str, ...], now: datetime) -> Received:
    """Return what a call brings: the outcome of what was begun, or what has happened there to people.

    Raises:
        WebhookRefusedError: it is not signed with one of the secrets, or was signed too long ago.
        Rejected: it says nothing that there is.
    """
    signed = verify_webhook(call, *secrets, now=now)
    try:
        said = _calls.validate_json(call.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part)[:40] for part in first["loc"])
        raise Rejected(f"the call says nothing that there is ({place or 'the whole'}: {first['type']})") from None
    believed = Received(outcome=Outcome.completed(), message_id=signed.id, sent_at=signed.sent_at)
    if isinstance(said, _OutcomeCall):
        return believed.model_copy(update={"outcomes": (said.data,)})
    return believed.model_copy(update={"events": said.data.events})
