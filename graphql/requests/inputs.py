"""Inputs of the mutations of requests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.identifiers import id_argument, optional_id
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind


@input_type
class CorrectedFieldInput:
    """A field of your profile, and its right value."""

    name: str = field("The field, such as `lastName`.")
    value: str = field("What it should be; empty removes it.")


@input_type
class AskedRightInput:
    """One right that you ask for."""

    kind: RightKind = field("What you ask for.")
    fields: list[CorrectedFieldInput] = field("For a correction: what is wrong.", default_factory=list)
    purpose: str | None = field("For an objection or a withdrawal of consent: the purpose.", default=None)
    installation_id: strawberry.ID | None = field(
        "For an objection or a withdrawal of consent: the recipient; null for every one.", default=None
    )


@input_type
class SubmitRequestInput:
    """A request about your own data."""

    rights: list[AskedRightInput] = field("What you ask for, each right once.")
    country: str | None = field(
        "Where you live (ISO 3166, such as DE); null takes your account's country.", default=None
    )
    work_country: str = field("Where you work, for complaints; may be empty.", default="")


@input_type
class RequestInput:
    """A request to act on."""

    request_id: UUID = id_argument("DataRequest", "The request's id.")


@input_type
class VerifyRequestIdentityInput(RequestInput):
    """Proof that the request is yours."""

    code: str | None = field(
        "The code that was mailed; null when you have just shown your second factor.", default=None
    )


@input_type
class WithdrawRequestInput(RequestInput):
    """What to take back."""

    right_id: UUID | None = optional_id("RequestRight", "Only this right; null for all.")


@input_type
class ReasonedRequestInput(RequestInput):
    """A request, and a reason that the person sees."""

    reason: str = field("Why, in words.")


@input_type
class ExtendRequestInput(RequestInput):
    """A later due date."""

    until: datetime = field("The new due date.")
    reason: str = field("Why, in words that the person sees.")


@input_type
class RightInput:
    """A right to act on."""

    right_id: UUID = id_argument("RequestRight", "The right's id.")


@input_type
class ApproveRightInput(RightInput):
    """Agreement to a right."""

    reason: str = field("For the person; may be empty.", default="")
    limitation: str = field("What is withheld and why; empty when nothing is.", default="")
    fields: list[str] | None = field("Of a correction, only these fields; null for all.", default=None)


@input_type
class RefuseRightInput(RightInput):
    """A right that is not granted."""

    code: RefusalCode = field("Why, as the certificate will say.")
    reason: str = field("Why, in words for the person.")


@input_type
class CommitErasureInput(RightInput):
    """The preview that is committed."""

    digest: str = field("The digest of the newest preview.")


@input_type
class CancelErasureInput(RightInput):
    """A scheduled erasure to call off."""

    reason: str = field("Why; a decider has to say, the person need not.", default="")
