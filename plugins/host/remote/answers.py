"""What an endpoint's answer means: read strictly, refused with a reason, and never believed to be more than it says."""

from __future__ import annotations

from typing import Final, TypeVar

from pydantic import ValidationError

from wardship.plugins.api import (
    ContractModel,
    Export,
    HttpResponse,
    Outcome,
    OutcomeStatus,
    Rejected,
    TemporarilyUnavailable,
)

LARGEST_ANSWER: Final = 262_144
"""Bytes of an answer that holds no export and no list."""
LARGEST_EXPORT: Final = 5_000_000
"""Bytes of an export, and of the states of many people."""
_GONE: Final = 410
_OK: Final = 200
_ACCEPTED: Final = 202
_NO_CONTENT: Final = 204
_REDIRECTED: Final = range(300, 400)
_MOST_TOLD: Final = 3
AnswerT = TypeVar("AnswerT", bound=ContractModel)


class EndpointGoneError(Rejected):
    """The endpoint says that it takes no messages any more, of no installation (410)."""


def read_answer(response: HttpResponse, expected: type[AnswerT]) -> AnswerT:
    """Return what an endpoint answered to a message.

    Raises:
        EndpointGoneError: it takes no messages any more.
        AuthorisationExpired: it refuses our signature (401, 403).
        Rejected: it refuses what is asked.
        TemporarilyUnavailable: it can't answer now, or its answer can't be read.
    """
    if response.status == _GONE:
        raise EndpointGoneError("the vendor has taken its endpoint away (HTTP 410)")
    if response.status in _REDIRECTED:
        raise TemporarilyUnavailable(
            f"the endpoint leads elsewhere (HTTP {response.status}): its vendor has to declare the new address"
        )
    response.expect(_OK, _ACCEPTED, _NO_CONTENT)
    if response.status == _ACCEPTED:
        return _begun(response, expected)
    if response.status == _NO_CONTENT:
        return _nothing_found(expected)
    return _read(response, expected)


def _begun(response: HttpResponse, expected: type[AnswerT]) -> AnswerT:
    """Return the answer of what the vendor has begun: 202, with an outcome that says more or without."""
    outcome = _read(response, Outcome) if response.body else Outcome.in_progress()
    if outcome.status is not OutcomeStatus.IN_PROGRESS:
        raise _unreadable(f"HTTP 202 with an outcome that is {outcome.status}, not in_progress")
    return _as(expected, _asked_to_wait(outcome, response))


def _nothing_found(expected: type[AnswerT]) -> AnswerT:
    if expected is not Outcome:
        raise _unreadable(f"HTTP 204 without the {expected.__name__} that was asked for")
    return _as(expected, Outcome.completed())


def _as(expected: type[AnswerT], outcome: Outcome) -> AnswerT:
    if isinstance(outcome, expected):
        return outcome
    if issubclass(expected, Export):
        return expected(outcome=outcome)
    raise _unreadable(f"HTTP 202 where {expected.__name__} is answered at once")


def _asked_to_wait(outcome: Outcome, response: HttpResponse) -> Outcome:
    """Return an outcome with the wait that the header asks for, where it names none itself."""
    if outcome.retry_after_s is not None or response.retry_after_s is None:
        return outcome
    return outcome.model_copy(update={"retry_after_s": response.retry_after_s})


def _read(response: HttpResponse, expected: type[AnswerT]) -> AnswerT:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _unreadable(f"the content type is {kind[:100] or 'missing'}, not application/json")
    most = LARGEST_ANSWER if issubclass(expected, Outcome) else LARGEST_EXPORT
    if len(response.body) > most:
        raise _unreadable(f"there are more than {most} bytes")
    try:
        return expected.model_validate_json(response.body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_TOLD]
        told = "; ".join(f"{_place(each['loc'])}: {each['type']}" for each in faults)
        raise _unreadable(f"it is no {expected.__name__} ({told})") from None


def _place(parts: tuple[int | str, ...]) -> str:
    # The names are the vendor's own where a key is unknown: cut to what a contract's name may be.
    return ".".join(str(part)[:40] for part in parts) or "the whole"


def _unreadable(what: str) -> TemporarilyUnavailable:
    return TemporarilyUnavailable(f"the endpoint's answer can't be read: {what}")
