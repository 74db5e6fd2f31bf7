"""Policies, groupings and claims tell no outsider who is a customer: the same bytes, by the same statements."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from tests.edge import make_app
from tests.graphql.calls import gid, make_api
from tests.mails import waiting_mails
from tests.tables import digest
from tests.tenants.account_claims.people import make_account, make_grouper
from tests.tenants.domains.claimant import NAME
from wardship.core.database.engine import Transaction
from wardship.core.sign_in.routes import sign_in_router
from wardship.tenants.account_claims.records import Enrolment

pytestmark = pytest.mark.anyio

_DOMAIN, _CLAIM, _GROUPING = "Domain", "AccountClaim", "Grouping"
ACTS = {
    "setDomainPolicy": ("SetDomainPolicyInput", _DOMAIN, {"enrolment": "CLAIM_EXISTING"}),
    "previewGrouping": ("DomainInput", _DOMAIN, {}),
    "startGrouping": ("GroupingInput", _GROUPING, {}),
    "cancelGrouping": ("GroupingInput", _GROUPING, {}),
    "exemptAccount": ("AccountClaimInput", _CLAIM, {}),
}
READS = {"domain": _DOMAIN, "accountClaim": _CLAIM, "grouping": _GROUPING}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Every statement that is sent."""
    found: list[str] = []
    real = Transaction._ask

    async def ask(self, method, sql, arguments, **how):
        found.append(sql)
        return await real(self, method, sql, arguments, **how)

    monkeypatch.setattr(Transaction, "_ask", ask)
    return found


@pytest.fixture
async def theirs(harbour, services, owner) -> dict[str, UUID]:
    """What an organisation has at its domain."""
    held = await make_grouper(harbour)
    await make_account(services, f"ann@{NAME}")
    begun = await held.group()
    claim = await owner.fetchval("select id from account_claim")
    return {_DOMAIN: held.domain_id, _GROUPING: begun.id, _CLAIM: claim}


async def _seen(rival, sent, query, **variables):
    sent.clear()
    who = rival.admin.actor(at=rival.services.clock.now())
    answer = await make_api(rival.services).call(who, query, **variables)
    return _ID.sub("ID", json.dumps(answer)), list(sent)


def _of(kind, answer):
    """Take from an answer what stands in it of the id that was asked for."""
    return answer[0].replace(kind, "ID"), answer[1]


@pytest.mark.parametrize("act", ACTS)
async def test_what_another_holds_is_found_as_little_as_what_nobody_holds(rival, theirs, sent, owner, act):
    input_type, kind, values = ACTS[act]
    field = {_DOMAIN: "domainId", _GROUPING: "groupingId", _CLAIM: "claimId"}[kind]
    query = f"mutation A($input: {input_type}!) {{ {act}(input: $input) {{ errors {{ code message path }} }} }}"
    before = await digest(owner)
    found = []
    for identifier in (theirs[kind], uuid4()):
        asked = gid(kind, identifier)
        found.append(_of(asked, await _seen(rival, sent, query, input={field: asked, **values})))
    assert found[0] == found[1]
    assert "NOT_FOUND" in found[0][0]
    assert found[0][1]
    assert await digest(owner) == before


@pytest.mark.parametrize("field", READS)
async def test_what_another_holds_is_read_as_little_as_what_nobody_holds(rival, theirs, sent, field):
    kind = READS[field]
    query = f"query R($id: ID!) {{ {field}(id: $id) {{ id state }} }}"
    found = []
    for identifier in (theirs[kind], uuid4()):
        asked = gid(kind, identifier)
        found.append(_of(asked, await _seen(rival, sent, query, id=asked)))
    assert found[0] == found[1]
    assert json.loads(found[0][0]) == {"data": {field: None}}


def _shown(response):
    headers = {name: value for name, value in response.headers.items() if name not in {"x-request-id", "date"}}
    text = re.sub(r'"(csrf_token|token|id)":"[^"]+"', "", _ID.sub("ID", response.text))
    return response.status_code, {**headers, "set-cookie": bool(headers.get("set-cookie"))}, text


@pytest.mark.parametrize("enrolment", sorted(Enrolment))
async def test_who_registers_is_answered_alike_whatever_the_policy(harbour, services, sent, enrolment):
    await make_grouper(harbour, enrolment=enrolment)
    app = make_app(services.settings, sign_in_router(services))
    found = []
    for address in (f"zoe@{NAME}", "zoe@nobody-has-claimed.com"):
        services.clock.advance(timedelta(minutes=1))
        transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as browser:
            sent.clear()
            answers = [await browser.post("/auth/register", json={"email": address})]
            statements = list(sent)
            (mail,) = (each for each in await waiting_mails(services) if each.recipient == address)
            token = re.search(r"/auth/link/([\w-]+)", mail.body)[1]
            fields = {"token": token, "password": "a long enough passphrase", "display_name": "Zoe"}
            sent.clear()
            answers.append(await browser.post("/auth/verify", json=fields))
            statements += sent
        shown = [_shown(answer) for answer in answers]
        assert [status for status, _, _ in shown] == [202, 200], shown
        found.append((str(shown).replace(address, "ADDRESS"), mail.subject, statements))
    assert found[0] == found[1]
    assert len(found[0][2]) > 5
