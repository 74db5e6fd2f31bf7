"""Where the link of an invitation leads: to the deployment's own address, and to none that a caller names."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import make_member, make_organisation
from tests.core.sign_in.showing import CLIENT
from tests.edge import make_app
from tests.mails import waiting_mails
from wardship.app.application import routes
from wardship.core.actor import Role
from wardship.core.sign_in.sessions import Stage, open_session

pytestmark = pytest.mark.anyio

INVITE = """
mutation { inviteMember(input: { email: "ann@example.org" }) { errors { code message } } }
"""
HOSTS = [
    {"Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
    {"Forwarded": "host=evil.example;proto=gopher"},
    {"X-Original-Host": "evil.example", "X-Host": "evil.example"},
]


@pytest.mark.parametrize("headers", HOSTS, ids=lambda headers: next(iter(headers)))
async def test_link_leads_to_the_deployment_whatever_host_the_caller_names(services, database, headers):
    adam = await make_member(database, await make_organisation(database, "acme"), Role.ORG_ADMIN)
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, adam.account_id, Stage.COMPLETE, CLIENT, at=services.clock.now())
    transport = httpx.ASGITransport(app=make_app(services.settings, *routes(services)))
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        client.cookies.set("wardship", opened.cookie)
        sent = {"X-Wardship-CSRF": opened.session.csrf_token, **headers}
        answer = await client.post("/graphql", json={"query": INVITE}, headers=sent)
    assert answer.json() == {"data": {"inviteMember": {"errors": []}}}
    (mail,) = await waiting_mails(services)
    assert f"{services.settings.public_url}/invitations/" in mail.body
    assert "evil.example" not in mail.body
