"""Inputs of the mutations of requests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.identifiers import id_argument, optional_id
from wardship.graphql.api.types import input_type
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind


@input_type
class CorrectedFieldInput:
    """A field of your profile, and its right value."""

    name: str = strawberry.field(description="The field, such as `lastName`.")
    value: str = strawberry.field(description="What it should be; empty removes it.")


@input_type
class AskedRightInput:
    """One right that you ask for."""

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


@input_type
class SubmitRequestInput:
    """A request about your own data."""

    rights: list[AskedRightInput] = strawberry.field(description="What you ask for, each right once.")
    country: str | None = strawberry.field(
        default=None, description="Where you live (ISO 3166, such as DE); null takes your account's country."
    )
    work_country: str = strawberry.field(default="", description="Where you work, for complaints; may be empty.")


@input_type
class RequestInput:
    """A request to act on."""

    request_id: UUID = id_argument("DataRequest", "The request's id.")


@input_type
class VerifyRequestIdentityInput(RequestInput):
    """Proof that the request is yours."""

    code: str | None = strawberry.field(
        default=None, description="The code that was mailed; null when you have just shown your second factor."
    )


@input_type
class WithdrawRequestInput(RequestInput):
    """What to take back."""

    right_id: UUID | None = optional_id("RequestRight", "Only this right; null for all.")


@input_type
class ReasonedRequestInput(RequestInput):
    """A request, and a reason that the person sees."""

    reason: str = strawberry.field(description="Why, in words.")


@input_type
class ExtendRequestInput(RequestInput):
    """A later due date."""

    until: datetime = strawberry.field(description="The new due date.")
    reason: str = strawberry.field(description="Why, in words that the person sees.")


@input_type
class RightInput:
    """A right to act on."""

    right_id: UUID = id_argument("RequestRight", "The right's id.")


@input_type
class ApproveRightInput(RightInput):
    """Agreement to a right."""

    reason: str = strawberry.field(default="", description="For the person; may be empty.")
    limitation: str = strawberry.field(default="", description="What is withheld and why; empty when nothing is.")
    fields: list[str] | None = strawberry.field(
        default=None, description="Of a correction, only these fields; null for all."
    )


@input_type
class RefuseRightInput(RightInput):
    """A right that is not granted."""

    code: RefusalCode = strawberry.field(description="Why, as the certificate will say.")
    reason: str = strawberry.field(description="Why, in words for the person.")


@input_type
class CommitErasureInput(RightInput):
    """The preview that is committed."""

    digest: str = strawberry.field(description="The digest of the newest preview.")


@input_type
class CancelErasureInput(RightInput):
    """A scheduled erasure to call off."""

    reason: str = strawberry.field(default="", description="Why; a decider has to say, the person need not.")
