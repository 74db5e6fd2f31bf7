"""Inputs of the mutations of requests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.api.identifiers import id_argument, ids_argument, optional_id, parse_id, split_id
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.requests.finds import FindTreatment
from wardship.graphql.requests.limitations import ITEM_TABLES
from wardship.tenants.limitations.limits import Item, LimitationReason
from wardship.tenants.matching.rules import Rule as FindRule
from wardship.tenants.requests.limitations import WantedLimitation
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
    is_about_account: bool = field(
        "For a copy: of your account alone, which the provider holds and decides on.", default=False
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
class RequestsInput:
    """Requests to act on, at most 200."""

    request_ids: list[UUID] = ids_argument("DataRequest", "Their ids.")


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
class PassageInput:
    """A passage in a text of the copy."""

    item_id: strawberry.ID = field("The post or file that holds it.")
    text: str = field("The passage as it is written there, 3 to 2000 signs; only a keyed digest of it is kept.")


@input_type
class LimitationInput:
    """What is withheld from a right, or kept from an erasure; it names at least one thing."""

    reason_code: LimitationReason = field("Why, as the certificate will say.")
    reason: str = field("Why, in words for the person.")
    categories: list[str] = field(
        "Keys of data categories, each with those below it: not in the copy, not erased, or still in use.",
        default_factory=list,
    )
    columns: list[str] = field(
        "Columns as `table.column`; of a copy also `looked_at_by`, `changes` and `mentioned_in`.", default_factory=list
    )
    items: list[strawberry.ID] = field("Posts and files as a whole, by their ids.", default_factory=list)
    passages: list[PassageInput] = field("Passages that a copy leaves out.", default_factory=list)
    until: datetime | None = field(
        "When what an erasure keeps is erased; only a legal hold may leave it open.", default=None
    )
    keeps_at_recipients: bool = field(
        "Of an erasure: recipients that received one of the categories keep what they have, and are told to restrict"
        " rather than to erase.",
        default=False,
    )


@input_type
class ApproveRightInput(RightInput):
    """Agreement to a right."""

    reason: str = field("For the person; may be empty.", default="")
    limitation: str = field(
        "The limitations in words; alone it is refused, because words withhold nothing. Of a correction, why the other"
        " fields are not corrected.",
        default="",
    )
    limitations: list[LimitationInput] = field("What is withheld or kept.", default_factory=list)
    fields: list[str] | None = field("Of a correction, only these fields; null for all.", default=None)


@input_type
class RefuseRightInput(RightInput):
    """A right that is not granted."""

    code: RefusalCode = field("Why, as the certificate will say.")
    reason: str = field("Why, in words for the person.")


@input_type
class ReadErasureFindsInput(RightInput):
    """A page of what in texts may be the person."""

    first: int = field("How many, 1 to 100.", default=20)
    after: UUID | None = optional_id("ErasureFind", "The find after which the page begins; null for the first.")
    is_undecided: bool = field("Only what nobody has decided.", default=False)


@input_type
class DecidedFindInput:
    """A find that is decided by itself."""

    find_id: strawberry.ID = field("Its id.")
    treatment: FindTreatment = field("What becomes of it.")


@input_type
class DecidedRuleInput:
    """All finds of a rule that are not decided yet."""

    rule: FindRule = field("The rule.")
    treatment: FindTreatment = field("What becomes of them.")


@input_type
class DecideErasureFindsInput(RightInput):
    """What becomes of what in texts may be the person."""

    finds: list[DecidedFindInput] = field("Finds one by one.", default_factory=list)
    rules: list[DecidedRuleInput] = field("Finds by rule.", default_factory=list)
    others: FindTreatment | None = field(
        "What becomes of all others, those that appear later too; null to leave them undecided.", default=None
    )


@input_type
class CommitErasureInput(RightInput):
    """The preview that is committed."""

    digest: str = field("The digest of the newest preview.")
    later_finds: FindTreatment | None = field(
        "What becomes of what may be the person in texts that appear later; null to be asked then.", default=None
    )


@input_type
class RemainderInput:
    """Something that an erasure kept."""

    remainder_id: UUID = id_argument("ErasureRemainder", "Its id.")


@input_type
class EraseRemainderInput(RemainderInput):
    """Something that an erasure kept, and why it need not stay."""

    reason: str = field("Why, in words; what the person would be told.")


@input_type
class CancelErasureInput(RightInput):
    """A scheduled erasure to call off."""

    reason: str = field("Why; a decider has to say, the person need not.", default="")


def wanted_limitation(given: LimitationInput) -> WantedLimitation:
    """Return what a decider wants to withhold or keep.

    Raises:
        InvalidInputError: an id is not one of a post or a file.
    """
    return WantedLimitation(
        reason_code=given.reason_code,
        reason=given.reason,
        categories=given.categories,
        columns=given.columns,
        items=[_item(item) for item in given.items],
        passages=[(_item(passage.item_id), passage.text) for passage in given.passages],
        until=given.until,
        keeps_at_recipients=given.keeps_at_recipients,
    )


def decided_finds(given: DecideErasureFindsInput) -> dict[UUID, bool]:
    """Return what is decided for single finds, by their ids.

    Raises:
        InvalidInputError: an id is not one of a find.
    """
    return {
        parse_id("ErasureFind", item.find_id, path=("finds", "findId")): item.treatment.is_rewritten
        for item in given.finds
    }


def _item(value: str) -> Item:
    type_name, identifier = split_id(value)
    if type_name not in ITEM_TABLES:
        raise InvalidInputError("Give the id of a post or a file.", path=("limitations", "items"))
    return Item(ITEM_TABLES[type_name], identifier)
