"""Many change many things at once while workers deliver: nothing crashes, and it all comes right in the end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress

import asyncpg
import pytest

from tests.builders import access_for, make_group, make_member, system_access
from tests.connecting import everything_of
from wardship.core.actor import Role
from wardship.core.audit.export import export_audit
from wardship.core.audit.verify import verify_export
from wardship.core.errors import WardshipError
from wardship.tenants.egress.allowed import DisclosureStatus, allowed_fields
from wardship.tenants.egress.gate import disclosure_status, read_facts
from wardship.tenants.fulfilment.due import do_due_requests
from wardship.tenants.grants.change import grant_category, withdraw_grant
from wardship.tenants.grants.choices import object_to
from wardship.tenants.grants.granting import grants_of
from wardship.tenants.groups.people import add_to_group, remove_from_group
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume
from wardship.tenants.members.membership import deactivate_member, reactivate_member
from wardship.tenants.members.profile import update_member, update_own_profile
from wardship.tenants.members.roles import assign_role, withdraw_role
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

CLIENTS, ACTIONS = 10, 30


class Storm:
    """What happens, and to whom; chosen by a seed."""

    def __init__(self, services, seed: int) -> None:
        self.services = services
        self.choose = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
        self.faults: Counter[str] = Counter()
        self.done = 0

    async def attempt(self, who, action, *arguments, **more) -> None:
        try:
            async with asyncio.timeout(30), access_for(self.services, who) as access:
                await action(access, *arguments, **more)
        except (WardshipError, asyncpg.DeadlockDetectedError):
            return  # the API answers both with a typed error
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown
            self.faults[f"{type(error).__name__} in {action.__name__}"] += 1
        else:
            self.done += 1

    async def client(self, admins, people, group, installation) -> None:
        for _ in range(ACTIONS):
            admin, person = self.choose.choice(admins), self.choose.choice(people)
            role = self.choose.choice([Role.AUDITOR, Role.BILLING_CONTACT])
            right = self.choose.choice([RightKind.ACCESS, RightKind.RESTRICTION])
            who, action, *arguments = self.choose.choice(
                [
                    (person, update_own_profile, {"first_name": f"First {self.choose.random()}"}),
                    (admin, update_member, person.member_id, {"last_name": f"Last {self.choose.random()}"}),
                    (admin, assign_role, person.member_id, role),
                    (admin, withdraw_role, person.member_id, role),
                    (admin, add_to_group, group, person.member_id),
                    (admin, remove_from_group, group, person.member_id),
                    (admin, deactivate_member, person.member_id),
                    (admin, reactivate_member, person.member_id),
                    (person, object_any, person.member_id),
                    (admin, self.change_grants, installation.id),
                    (admin, self.choose.choice([pause, resume]), installation.id),
                    (person, submit_request, [RequestedRight(right)]),
                ]
            )
            await self.attempt(who, action, *arguments)

    async def change_grants(self, access, installation_id) -> None:
        given = (await grants_of(access, [installation_id]))[installation_id]
        if given and self.choose.random() < 0.3:
            await withdraw_grant(access, self.choose.choice(given).id)
        else:
            await grant_category(access, installation_id, self.choose.choice(everything_of(self.services, "recorder")))


async def object_any(access, member_id) -> None:
    await object_to(access, member_id, purpose="marketing")


async def _keep(action, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with suppress(asyncpg.DeadlockDetectedError):  # a worker tries again when the lease ends
            if await action():
                continue
        await asyncio.sleep(0.02)


async def _vendor_holds_what_it_may(services, acme, installation, recording, owner) -> None:
    """Compare what the vendor holds of everybody with what the gate would let through now."""
    ids = [row["id"] for row in await owner.fetch("select id from member")]
    refs = {row["member_id"]: row["subject_ref"] for row in await owner.fetch("select * from subject_link")}
    async with system_access(services, acme) as access:
        facts = await read_facts(access, [installation], ids)
    for member_id in ids:
        held = recording.held.get(refs.get(member_id, ""))
        choices = facts.choices(installation, member_id)
        may = {
            each.field.name: str(facts.people[member_id][each.field.column])
            for each in allowed_fields(facts.terms[installation.id], choices)
            if facts.people[member_id][each.field.column] and not each.field.is_date
        }
        if disclosure_status(facts, installation, member_id) is not DisclosureStatus.SHARED:
            may = {}
        has = {} if held is None else {field.name: str(field.value) for field in held.fields if field.name in may}
        assert has == may, member_id
        assert held is None or {field.name for field in held.fields} <= {*may, "joined_on"}


@pytest.mark.parametrize("seed", [3, 11])
async def test_storm_of_changes_ends_well(services, database, acme, admin, ada, connections, recording, owner, seed):
    admins = [
        await make_member(database, acme, Role.ORG_OWNER),
        admin,
        await make_member(database, acme, Role.ORG_ADMIN),
    ]
    people = [ada] + [await make_member(database, acme, name=f"Member {number}") for number in range(6)]
    group = await make_group(database, acme, "Team", *people[:3])
    installation = await connections.connect()
    storm, stop = Storm(services, seed), asyncio.Event()
    workers = [asyncio.create_task(_keep(connections.worker().run_once, stop)) for _ in range(2)]
    sweeps = asyncio.create_task(_keep(lambda: do_due_requests(services), stop))
    await asyncio.gather(*(storm.client(admins, people, group, installation) for _ in range(CLIENTS)))
    stop.set()
    await asyncio.gather(*workers, sweeps)

    assert storm.faults == {}
    assert storm.done > 50
    await connections.pass_time(minutes=5)
    for action in (pause, resume):
        await storm.attempt(admins[0].actor(at=services.clock.now()), action, installation.id)
    await connections.work()
    await _vendor_holds_what_it_may(services, acme, await connections.read(installation.id), recording, owner)
    chain = [part async for part in export_audit(database, services.keys, services.clock, acme.id)]
    count = await owner.fetchval("select count(*) from audit_entry")
    assert verify_export(b"".join(chain).splitlines()).entries == count
