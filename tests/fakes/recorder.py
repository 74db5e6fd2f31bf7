"""An integration that keeps what it was handed and answers as it is told; its declaration is up to the test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wardship.plugins.api import (
    Attestation,
    Cause,
    Claim,
    Connector,
    ConnectorContext,
    Continuation,
    Deadlines,
    Export,
    Grant,
    Identifier,
    Inquiry,
    Limits,
    Manifest,
    Outcome,
    Receives,
    Reconciliation,
    Record,
    Restriction,
    Revocation,
    RevocationPlan,
    RevocationStep,
    Settings,
    Share,
    SubjectRef,
    Supports,
    Transfer,
    Vendor,
    Verb,
    hookimpl,
)

SUPPORTS = {
    "export": "sync",
    "erase": "delete",
    "revoke": "api",
    "attest": "probe",
    "correct": True,
    "restrict": True,
}
RECEIVES = (
    Receives(
        category="user.name",
        fields=("first_name", "last_name"),
        purpose="functional.service",
        legal_basis="legitimate_interest",
        retention_days=0,
    ),
    Receives(
        category="user.contact",
        fields=("email", "phone"),
        purpose="essential.service.notifications",
        legal_basis="contract",
        retention_days=30,
    ),
)


def manifest(key: str = "recorder", *, supports: dict[str, Any] | None = None, **changes: Any) -> Manifest:
    """Return a declaration; ``supports`` and ``changes`` replace parts of it."""
    values: dict[str, Any] = {
        "key": key,
        "name": "Recorder",
        "version": "1.0",
        "vendor": Vendor(legal_name="Recorder Ltd", country="DE", privacy_contact="privacy@recorder.example"),
        "receives": RECEIVES,
        "identifiers": (Identifier(type="email"),),
        "supports": Supports(**(SUPPORTS | (supports or {}))),
        "deadlines": Deadlines(acknowledge_s=1),
        "limits": Limits(batch=20, per_minute=6000),
        "transfer": Transfer(countries=("DE",), safeguard="none_needed"),
    }
    return Manifest(**(values | changes))


def plan(declared: Manifest, *, left_to_people: str | None = None) -> RevocationPlan:
    """Return a plan that fits the declaration; ``left_to_people`` adds a manual step to the revocation."""
    probed = "probed" if declared.supports.attest == "probe" else "self_reported"
    steps = [
        RevocationStep(
            verb=verb,
            method="manual" if support in {"manual", "none"} else "api",
            deletes="everything",
            deadline_h=24,
            proof=probed,
            instructions=f"Write to Recorder Ltd to {verb}." if support in {"manual", "none"} else None,
        )
        for verb, support in (("revoke", declared.supports.revoke), ("erase", declared.supports.erase))
    ]
    if left_to_people:
        manual = RevocationStep(
            verb="revoke",
            method="manual",
            deletes="the password",
            deadline_h=24,
            proof="manual",
            instructions=left_to_people,
        )
        steps.append(manual)
    return RevocationPlan(steps=tuple(steps))


@dataclass(frozen=True)
class Heard:
    """One call as the connector got it."""

    verb: Verb
    obligation_id: str
    argument: Any
    continuation: Continuation | None = None
    cause: Cause | None = None


@dataclass
class Recorder:
    """The plugin object.

    Attributes:
        heard: every call, in order.
        held: what the vendor holds now: records by the subject's id.
        told: by verb, what to do in place of the ordinary answer; called with the argument, may raise or return.
    """

    declared: Manifest
    plan: RevocationPlan
    heard: list[Heard] = field(default_factory=list)
    held: dict[str, Record] = field(default_factory=dict)
    told: dict[Verb, list[Callable[[Any], Any]]] = field(default_factory=lambda: defaultdict(list))
    always: dict[Verb, Callable[[Any], Any]] = field(default_factory=dict)

    @hookimpl
    def wardship_receives(self) -> Manifest:
        return self.declared

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        return self.plan

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Settings]) -> Connector[Settings]:
        return RecordingConnector(context, self)

    def verbs(self) -> list[str]:
        return [call.verb.value for call in self.heard]

    def received_fields(self) -> list[set[str]]:
        """Return the names of the fields of every record that was handed over, in order."""
        return [{field.name for field in record.fields} for call in self.heard for record in records_in(call)]


def records_in(call: Heard) -> tuple[Record, ...]:
    """Return the records that a call carried."""
    if isinstance(call.argument, Share):
        return call.argument.records
    if isinstance(call.argument, Record):
        return (call.argument,)
    if isinstance(call.argument, Restriction) and call.argument.record is not None:
        return (call.argument.record,)
    return ()


class RecordingConnector(Connector[Settings]):
    def __init__(self, context: ConnectorContext[Settings], recorder: Recorder) -> None:
        super().__init__(context)
        self.recorder = recorder

    async def _do(self, verb: Verb, argument: Any, ordinary: Callable[[], Any]) -> Any:
        context = self.context
        self.recorder.heard.append(Heard(verb, context.obligation_id, argument, context.continuation, context.cause))
        told = self.recorder.told[verb]
        act = told.pop(0) if told else self.recorder.always.get(verb)
        if act is None:
            return ordinary()
        answer = act(argument)
        if hasattr(answer, "__await__"):
            answer = await answer
        return ordinary() if answer is None else answer

    def _hold(self, records: tuple[Record, ...]) -> Outcome:
        self.recorder.held |= {record.subject.id: record for record in records}
        return Outcome.completed(len(records))

    def _drop(self, *subjects: SubjectRef) -> Outcome:
        gone = [self.recorder.held.pop(subject.id, None) for subject in subjects]
        return Outcome.completed(sum(record is not None for record in gone))

    async def check(self) -> Outcome:
        return await self._do(Verb.CHECK, None, Outcome.completed)

    async def grant(self, grant: Grant) -> Outcome:
        return await self._do(Verb.GRANT, grant, Outcome.completed)

    async def share(self, share: Share) -> Outcome:
        return await self._do(Verb.SHARE, share, lambda: self._hold(share.records))

    async def correct(self, record: Record) -> Outcome:
        return await self._do(Verb.CORRECT, record, lambda: self._hold((record,)))

    async def restrict(self, restriction: Restriction) -> Outcome:
        def ordinary() -> Outcome:
            if restriction.record is not None:
                return self._hold((restriction.record,))
            return Outcome.completed() if restriction.purpose else self._drop(restriction.subject)

        return await self._do(Verb.RESTRICT, restriction, ordinary)

    async def erase(self, subject: SubjectRef) -> Outcome:
        return await self._do(Verb.ERASE, subject, lambda: self._drop(subject))

    async def revoke(self, revocation: Revocation) -> Outcome:
        return await self._do(Verb.REVOKE, revocation, lambda: self._drop(*revocation.subjects))

    async def export(self, subject: SubjectRef) -> Export:
        def ordinary() -> Export:
            record = self.recorder.held.get(subject.id)
            return Export(outcome=Outcome.completed(), rows=record.fields if record else ())

        return await self._do(Verb.EXPORT, subject, ordinary)

    async def attest(self, claim: Claim) -> Attestation:
        def ordinary() -> Attestation:
            left = [subject.id for subject in claim.subjects if subject.id in self.recorder.held]
            return Attestation.probed(
                at=self.context.now(), method="looked up", evidence="nothing", residual=("a record",) * len(left)
            )

        return await self._do(Verb.ATTEST, claim, ordinary)

    async def reconcile(self, inquiry: Inquiry) -> Reconciliation:
        def ordinary() -> Reconciliation:
            return Reconciliation(
                standings=tuple(
                    {"subject_id": subject.id, "state": "active" if subject.id in self.recorder.held else "unknown"}
                    for subject in inquiry.subjects
                )
            )

        return await self._do(Verb.RECONCILE, inquiry, ordinary)


def recorder(key: str = "recorder", *, left_to_people: str | None = None, **changes: Any) -> Recorder:
    """Return a recording integration."""
    declared = manifest(key, **changes)
    return Recorder(declared, plan(declared, left_to_people=left_to_people))
