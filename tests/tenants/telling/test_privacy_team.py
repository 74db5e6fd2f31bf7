"""What is told where the provider's privacy team decides: its looks, and what people without an organisation ask."""

from __future__ import annotations

import re
from datetime import timedelta

import asyncpg
import pytest

from tests.builders import make_member, make_organisation
from tests.fixed_clock import FixedClock
from tests.graphql.calls import gid, make_api
from tests.requesting import Firm
from tests.tenants.fulfilment.test_customers import EMAIL, Customer, approve, cleo, commit
from tests.tenants.fulfilment.test_customers import team as officer
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.staff import deciders
from wardship.core.actor import Actor
from wardship.tenants.access import Services
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.data_access.notices import LOOKED
from wardship.tenants.data_access.telling import tell_looks
from wardship.tenants.fulfilment.due import do_due_requests
from wardship.tenants.requests.notices import ACCOUNT_KEPT, ASKED_OF_PROVIDER
from wardship.tenants.requests.states import RightKind

__all__ = ["cleo", "officer"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
REQUEST = "query($id: ID!) { request(id: $id) { member { displayName } } }"


@tells(LOOKED)
async def test_those_who_decide_are_told_once_a_day_that_the_privacy_team_looked(firm: Firm, postman: Postman):
    submitted = await firm.submit(RightKind.ACCESS)
    await firm.refuse(submitted, RightKind.ACCESS)
    api = make_api(firm.services)
    for _ in range(3):
        found = await api.data(firm.privacy_team, REQUEST, id=gid("DataRequest", submitted.request.id))
        assert found["request"]["member"]["displayName"] == "Ada Lovelace"
        await tell_looks(firm.services)
    mails = await postman.mails(LOOKED)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all(str(submitted.request.id) in mail.body and "Ada" not in mail.body for mail in mails)


@tells(ASKED_OF_PROVIDER)
async def test_who_belongs_to_no_organisation_is_mailed_what_was_asked_and_the_reference(
    services: Services, cleo: Customer, officer: Actor, postman: Postman, clock: FixedClock
):
    submitted = await cleo.ask(RightKind.ERASURE)
    (mail,) = await postman.mails(ASKED_OF_PROVIDER)
    assert (mail.recipient, mail.subject) == (EMAIL, "Your request about your account: erasure")
    assert "2026-12-06" in mail.body
    (reference,) = re.findall(r"/certificates/([\w-]+)", mail.body)
    assert reference == submitted.reference
    await approve(services, submitted, officer)
    await commit(services, submitted, officer)
    clock.advance(timedelta(days=14))
    await do_due_requests(services)
    async with services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, reference)


@tells(ACCOUNT_KEPT)
async def test_who_belongs_to_an_organisation_since_is_told_that_the_account_is_kept(
    services: Services,
    cleo: Customer,
    officer: Actor,
    postman: Postman,
    clock: FixedClock,
    owner: asyncpg.Connection,
):
    submitted = await cleo.ask(RightKind.ERASURE)
    await approve(services, submitted, officer)
    await commit(services, submitted, officer)
    await make_member(services.database, await make_organisation(services.database), account_id=cleo.account_id)
    clock.advance(timedelta(days=14))
    await do_due_requests(services)
    (mail,) = await postman.mails(ACCOUNT_KEPT)
    assert (mail.recipient, mail.subject) == (EMAIL, "Your request about your account has ended: Erasure")
    assert await owner.fetchval("select state from account where id = $1", cleo.account_id) == "active"
