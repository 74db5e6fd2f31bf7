"""How each thing that was given is taken back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from wardship.plugins.api.contract import ContractModel, Verb
from wardship.plugins.api.outcome import AttestationLevel

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]

REVOCABLE = (Verb.REVOKE, Verb.ERASE)
"""The verbs that every plan must cover."""


class RevocationMethod(StrEnum):
    """By what the step is done: RFC 7009, the vendor's interface, a signed webhook, or a person."""

    RFC7009 = "rfc7009"
    API = "api"
    WEBHOOK = "webhook"
    MANUAL = "manual"


class RevocationStep(ContractModel):
    """One step of taking back.

    Attributes:
        verb: for which verb the step is taken.
        deletes: what ceases to exist at the vendor, in words for the administrator.
        deadline_h: hours after which the step is overdue.
        proof: the best proof that the step can give.
        instructions: what a person has to do, when the step is manual or its automatic form has failed.
    """

    verb: Verb
    method: RevocationMethod
    deletes: Sentence
    deadline_h: Annotated[int, Field(ge=1, le=2160)]
    proof: AttestationLevel
    instructions: Sentence | None = None

    @model_validator(mode="after")
    def _manual_step_says_what_to_do(self) -> Self:
        if self.method is RevocationMethod.MANUAL and self.instructions is None:
            raise ValueError(f"the manual step for {self.verb} needs instructions for the person who does it")
        return self


class RevocationPlan(ContractModel):
    """All steps, in the order in which they are taken."""

    steps: tuple[RevocationStep, ...]

    @model_validator(mode="after")
    def _covers_what_must_end(self) -> Self:
        for verb in REVOCABLE:
            if not self.of(verb):
                raise ValueError(f"the plan has no step for {verb}; say how it is done, if only by hand")
        return self

    def of(self, verb: Verb) -> tuple[RevocationStep, ...]:
        """Return the steps of one verb."""
        return tuple(step for step in self.steps if step.verb == verb)

    def manual_steps(self, verb: Verb) -> tuple[RevocationStep, ...]:
        """Return the steps of one verb that only a person can take."""
        return tuple(step for step in self.of(verb) if step.method is RevocationMethod.MANUAL)

    def instructions(self, verb: Verb) -> str | None:
        """Return what a person has to do for a verb when nothing does it automatically, or None when not said."""
        return " ".join(step.instructions for step in self.of(verb) if step.instructions) or None
