"""What every call is held to, whichever scenario made it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from pydantic import BaseModel

from wardship.plugins.api import FIRST_CONTRACT, Attestation, IntegrationError, Record, SubjectRef
from wardship.plugins.host.reply import Fault
from wardship.plugins.kit.bench import Bench
from wardship.plugins.kit.faults import InjectedFault
from wardship.plugins.kit.findings import Findings
from wardship.plugins.kit.people import telling_values
from wardship.plugins.kit.seen import Seen, Sent

_SHORTEST_SECRET: Final = 4
_MOST_REPEATED: Final = 2
"""The same request may stand for two questions: whether the credentials hold, before and after."""

_ANSWERS: Final = frozenset({200, 202, 204})

EVERY_CALL: Final = (
    "undeclared-data",
    "declared-hosts",
    "host-client-only",
    "secrets-are-kept",
    "personal-data-is-kept",
    "answers-are-valid",
    "only-three-errors",
    "deadline-is-kept",
    "loop-is-not-blocked",
    "secret-not-in-address",
    "no-own-retries",
    "idempotency-keys",
)
"""The rules that every call is held to; they are kept when all scenarios have come to their end."""

SPOILING: Final = (
    "answers-are-valid",
    "only-three-errors",
    "deadline-is-kept",
    "loop-is-not-blocked",
    "declared-hosts",
)
"""The rules whose breach ends a call: what else the call was to show is not its fault."""


def judge_call(bench: Bench, findings: Findings, seen: Seen) -> bool:
    """Hold one call to the rules for all; tell whether it broke none that spoils what else it would show."""
    _judge_words(bench, findings, seen)
    if bench.remote is not None:
        return _judge_answer(findings, seen) and _judge_end(findings, seen)
    _judge_reading(bench, findings, seen)
    _judge_requests(bench, findings, seen)
    return _judge_end(findings, seen)


def _judge_reading(bench: Bench, findings: Findings, seen: Seen) -> None:
    declared = set(bench.manifest.field_names)
    for name in sorted(seen.asked - declared):
        findings.fail("undeclared-data", f"{seen.verb} asks for the field {name!r}, which is not declared")
    kinds = {str(identifier.type) for identifier in bench.manifest.identifiers}
    for kind in sorted(seen.asked_identifiers - kinds):
        findings.fail("undeclared-data", f"{seen.verb} asks for the identifier {kind!r}, which is not declared")
    for host in dict.fromkeys(seen.strayed):
        findings.fail(
            "declared-hosts", f"{seen.verb} asks {host or 'an address without a host'}, which is not declared"
        )
    for place in dict.fromkeys(seen.connections):
        findings.fail("host-client-only", f"{seen.verb} reaches for {place} by itself: use context.http")


def _judge_words(bench: Bench, findings: Findings, seen: Seen) -> None:
    secrets = [form for secret in bench.secrets.values() if len(secret) >= _SHORTEST_SECRET for form in _forms(secret)]
    personal = sorted({value for record in _people(seen.argument) for value in record})
    for where, text in seen.texts():
        if any(secret in text for secret in secrets):
            findings.fail("secrets-are-kept", f"{seen.verb} tells a secret in {where}")
        if any(value in text for value in personal):
            findings.fail("personal-data-is-kept", f"{seen.verb} tells personal data in {where}")
    for sent in seen.sent:
        if any(secret in sent.url for secret in secrets):
            findings.fail("secret-not-in-address", f"{seen.verb} puts a secret into the address of {sent.method}")


def _forms(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode("ascii").rstrip("=")
    return {secret, quote(secret, safe=""), quote_plus(secret), encoded}


def _people(argument: object) -> Iterator[frozenset[str]]:
    """Yield the telling values of each person in an argument."""
    if isinstance(argument, Record):
        yield telling_values(argument)
    elif isinstance(argument, SubjectRef):
        yield frozenset(known.value for known in argument.identifiers)
    elif isinstance(argument, BaseModel):
        for name in type(argument).model_fields:
            yield from _people(getattr(argument, name))
    elif isinstance(argument, tuple):
        for part in argument:
            yield from _people(part)


def _judge_requests(bench: Bench, findings: Findings, seen: Seen) -> None:
    if seen.fault is InjectedFault.SERVER_ERROR:
        for sent, times in _repeated(seen.sent):
            if times > _MOST_REPEATED:
                findings.fail("no-own-retries", f"{seen.verb} sends the same {sent.method} {times} times against a 500")
    if bench.manifest.contract > FIRST_CONTRACT:
        earlier = [each for call in bench.calls if call.obligation_id == seen.obligation_id for each in call.writings()]
        judge_keys(findings, earlier)


def _repeated(sent: Iterable[Sent]) -> list[tuple[Sent, int]]:
    requests = list(sent)
    questions = [each.question for each in requests]
    return [(each, questions.count(each.question)) for each in requests]


def judge_keys(findings: Findings, requests: Iterable[Sent]) -> None:
    """Hold the writing requests of one obligation to their idempotency keys."""
    keyed = [each for each in requests if each.key]
    by_key = {each.key: each.question for each in keyed}
    by_question = {each.question: each.key for each in keyed}
    for each in keyed:
        if by_key[each.key] != each.question:
            findings.fail("idempotency-keys", f"two different requests have one key, the later a {each.method}")
        if by_question[each.question] != each.key:
            findings.fail("idempotency-keys", f"the same {each.method} has another key when it is repeated")


def _judge_answer(findings: Findings, seen: Seen) -> bool:
    """Judge whether what an endpoint answered could be read: the host makes an outage of what can't."""
    answered = seen.sent[-1].status if seen.sent else None
    is_unread = seen.fault is InjectedFault.NONE and answered in _ANSWERS and seen.end.fault is Fault.UNAVAILABLE
    if is_unread:
        findings.fail("answers-are-valid", f"{seen.verb}: {seen.end.outcome.detail}")
    return not is_unread


def _judge_end(findings: Findings, seen: Seen) -> bool:
    fault, is_cut_short = seen.end.fault, seen.fault is InjectedFault.SILENCE
    if seen.is_blocked:
        findings.fail("loop-is-not-blocked", f"{seen.verb} blocks the event loop: await instead")
    elif fault in {Fault.TIMEOUT, Fault.STUCK} and not is_cut_short:
        findings.fail("deadline-is-kept", f"{seen.verb} had no answer in time: {seen.end.outcome.detail}")
    elif fault is Fault.INVALID_RESPONSE:
        findings.fail("answers-are-valid", f"{seen.verb}: {seen.end.outcome.detail}")
    elif _has_crashed(seen):
        name = type(seen.error).__name__ if seen.error is not None else seen.end.outcome.detail
        findings.fail("only-three-errors", f"{seen.verb} ended in {name} where the vendor gave {seen.fault}")
    else:
        return not seen.strayed and fault not in {Fault.STUCK, Fault.BREAKER_OPEN}
    return False


def _has_crashed(seen: Seen) -> bool:
    if seen.end.fault is Fault.CRASH:
        return True
    # A last answer of 429 makes a pace of whatever the connector made of it.
    return isinstance(seen.error, Exception) and not isinstance(seen.error, IntegrationError)


def is_clean_proof(answer: object) -> bool:
    """Tell whether a connector says that something is proven, by itself or by the vendor's word."""
    return isinstance(answer, Attestation) and not answer.residual and answer.level not in _PROVING_NOTHING


_PROVING_NOTHING: Final = frozenset({"manual", "unverifiable"})
