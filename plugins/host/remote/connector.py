"""The connector of every remote integration: each method is one signed message to the endpoint, and its answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel

from wardship.plugins.api import (
    Attestation,
    Claim,
    Connector,
    ConnectorContext,
    ContractModel,
    Export,
    Grant,
    InboundCall,
    Inquiry,
    Outcome,
    Received,
    Reconciliation,
    Record,
    Restriction,
    Revocation,
    Settings,
    Share,
    SubjectRef,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.remote.answers import read_answer
from wardship.plugins.host.remote.incoming import read_call
from wardship.plugins.host.remote.messages import outgoing_message

SigningSecrets: TypeAlias = Callable[[], tuple[str, ...]]
"""Returns the secrets that are valid at present, the newest first; none where they can't be read now."""
_AGENT: Final = f"Wardship/{version('wardship')} (+remote integration)"
AnswerT = TypeVar("AnswerT", bound=ContractModel)


class RemoteConnector(Connector[Settings]):
    """One installation's conversation with its vendor's endpoint."""

    def __init__(self, context: ConnectorContext[Settings], endpoint: str, signing_secrets: SigningSecrets) -> None:
        super().__init__(context)
        self._endpoint = endpoint
        self._signing_secrets = signing_secrets

    async def check(self) -> Outcome:
        """Ask whether the endpoint takes messages of this installation."""
        return await self._ask(Verb.CHECK, None, Outcome)

    async def grant(self, grant: Grant) -> Outcome:
        """Tell what is connected."""
        return await self._ask(Verb.GRANT, grant, Outcome)

    async def share(self, share: Share) -> Outcome:
        """Send records."""
        return await self._ask(Verb.SHARE, share, Outcome)

    async def revoke(self, revocation: Revocation) -> Outcome:
        """Tell whose data is to end there."""
        return await self._ask(Verb.REVOKE, revocation, Outcome)

    async def export(self, subject: SubjectRef) -> Export:
        """Ask for all that is held on a subject."""
        return await self._ask(Verb.EXPORT, subject, Export)

    async def correct(self, record: Record) -> Outcome:
        """Send a corrected record."""
        return await self._ask(Verb.CORRECT, record, Outcome)

    async def restrict(self, restriction: Restriction) -> Outcome:
        """Tell what may not be used, or may be again."""
        return await self._ask(Verb.RESTRICT, restriction, Outcome)

    async def erase(self, subject: SubjectRef) -> Outcome:
        """Tell whose data is to be erased."""
        return await self._ask(Verb.ERASE, subject, Outcome)

    async def attest(self, claim: Claim) -> Attestation:
        """Ask for the receipt of what was erased or revoked."""
        return await self._ask(Verb.ATTEST, claim, Attestation)

    async def reconcile(self, inquiry: Inquiry) -> Reconciliation:
        """Ask for the states of people."""
        return await self._ask(Verb.RECONCILE, inquiry, Reconciliation)

    async def receive(self, call: InboundCall) -> Received:
        """Verify a call of the vendor's by the secrets by which messages to it are signed, and read it."""
        return read_call(call, self._secrets(), self.context.now())

    def _secrets(self) -> tuple[str, ...]:
        if found := self._signing_secrets():
            return found
        raise TemporarilyUnavailable("the signing secret can't be read on this server: its vendor has to rotate it")

    async def _ask(self, verb: Verb, argument: BaseModel | None, expected: type[AnswerT]) -> AnswerT:
        message = outgoing_message(self.context, verb, argument, self._secrets())
        headers = {**message.headers, "idempotency-key": message.id, "user-agent": _AGENT, "accept": "application/json"}
        response = await self.context.http.request("POST", self._endpoint, headers=headers, content=message.body)
        return read_answer(response, expected)
