"""Inputs of the mutations of requests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.identifiers import id_argument, optional_id
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind


@strawberry.input(description="A field of your profile, and its right value.")
class CorrectedFieldInput:
    """One correction."""

    name: str = strawberry.field(description="The field, such as `lastName`.")
    value: str = strawberry.field(description="What it should be; empty removes it.")


@strawberry.input(description="One right that you ask for.")
class AskedRightInput:
    """One right."""

    kind: RightKind = strawberry.field(description="What you ask for.")
    fields: list[CorrectedFieldInput] = strawberry.field(
        default_factory=list, description="For a correction: what is wrong."
    )
    purpose: str | None = strawberry.field(
        default=None, description="For an objection or a withdrawal of consent: the purpose."
    )
    installation_id: strawberry.ID | None = strawberry.field(
        default=None, description="For an objection or a withdrawal of consent: the recipient; null for every one."
    )


@strawberry.input(description="A request about your own data.")
class SubmitRequestInput:
    """Input of ``submitRequest``."""

    rights: list[AskedRightInput] = strawberry.field(description="What you ask for, each right once.")
    country: str | None = strawberry.field(
        default=None, description="Where you live (ISO 3166, such as DE); null takes your account's country."
    )
    work_country: str = strawberry.field(default="", description="Where you work, for complaints; may be empty.")


@strawberry.input(description="A request to act on.")
class RequestInput:
    """Input of mutations that need nothing but a request."""

    request_id: UUID = id_argument("DataRequest", "The request's id.")


@strawberry.input(description="Proof that the request is yours.")
class VerifyRequestIdentityInput(RequestInput):
    """Input of ``verifyRequestIdentity``."""

    code: str | None = strawberry.field(
        default=None, description="The code that was mailed; null when you have just shown your second factor."
    )


@strawberry.input(description="What to take back.")
class WithdrawRequestInput(RequestInput):
    """Input of ``withdrawRequest``."""

    right_id: UUID | None = optional_id("RequestRight", "Only this right; null for all.")


@strawberry.input(description="A request, and a reason that the person sees.")
class ReasonedRequestInput(RequestInput):
    """Input of mutations of a request that need a reason."""

    reason: str = strawberry.field(description="Why, in words.")


@strawberry.input(description="A later due date.")
class ExtendRequestInput(RequestInput):
    """Input of ``extendRequest``."""

    until: datetime = strawberry.field(description="The new due date.")
    reason: str = strawberry.field(description="Why, in words that the person sees.")


@strawberry.input(description="A right to act on.")
class RightInput:
    """Input of mutations that need nothing but a right."""

    right_id: UUID = id_argument("RequestRight", "The right's id.")


@strawberry.input(description="Agreement to a right.")
class ApproveRightInput(RightInput):
    """Input of ``approveRight``."""

    reason: str = strawberry.field(default="", description="For the person; may be empty.")
    limitation: str = strawberry.field(default="", description="What is withheld and why; empty when nothing is.")
    fields: list[str] | None = strawberry.field(
        default=None, description="Of a correction, only these fields; null for all."
    )


@strawberry.input(description="A right that is not granted.")
class RefuseRightInput(RightInput):
    """Input of ``refuseRight`` and ``denyRight``."""

    code: RefusalCode = strawberry.field(description="Why, as the certificate will say.")
    reason: str = strawberry.field(description="Why, in words for the person.")


@strawberry.input(description="The preview that is committed.")
class CommitErasureInput(RightInput):
    """Input of ``commitErasure``."""

    digest: str = strawberry.field(description="The digest of the newest preview.")


@strawberry.input(description="A scheduled erasure to call off.")
class CancelErasureInput(RightInput):
    """Input of ``cancelErasure``."""

    reason: str = strawberry.field(default="", description="Why; a decider has to say, the person need not.")
