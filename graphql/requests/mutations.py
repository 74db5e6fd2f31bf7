"""What may be done about requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import strawberry
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_snake_case

from wardship.graphql.api.command import Payload, command, object_field, object_payload
from wardship.graphql.api.identifiers import global_id, parse_id
from wardship.graphql.api.refusals import UserError, user_error
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import GlobalId, field
from wardship.graphql.requests.finds import ErasureFind, erasure_find
from wardship.graphql.requests.inputs import (
    ApproveRightInput,
    AskedRightInput,
    CancelErasureInput,
    CommitErasureInput,
    DecideErasureFindsInput,
    EraseRemainderInput,
    ExtendRequestInput,
    ReadErasureFindsInput,
    ReasonedRequestInput,
    RefuseRightInput,
    RemainderInput,
    RequestInput,
    RequestsInput,
    RightInput,
    SubmitRequestInput,
    VerifyRequestIdentityInput,
    WithdrawRequestInput,
    decided_finds,
    wanted_limitation,
)
from wardship.graphql.requests.limitations import ErasureRemainder
from wardship.graphql.requests.model import DataRequest, related_requests
from wardship.graphql.requests.preview import ErasurePreview
from wardship.graphql.requests.rights import Right
from wardship.tenants.access import Access
from wardship.tenants.erasure.remainders import RemainderRecord
from wardship.tenants.fulfilment.remainders import erase_remainder, read_remainder
from wardship.tenants.members.batches import RowResult
from wardship.tenants.requests.decide import (
    acknowledge_request,
    acknowledge_requests,
    approve_right,
    deny_right,
    escalate_request,
    refuse_right,
)
from wardship.tenants.requests.details import ACCOUNT
from wardship.tenants.requests.erasures import (
    MadePreview,
    cancel_erasure,
    commit_erasure,
    preview_erasure,
    waive_cooling_off,
)
from wardship.tenants.requests.extend import extend_request
from wardship.tenants.requests.finds import decide_erasure_finds, read_erasure_finds
from wardship.tenants.requests.identity import send_identity_code, verify_identity
from wardship.tenants.requests.lifting import object_to_restriction
from wardship.tenants.requests.records import RequestRecord, RightRecord
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request


@object_type(RowResult)
class RequestRow:
    """What became of one request of several; what is refused has changed nothing."""

    request_id: strawberry.ID = field("The id that was given.", source="id", convert=GlobalId.encoder("DataRequest"))
    error: UserError | None = field("Why it was refused; null when it was done.", source="refusal", convert=user_error)
    request = reference(related_requests, "id", "The request as it is now; null when it is not yours to see.")


@object_type()
class RequestRowsPayload(Payload):
    """What became of each request, or why the whole call was refused."""

    rows: Sequence[RowResult] = field(
        "One for each request, in the order given.",
        cost=1,
        size=200,
        default_factory=list,
        graphql_type=list[RequestRow],
    )


RequestPayload = object_payload("RequestPayload", "request", DataRequest)


@object_type()
class SubmitRequestPayload(Payload):
    """The request that was taken in, or why it was refused."""

    request: RequestRecord | None = object_field(DataRequest, "The request.")
    reference: str | None = field(
        "Told this once, to you alone: it opens the certificate when your account is gone.", default=None
    )


@object_type()
class VerifyRequestIdentityPayload(Payload):
    """Whether the identity is proven, or why it can't be."""

    request: RequestRecord | None = object_field(DataRequest, "The request as it is now.")
    is_verified: bool = field("False when the code is wrong or too old.", default=False)
    attempts_left: int | None = field("How many more codes may be tried.", default=None)


RightPayload = object_payload("RightPayload", "right", Right)


@object_type()
class PreviewErasurePayload(Payload):
    """What an erasure would do, or why it can't be previewed."""

    preview: MadePreview | None = object_field(ErasurePreview, "The preview, to be committed by its digest.")


RemainderPayload = object_payload("RemainderPayload", "remainder", ErasureRemainder)


@object_type()
class ReadRemainderPayload(Payload):
    """What is kept of the member's own row, or why it can't be read."""

    values: JSON | None = field("The values by column; empty where only other rows are kept.", default=None)


@object_type()
class ReadErasureFindsPayload(Payload):
    """What in texts may be the person, or why it can't be read."""

    finds: list[ErasureFind] = field("A page of it.", size=20, default_factory=list)
    last: strawberry.ID | None = field("Give it as `after` for the next page; null at the end.", default=None)


@object_type()
class DecideErasureFindsPayload(Payload):
    """How much is left to decide, or why it can't be decided."""

    right: RightRecord | None = object_field(Right, "The erasure.")
    undecided: int | None = field("How much of what was found last nobody has decided.", default=None)


@strawberry.type
class RequestMutations:
    """Requests about one's own data, and what is decided about them."""

    @command()
    async def submit_request(self, access: Access, input: SubmitRequestInput) -> SubmitRequestPayload:
        """Ask for a copy, a correction, an erasure and more, about your own data."""
        asked = [RequestedRight(right.kind, _details(right)) for right in input.rights]
        taken = await submit_request(access, asked, country=input.country, work_country=input.work_country)
        return SubmitRequestPayload(request=taken.request, reference=taken.reference)

    @command(RequestPayload)
    async def send_request_code(self, access: Access, input: RequestInput) -> RequestRecord:
        """Have another code mailed to your verified address, to prove that the request is yours."""
        return await send_identity_code(access, input.request_id)

    @command()
    async def verify_request_identity(
        self, access: Access, input: VerifyRequestIdentityInput
    ) -> VerifyRequestIdentityPayload:
        """Prove that the request is yours, by the mailed code or your second factor."""
        verification = await verify_identity(access, input.request_id, input.code)
        return VerifyRequestIdentityPayload(
            request=verification.request,
            is_verified=verification.is_verified,
            attempts_left=verification.attempts_left,
        )

    @command(RequestPayload)
    async def withdraw_request(self, access: Access, input: WithdrawRequestInput) -> RequestRecord:
        """Take back your request, or one right of it, as long as nothing was done for it."""
        return await withdraw_request(access, input.request_id, input.right_id)

    @command(RequestPayload)
    async def acknowledge_request(self, access: Access, input: RequestInput) -> RequestRecord:
        """Tell the person that somebody deals with the request."""
        return await acknowledge_request(access, input.request_id)

    @command(cost=50)
    async def acknowledge_requests(self, access: Access, input: RequestsInput) -> RequestRowsPayload:
        """Tell the persons that somebody deals with their requests, each as `acknowledgeRequest` does."""
        return RequestRowsPayload(rows=await acknowledge_requests(access, input.request_ids))

    @command(RightPayload)
    async def approve_right(self, access: Access, input: ApproveRightInput) -> RightRecord:
        """Agree to a right, wholly or in part."""
        fields = None if input.fields is None else [to_snake_case(name) for name in input.fields]
        wanted = [wanted_limitation(item) for item in input.limitations]
        return await approve_right(
            access,
            input.right_id,
            fields=fields,
            reason=input.reason,
            limitation=input.limitation,
            limitations=wanted,
        )

    @command(RightPayload)
    async def refuse_right(self, access: Access, input: RefuseRightInput) -> RightRecord:
        """Refuse a right as an administrator; the privacy team decides next."""
        return await refuse_right(access, input.right_id, input.code, input.reason)

    @command(RightPayload)
    async def deny_right(self, access: Access, input: RefuseRightInput) -> RightRecord:
        """Deny a right as the privacy team: the last word here."""
        return await deny_right(access, input.right_id, input.code, input.reason)

    @command(RequestPayload)
    async def escalate_request(self, access: Access, input: ReasonedRequestInput) -> RequestRecord:
        """Hand a request over to the privacy team."""
        return await escalate_request(access, input.request_id, input.reason)

    @command(RequestPayload)
    async def extend_request(self, access: Access, input: ExtendRequestInput) -> RequestRecord:
        """Take more time, once and within what the law allows, for a reason that the person sees."""
        return await extend_request(access, input.request_id, input.until, input.reason)

    @command(RequestPayload)
    async def object_to_restriction(self, access: Access, input: ReasonedRequestInput) -> RequestRecord:
        """Let what a disputed or late request restricts end: the person is told why, and 72 hours later it does."""
        return await object_to_restriction(access, input.request_id, input.reason)

    @command(cost=50)
    async def preview_erasure(self, access: Access, input: RightInput) -> PreviewErasurePayload:
        """Work out what an approved erasure would do."""
        return PreviewErasurePayload(preview=await preview_erasure(access, input.right_id))

    @command(RightPayload, cost=50)
    async def commit_erasure(self, access: Access, input: CommitErasureInput) -> RightRecord:
        """Commit exactly the previewed erasure: nothing is shared any more, and it is done after the cooling-off."""
        later = input.later_finds
        return await commit_erasure(
            access, input.right_id, input.digest, later_finds=None if later is None else later.is_rewritten
        )

    @command(cost=50)
    async def read_erasure_finds(self, access: Access, input: ReadErasureFindsInput) -> ReadErasureFindsPayload:
        """Read what in texts may be the person, each in its passage; that you looked is recorded."""
        shown = await read_erasure_finds(
            access, input.right_id, first=input.first, after=input.after, is_undecided=input.is_undecided
        )
        last = None if shown.last is None else global_id("ErasureFind", shown.last)
        return ReadErasureFindsPayload(finds=[erasure_find(item) for item in shown.finds], last=last)

    @command()
    async def decide_erasure_finds(self, access: Access, input: DecideErasureFindsInput) -> DecideErasureFindsPayload:
        """Decide what in texts becomes the pseudonym, one by one, by rule, or for all others."""
        done = await decide_erasure_finds(
            access,
            input.right_id,
            finds=decided_finds(input),
            rules={item.rule: item.treatment.is_rewritten for item in input.rules},
            others=None if input.others is None else input.others.is_rewritten,
        )
        return DecideErasureFindsPayload(right=done.right, undecided=done.undecided)

    @command(RemainderPayload, cost=50)
    async def erase_remainder(self, access: Access, input: EraseRemainderInput) -> RemainderRecord:
        """Erase what a limitation kept from an erasure, because it need not stay any longer."""
        return await erase_remainder(access, input.remainder_id, input.reason)

    @command()
    async def read_remainder(self, access: Access, input: RemainderInput) -> ReadRemainderPayload:
        """Read what a limitation kept of the member's own row, for the reason that it is kept; that is audited."""
        return ReadRemainderPayload(values=cast("JSON", await read_remainder(access, input.remainder_id)))

    @command(RightPayload)
    async def cancel_erasure(self, access: Access, input: CancelErasureInput) -> RightRecord:
        """Call off a scheduled erasure."""
        return await cancel_erasure(access, input.right_id, input.reason)

    @command(RightPayload)
    async def waive_cooling_off(self, access: Access, input: RightInput) -> RightRecord:
        """Let your own scheduled erasure be carried out at once."""
        return await waive_cooling_off(access, input.right_id)


def _details(right: AskedRightInput) -> Mapping[str, object]:
    details: dict[str, object] = {}
    if right.fields:
        details["fields"] = {to_snake_case(item.name): item.value for item in right.fields}
    if right.is_about_account:
        details["about"] = ACCOUNT
    if right.purpose:
        details["purpose"] = right.purpose
    if right.installation_id:
        details["installation_id"] = parse_id("Installation", right.installation_id, path=("installationId",))
    return details
