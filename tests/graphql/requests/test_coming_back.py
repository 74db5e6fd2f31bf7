"""What somebody can do who signs in after the membership has ended: the own requests, and coming back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.graphql.calls import gid, make_api
from tests.requesting import Firm, make_firm
from wardship.core.http.credentials import Client, RequestCredentials
from wardship.core.sign_in.authentication import authenticate
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.requests.states import RightKind

CLIENT = Client("203.0.113.7", "a browser")
GRACE = "{ myGracePeriod { memberId cause state endsAt canReactivate } }"
RESTRICTIONS = "{ myRestrictions { id cause state liftAt } }"
COME_BACK = """mutation($input: MemberInput!) { reactivateMyMembership(input: $input) {
    errors { code } member { displayName state } } }"""
LIFT = """mutation($input: RestrictionInput!) { liftMyRestriction(input: $input) {
    errors { code } restriction { state } } }"""
SUBMIT = "mutation($input: SubmitRequestInput!) { submitRequest(input: $input) { errors { code } } }"


@pytest.fixture
async def firm(services) -> Firm:
    firm = await make_firm(services)
    await firm.approve(await firm.submit(RightKind.RESTRICTION), RightKind.RESTRICTION)
    await firm.run()
    await firm.approve(await firm.submit(RightKind.DEACTIVATION), RightKind.DEACTIVATION)
    await firm.run()
    return firm


@pytest.fixture
async def signed_in(firm, services):
    """The person's session, looked up as a request does."""
    async with services.database.directory() as transaction:
        opened = await open_session(
            transaction, firm.member.account_id, Stage.COMPLETE, CLIENT, at=services.clock.now()
        )
    values = {"cookie": opened.cookie, "csrf_token": opened.session.csrf_token, "client": CLIENT}
    return await authenticate(services, RequestCredentials(**values))


async def test_deactivated_person_signs_in_sees_until_when_and_comes_back(firm, services, signed_in):
    api = make_api(services)
    period = (await api.data(signed_in, GRACE))["myGracePeriod"]
    assert (period["cause"], period["state"], period["canReactivate"]) == ("REQUESTED", "RUNNING", True)
    assert period["endsAt"].startswith(f"{services.clock.now() + timedelta(days=90):%Y-%m-%d}")
    back = await api.data(signed_in, COME_BACK, input={"memberId": period["memberId"]})
    assert back["reactivateMyMembership"] == {
        "errors": [],
        "member": {"displayName": "Ada Lovelace", "state": "ACTIVE"},
    }
    assert (await api.data(firm.member, GRACE))["myGracePeriod"] is None


async def test_deactivated_person_asks_and_lifts_the_own_restriction(services, signed_in):
    api = make_api(services)
    asked = await api.data(signed_in, SUBMIT, input={"rights": [{"kind": "ACCESS"}], "country": "FR"})
    assert asked["submitRequest"]["errors"] == []
    assert len((await api.data(signed_in, "{ myRequests { edges { node { id } } } }"))["myRequests"]["edges"]) == 3
    (restriction,) = (await api.data(signed_in, RESTRICTIONS))["myRestrictions"]
    assert (restriction["cause"], restriction["state"]) == ("REQUESTED", "IN_FORCE")
    lifted = await api.data(signed_in, LIFT, input={"restrictionId": restriction["id"]})
    assert lifted["liftMyRestriction"] == {"errors": [], "restriction": {"state": "LIFTED"}}


@pytest.mark.parametrize(
    "operation",
    [
        "{ members { edges { node { displayName } } } }",
        "{ groups { edges { node { name } } } }",
        "{ organisation { name } }",
        "{ viewer { content { edges { node { source } } } } }",
    ],
)
async def test_deactivated_person_sees_nothing_of_others(services, signed_in, operation):
    response = await make_api(services).call(signed_in, operation)
    assert response["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


async def test_deactivated_person_sees_own_choices_and_recipients(services, signed_in):
    own = "{ myConsents { purpose } myObjections { purpose } myDisclosures { edges { node { state } } } }"
    assert (await make_api(services).data(signed_in, own))["myConsents"] == []


async def test_deactivated_person_changes_nothing_else(services, signed_in, owner):
    change = 'mutation { updateMyProfile(input: {profile: {lastName: "King"}}) { errors { code } } }'
    answer = await make_api(services).data(signed_in, change)
    assert answer["updateMyProfile"]["errors"] == [{"code": "PERMISSION_DENIED"}]
    assert await owner.fetchval("select last_name from member where display_name = 'Ada Lovelace'") == "Lovelace"


async def test_administrator_sees_the_restrictions_and_the_time_of_a_member(firm, services):
    query = """query($id: ID!) { member(id: $id) { restrictions { cause state requestId }
        gracePeriod { cause endsAt } } }"""
    member = gid("Member", firm.member.member_id)
    found = (await make_api(services).data(firm.admin, query, id=member))["member"]
    assert [item["cause"] for item in found["restrictions"]] == ["REQUESTED"]
    assert found["gracePeriod"]["cause"] == "REQUESTED"
    assert (await make_api(services).data(firm.officer, query, id=member))["member"] == found
