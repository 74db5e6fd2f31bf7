"""Who has not chosen in time does so at the next sign-in, before anything else; nobody else waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation
from tests.core.sign_in.showing import credentials_of
from tests.graphql.calls import make_api
from tests.tenants.account_claims.people import make_account
from tests.tenants.domains.claimant import NAME
from wardship.core.actor import PROVIDER_ID, Role
from wardship.core.http.credentials import RequestCredentials
from wardship.core.sign_in.authentication import ChoiceRequiredError, OrganisationNotFoundError, authenticate
from wardship.core.sign_in.closing import AccountInUseError
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.account_claims.choices import close_instead, move_away, stay
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.exempting import exempt_account
from wardship.tenants.account_claims.records import DECIDED_WITHIN, AccountClaimState
from wardship.tenants.accounts.own import close_own_account
from wardship.tenants.members.membership import remove_member

pytestmark = pytest.mark.anyio

OWN = "ann@example.org"


@pytest.fixture
async def ann(grouper, services):
    """Somebody who was asked."""
    made = await make_account(services, f"ann@{NAME}", others=(OWN,))
    await grouper.group()
    return made


@pytest.fixture
async def acme(services):
    """Another organisation, in which she administers."""
    return await make_organisation(services.database, "acme")


@pytest.fixture
async def member(services, ann, acme):
    return await make_member(services.database, acme, Role.ORG_ADMIN, account_id=ann.account_id, email=ann.address)


async def _let_time_pass(services):
    services.clock.advance(DECIDED_WITHIN)
    await act_on_account_claims(services)


async def _enters(services, ann, slug=None):
    return await authenticate(services, await credentials_of(services, ann, organisation=slug))


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("slug", [None, "acme"])
async def test_who_did_not_choose_reaches_no_organisation_at_the_next_sign_in(services, ann, acme, slug):
    assert (await _enters(services, ann, slug)).organisation_id == acme.id
    await _let_time_pass(services)
    with pytest.raises(ChoiceRequiredError):
        await _enters(services, ann, slug)
    with pytest.raises(OrganisationNotFoundError):
        await _enters(services, ann, "no-such-place")


@pytest.mark.usefixtures("member")
async def test_account_is_open_meanwhile_and_shows_what_is_to_be_chosen(services, ann):
    await _let_time_pass(services)
    actor = await _enters(services, ann, "provider")
    assert (actor.organisation_id, actor.member_id, actor.roles) == (PROVIDER_ID, None, {Role.CUSTOMER})
    query = "{ viewer { account { claims { organisationName state } } } }"
    shown = await make_api(services).data(actor, query)
    assert shown["viewer"]["account"]["claims"] == [{"organisationName": "Harbour", "state": "UNDECIDED"}]


@pytest.mark.usefixtures("member")
async def test_who_stays_goes_on(services, ann, acme):
    await _let_time_pass(services)
    await ann.choose(stay)
    assert (await _enters(services, ann, "acme")).organisation_id == acme.id


@pytest.mark.usefixtures("member")
async def test_who_moves_away_goes_on(services, ann, acme, owner):
    await _let_time_pass(services)
    await ann.choose(move_away, await owner.fetchval("select id from account_email where address = $1", OWN))
    assert (await _enters(services, ann)).organisation_id == acme.id


@pytest.mark.usefixtures("member")
async def test_who_wants_to_close_and_belongs_elsewhere_moves_first_and_can_leave_then(services, ann, acme, owner):
    """Nobody can leave an organisation that the choice keeps him or her from: the refusal says the way out."""
    await _let_time_pass(services)
    with pytest.raises(AccountInUseError, match=r"Acme.*choose to move to an address of your own first"):
        await ann.choose(close_instead, ann.address)
    assert (await ann.claim()).state is AccountClaimState.UNDECIDED
    with pytest.raises(ChoiceRequiredError):
        await _enters(services, ann, "acme")
    await ann.choose(move_away, await owner.fetchval("select id from account_email where address = $1", OWN))
    assert (await _enters(services, ann, "acme")).organisation_id == acme.id
    await owner.execute("update member set state = 'erased', account_id = null where account_id = $1", ann.account_id)
    async with ann.access() as access:
        await close_own_account(access, OWN)
    assert await owner.fetchval("select closes_at from account where id = $1", ann.account_id) is not None


@pytest.mark.usefixtures("member")
async def test_organisation_that_exempts_the_account_lets_its_owner_go_on(services, ann, acme, grouper):
    await _let_time_pass(services)
    (claim,) = (await grouper.claims()).values()
    async with grouper.who.access() as access:
        await exempt_account(access, claim.id)
    assert (await _enters(services, ann)).organisation_id == acme.id


@pytest.mark.usefixtures("member")
async def test_nobody_has_to_choose_while_the_domain_is_in_doubt(services, harbour, ann, acme, owner):
    await _let_time_pass(services)
    for state in ("grace", "suspended"):
        await owner.execute("update domain_claim set state = $1", state)
        assert (await _enters(services, ann)).organisation_id == acme.id
    await owner.execute("update domain_claim set state = 'verified'")
    await owner.execute("update organisation set suspended_at = now() where id = $1", harbour.organisation.id)
    assert (await _enters(services, ann)).organisation_id == acme.id


@pytest.mark.usefixtures("member")
async def test_address_that_left_the_account_meanwhile_asks_for_no_choice(services, ann, acme, owner):
    await _let_time_pass(services)
    await owner.execute("delete from account_email where address = $1", ann.address)
    assert (await _enters(services, ann)).organisation_id == acme.id


@pytest.mark.usefixtures("member")
async def test_session_from_before_goes_on(services, ann, acme):
    services.clock.advance(DECIDED_WITHIN - timedelta(hours=1))
    earlier = await credentials_of(services, ann)
    services.clock.advance(timedelta(hours=1))
    await act_on_account_claims(services)
    assert (await authenticate(services, earlier)).organisation_id == acme.id


async def test_program_with_a_token_of_another_organisation_is_not_held_up(services, ann, acme, member):
    until = services.clock.now() + timedelta(days=90)
    async with services.database.tenant(acme.id, directory=True) as transaction:
        wanted = TokenRequest("nightly", ["read"], until)
        _, text = await create_token(transaction, ann.account_id, acme.id, wanted, at=services.clock.now())
    await _let_time_pass(services)
    actor = await authenticate(services, RequestCredentials(authorization=f"Bearer {text}"))
    assert actor.member_id == member.member_id


async def test_session_that_an_organisation_s_provider_opened_is_not_held_up(services, ann, acme, member, owner):
    await _let_time_pass(services)
    shown = await credentials_of(services, ann)
    await owner.execute("update session set organisation_id = $1 where account_id = $2", acme.id, ann.account_id)
    assert (await authenticate(services, shown)).member_id == member.member_id


@pytest.mark.usefixtures("member")
async def test_who_left_again_has_nothing_to_choose(services, ann, acme, grouper):
    chosen = await ann.choose(stay)
    async with grouper.who.access() as access:
        await remove_member(access, chosen.member_id)
    await _let_time_pass(services)
    assert (await ann.claim()).state is AccountClaimState.RELEASED
    assert (await _enters(services, ann)).organisation_id == acme.id
