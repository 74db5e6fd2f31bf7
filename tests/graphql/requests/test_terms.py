"""What a request would be promised, before it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.graphql.calls import make_api
from tests.requesting import Firm, make_firm
from wardship.tenants.organisations.update import update_settings

TERMS = """query($country: String, $work: String! = "") {
    requestTerms(country: $country, workCountry: $work) { country regime dueAt complainTo { country } } }"""
ASK = """mutation($input: SubmitRequestInput!) { submitRequest(input: $input) {
    request { regime dueAt complainTo { country } } errors { code } } }"""


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


@pytest.mark.parametrize(("country", "work"), [("DE", "FR"), ("BR", ""), ("IN", ""), ("JP", "")])
async def test_terms_are_those_of_the_request_that_is_then_asked(services, firm, country, work):
    api = make_api(services)
    terms = (await api.data(firm.member, TERMS, country=country, work=work))["requestTerms"]
    rights = [{"kind": "RESTRICTION"}]
    asked = await api.data(firm.member, ASK, input={"rights": rights, "country": country, "workCountry": work})
    assert asked["submitRequest"]["errors"] == []
    assert terms == {"country": country, **asked["submitRequest"]["request"]}


async def test_terms_follow_what_the_organisation_promises(services, firm):
    api = make_api(services)
    async with firm.access(firm.admin) as access:
        await update_settings(access, {"dpdp_days": 30})
    due = (await api.data(firm.member, TERMS, country="IN"))["requestTerms"]["dueAt"]
    assert due.startswith(f"{services.clock.now() + timedelta(days=30):%Y-%m-%d}")


async def test_terms_without_a_country_are_those_of_where_the_account_lives(services, firm):
    api = make_api(services)
    change = 'mutation { updateMyAccount(input: { residenceCountry: "BR" }) { errors { code } } }'
    assert (await api.data(firm.member, change))["updateMyAccount"]["errors"] == []
    terms = (await api.data(firm.member, TERMS))["requestTerms"]
    assert (terms["country"], terms["regime"]) == ("BR", "lgpd")


async def test_country_that_is_none_is_refused(services, firm):
    answer = await make_api(services).call(firm.member, TERMS, country="Germany")
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
