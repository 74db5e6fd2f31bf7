"""Somebody with an account, browsers, and the organisation to which the account belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import Person, make_member
from tests.core.sign_in.conftest import Human, add_passkey, ann, browser, deployed, enrol, open_browser, passkey
from tests.graphql.calls import Api, gid, make_api
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.identifiers import uuid7
from wardship.tenants.accounts.clock import act_on_recoveries, announce_recoveries
from wardship.tenants.notices.mailing import mail_notices

__all__ = ["add_passkey", "ann", "browser", "deployed", "enrol", "open_browser", "passkey"]


@dataclass
class Recovering:
    """An account that has lost its second factor, and those who decide."""

    services: object
    deployed: object
    api: Api
    human: Human
    person: Person
    boss: Person
    admin: Person

    async def call(self, who, field: str, **values) -> dict:
        """Call a mutation of recoveries with the second factor just shown; return its payload."""
        kind = {"begin": "Begin", "approve": "Approve"}.get(field)
        name = f"{field}AccountRecovery"
        input_type = f"{kind}AccountRecoveryInput" if kind else "AccountRecoveryInput"
        actor = who if isinstance(who, Actor) else who.actor(at=self.services.clock.now())
        document = (
            f"mutation($input: {input_type}!) {{ {name}(input: $input)"
            " { errors { code } recovery { id state approvals actsAt reason } } }"
        )
        answer = (await self.api.data(actor, document, input=values))[name]
        return answer["recovery"] or {"refused": answer["errors"][0]["code"]}

    async def begin(self, who=None) -> dict:
        return await self.call(who or self.admin, "begin", memberId=gid("Member", self.person.member_id))

    async def approve(self, recovery: dict, who=None, **values) -> dict:
        return await self.call(who or self.boss, "approve", recoveryId=recovery["id"], **values)

    async def decline(self, recovery: dict, who=None) -> dict:
        return await self.call(who or self.boss, "decline", recoveryId=recovery["id"])

    async def tick(self, **time) -> None:
        """Let time pass, and the worker's sweeps run."""
        if time:
            self.services.clock.advance(timedelta(**time))
        await announce_recoveries(self.services)
        await act_on_recoveries(self.services)
        await announce_recoveries(self.services)
        await mail_notices(self.services)

    async def token(self, subject: str) -> str:
        """Return the token of the link in the latest mail to the person with a subject."""
        found = [body for title, body in await self.deployed.mails(self.human.email) if subject in title]
        return re.findall(r"/auth/link/([A-Za-z0-9_-]+)", found[-1])[-1]

    async def token_of_invitation(self) -> str:
        """Return the token of the latest invitation of the person."""
        bodies = [body for _, body in await self.deployed.mails(self.human.email) if "/invitations/" in body]
        return re.findall(r"/invitations/([A-Za-z0-9_-]+)", bodies[-1])[-1]

    async def opened(self) -> str:
        """Lead a recovery to its mailed link, and return its token."""
        await self.approve(await self.begin())
        await self.tick(hours=48)
        return await self.token("Set a new second factor")

    async def staff(self) -> Actor:
        """Somebody of the privacy team who has just shown the second factor."""
        account_id = uuid7()
        async with self.services.database.directory() as transaction:
            await transaction.execute(
                "insert into account (id, created_at, display_name) values ($1, $2, 'Priya')",
                account_id,
                self.services.clock.now(),
            )
            await add_staff(transaction, account_id, StaffRole.PRIVACY_TEAM, at=self.services.clock.now())
        return self.of_staff(account_id)

    def of_staff(self, account_id: UUID) -> Actor:
        return Actor(
            account_id,
            PROVIDER_ID,
            None,
            frozenset(),
            CredentialKind.SESSION,
            stepped_up_at=self.services.clock.now(),
            staff_roles=frozenset({StaffRole.PRIVACY_TEAM}),
        )


@pytest.fixture
async def recovering(services, deployed, database, acme, ann, owner):
    account_id = await owner.fetchval("select account_id from account_email where address = $1", ann.email)
    boss = await make_member(database, acme, Role.ORG_OWNER, name="Olivia", email="olivia@example.org")
    admin = await make_member(database, acme, Role.ORG_ADMIN, name="Adam", email="adam@example.org")
    person = await make_member(database, acme, name="Ann", email=ann.email, account_id=account_id)
    return Recovering(services, deployed, make_api(services), ann, person, boss, admin)
