"""A moment without its offset from UTC is refused wherever the schema takes one."""

from __future__ import annotations

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from tests.graphql.calls import gid, make_api
from tests.requesting import Firm, make_firm
from wardship.app.application import api_schema
from wardship.graphql.api.moments import moments_of
from wardship.graphql.requests.inputs import ApproveRightInput, ExtendRequestInput
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

SCHEMA = api_schema()._schema
NAIVE = "2027-02-01T00:00:00"


def test_moments_are_taken_only_in_inputs_that_are_tried_here():
    taken = {
        f"{name}.{key}"
        for name, found in SCHEMA.type_map.items()
        if isinstance(found, GraphQLInputObjectType)
        for key, field in found.fields.items()
        if get_named_type(field.type).name == "DateTime"
    }
    assert taken == {
        "AuditFilterInput.before",
        "AuditFilterInput.since",
        "CreateProvisioningTokenInput.expiresAt",
        "ExtendRequestInput.until",
        "LimitationInput.until",
        "RequestFilterInput.dueBefore",
    }
    roots = [SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type]
    arguments = [argument for root in roots for field in root.fields.values() for argument in field.args.values()]
    assert not [argument for argument in arguments if get_named_type(argument.type).name == "DateTime"]


def test_moments_are_found_in_lists_of_inputs_too():
    assert moments_of(ExtendRequestInput) == (("until",),)
    assert moments_of(ApproveRightInput) == (("limitations", "until"),)


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


async def test_moment_without_an_offset_is_refused_with_the_field(firm, services, owner):
    submitted = await firm.submit(RightKind.ERASURE)
    right = await firm.right(submitted, RightKind.ERASURE)
    api, admin = make_api(services), firm.admin.actor(at=services.clock.now())
    extended = await api.data(
        admin,
        "mutation($input: ExtendRequestInput!) { extendRequest(input: $input) { errors { code path message } } }",
        input={"requestId": gid("DataRequest", submitted.request.id), "until": NAIVE, "reason": "Much to do."},
    )
    limitation = {"reasonCode": "LEGAL_DUTY", "reason": "The law.", "categories": ["user.name"], "until": NAIVE}
    approved = await api.data(
        admin,
        "mutation($input: ApproveRightInput!) { approveRight(input: $input) { errors { code path message } } }",
        input={"rightId": gid("RequestRight", right.id), "limitations": [limitation]},
    )
    made = await api.data(
        admin,
        "mutation($input: CreateProvisioningTokenInput!) { createProvisioningToken(input: $input)"
        " { token { id } errors { code path message } } }",
        input={"name": "Okta", "expiresAt": NAIVE},
    )
    for payload, path in (
        (extended["extendRequest"], ["until"]),
        (approved["approveRight"], ["limitations", "until"]),
        (made["createProvisioningToken"], ["expiresAt"]),
    ):
        (refusal,) = payload["errors"]
        assert (refusal["code"], refusal["path"]) == ("INVALID_INPUT", path)
        assert "offset" in refusal["message"]
    for asked in (
        f'requests(where: {{ dueBefore: "{NAIVE}" }})',
        *(f'auditLog(where: {{ {name}: "{NAIVE}" }})' for name in ("since", "before")),
    ):
        listed = await api.call(admin, f"{{ {asked} {{ edges {{ node {{ id }} }} }} }}")
        (error,) = listed["errors"]
        assert (error["extensions"]["code"], "offset" in error["message"]) == ("INVALID_INPUT", True)
    assert await owner.fetchval("select extended_at from data_request") is None
    assert (await firm.right(submitted, RightKind.ERASURE)).decided_at is None
    assert await owner.fetchval("select count(*) from provisioning_token") == 0
