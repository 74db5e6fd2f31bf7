"""An organisation in which requests are made: an admin, a privacy officer, a member who asks, the privacy team."""

from __future__ import annotations

from dataclasses import dataclass

from tests.builders import Organisation, Person, access_for, make_member, make_organisation, system_access
from wardship.core.actor import Actor, CredentialKind, Role, StaffRole
from wardship.core.identifiers import uuid7
from wardship.core.mail import deliver_due
from wardship.tenants.access import Services
from wardship.tenants.fulfilment.due import do_due_requests
from wardship.tenants.requests.decide import approve_right, deny_right, refuse_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure
from wardship.tenants.requests.records import LockedRequest, RefusalCode
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, Submitted, submit_request
from wardship.tenants.requests.visibility import lock_request

PRIVACY_OFFICER = uuid7()


@dataclass
class Firm:
    """What a test of requests works with."""

    services: Services
    organisation: Organisation
    owner: Person
    admin: Person
    officer: Person
    member: Person

    @property
    def privacy_team(self) -> Actor:
        """Somebody of the provider's privacy team who has just shown the second factor."""
        now = self.services.clock.now()
        return Actor(
            PRIVACY_OFFICER,
            self.organisation.id,
            None,
            frozenset(),
            CredentialKind.SESSION,
            stepped_up_at=now,
            staff_roles=frozenset({StaffRole.PRIVACY_TEAM}),
        )

    def access(self, who: Person | Actor, *, stepped_up: bool = True):
        now = self.services.clock.now()
        actor = who if isinstance(who, Actor) else who.actor(stepped_up=stepped_up, at=now)
        return access_for(self.services, actor)

    async def submit(self, *kinds: RightKind, who: Person | None = None, **options) -> Submitted:
        """Ask, with the second factor shown a moment ago."""
        async with self.access(who or self.member) as access:
            return await submit_request(access, [RequestedRight(kind) for kind in kinds], **options)

    async def locked(self, submitted: Submitted) -> LockedRequest:
        async with system_access(self.services, self.organisation) as access:
            return await lock_request(access, submitted.request.id)

    async def states(self, submitted: Submitted) -> dict[RightKind, RightState]:
        return {right.kind: right.state for right in (await self.locked(submitted)).rights}

    async def right(self, submitted: Submitted, kind: RightKind):
        return next(right for right in (await self.locked(submitted)).rights if right.kind is kind)

    async def approve(
        self, submitted: Submitted, kind: RightKind, who: Person | Actor | None = None, **options
    ) -> None:
        right = await self.right(submitted, kind)
        async with self.access(who or self.admin) as access:
            await approve_right(access, right.id, **options)

    async def refuse(self, submitted: Submitted, kind: RightKind) -> None:
        right = await self.right(submitted, kind)
        async with self.access(self.admin) as access:
            await refuse_right(access, right.id, RefusalCode.UNFOUNDED, "No.")

    async def deny(self, submitted: Submitted, kind: RightKind) -> None:
        right = await self.right(submitted, kind)
        async with self.access(self.privacy_team) as access:
            await deny_right(access, right.id, RefusalCode.UNFOUNDED, "No.")

    async def commit(self, submitted: Submitted, who: Person | Actor | None = None) -> None:
        """Preview and commit an approved erasure."""
        right = await self.right(submitted, RightKind.ERASURE)
        async with self.access(who or self.officer) as access:
            preview = await preview_erasure(access, right.id)
            await commit_erasure(access, right.id, preview.digest)

    async def scheduled(self) -> Submitted:
        """Return the request of an erasure that waits out its cooling-off."""
        submitted = await self.submit(RightKind.ERASURE)
        await self.approve(submitted, RightKind.ERASURE)
        await self.commit(submitted)
        return submitted

    async def post(self) -> None:
        """Send the mails that wait, such as the last letter to somebody who was erased."""
        services = self.services
        while await deliver_due(services.database, services.settings, services.clock, services.keys):
            pass

    async def run(self) -> int:
        return await do_due_requests(self.services)


async def make_firm(services: Services, *, email: str = "ada.lovelace@example.org") -> Firm:
    """Return a firm with an owner, an admin, a privacy officer and a member."""
    database = services.database
    organisation = await make_organisation(database)
    return Firm(
        services,
        organisation,
        await make_member(database, organisation, Role.ORG_OWNER, name="Olga Owner"),
        await make_member(database, organisation, Role.ORG_ADMIN, name="Anton Admin"),
        await make_member(database, organisation, Role.PRIVACY_OFFICER, name="Petra Officer"),
        await make_member(
            database,
            organisation,
            name="Ada Lovelace",
            email=email,
            first_name="Ada",
            last_name="Lovelace",
            username="countess",
            phone="+44 20 7946 0000",
            postal_address="12 St James's Square",
        ),
    )
