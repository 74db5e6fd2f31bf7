"""Samples of what the provider's operators do: organisations and the staff."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import Sample, mutation, query
from tests.graphql.world import World
from wardship.core.identifiers import uuid7


async def populate(world: World) -> None:
    """Add an organisation that nobody is in, and somebody who is waited for."""
    slug = f"waiting-{world.organisation.slug}"
    world.ids["awaiting"] = uuid7()
    await world.owner.execute(
        "insert into organisation (id, created_at, slug, name, state, state_until)"
        " values ($1, $2, $3, $4, 'awaiting_owner', $5)",
        world.ids["awaiting"],
        NOW,
        slug,
        f"{world.organisation.name} waits",
        NOW + timedelta(days=900),
    )
    await world.owner.execute(
        "insert into appointment (id, created_at, address, organisation_id, expires_at) values ($1, $2, $3, $4, $5)",
        uuid7(),
        NOW,
        f"waited.for@{slug}.example.org",
        world.ids["awaiting"],
        NOW + timedelta(days=900),
    )
    await world.owner.execute(
        "insert into appointment (id, created_at, address, staff_role, expires_at)"
        " values ($1, $2, $3, 'privacy_team', $4)",
        uuid7(),
        NOW,
        f"to.join@{slug}.example.org",
        NOW + timedelta(days=900),
    )


def _in_state(state: str, changes: str = "") -> Callable[[World], AbstractAsyncContextManager[None]]:
    """Bring the organisation of the world into a state for the time of the call."""

    @asynccontextmanager
    async def around(world: World) -> AsyncIterator[None]:
        set_state = f"update organisation set state = $2{changes} where id = $1"
        await world.owner.execute(set_state, world.organisation.id, state)
        yield
        await world.owner.execute(
            "update organisation set state = 'active', state_until = null, suspended_at = null where id = $1",
            world.organisation.id,
        )

    return around


_LEAVING = _in_state("leaving", ", state_until = '2099-01-01T00:00:00Z'")
_SUSPENDED = _in_state("suspended", ", suspended_at = now()")


def _named(world: World) -> dict[str, str]:
    return {"organisation": world.organisation.slug}


def _why(world: World) -> dict[str, str]:
    return {**_named(world), "reason": "The contract has ended"}


def _typed(world: World) -> dict[str, str]:
    return {"slug": world.organisation.slug}


def _task(world: World) -> dict[str, str]:
    task_id = gid("ClosingTask", world.ids["task"])
    return {**_named(world), "taskId": task_id, "evidence": "They wrote that nothing is left."}


SAMPLES = [
    query(
        "organisations",
        "{ organisations(first: 100) { edges { node { slug name state awaited members openTasks } } } }",
    ),
    Sample(
        "closingTasks",
        """query($organisation: String!) { closingTasks(organisation: $organisation) {
            edges { node { id organisation instructions dueAt } } } }""",
        _named,
        _in_state("closing"),
    ),
    query("staff", "{ staff { role address displayName awaitedUntil } }"),
    mutation(
        "createOrganisation",
        "CreateOrganisationInput",
        lambda world: {
            "slug": f"new-{world.organisation.slug}",
            "name": "New",
            "ownerEmail": f"new@{world.organisation.slug}.example",
        },
    ),
    mutation("suspendOrganisation", "StopOrganisationInput", _why),
    mutation("resumeOrganisation", "ManagedOrganisationInput", _named, _SUSPENDED),
    mutation("closeOrganisation", "StopOrganisationInput", _why),
    mutation("reopenOrganisation", "ManagedOrganisationInput", _named, _LEAVING),
    mutation("completeClosingTask", "CompleteClosingTaskInput", _task, _in_state("closing")),
    mutation("closeMyOrganisation", "CloseMyOrganisationInput", lambda world: {**_typed(world), "reason": ""}),
    mutation("reopenMyOrganisation", "ReopenMyOrganisationInput", _typed, _LEAVING),
    mutation("addStaff", "AddStaffInput", lambda _: {"email": "new@staff.example", "role": "PRIVACY_TEAM"}),
    mutation(
        "removeStaff",
        "RemoveStaffInput",
        lambda world: {"email": f"to.join@waiting-{world.organisation.slug}.example.org"},
    ),
]

CROWD = """
insert into appointment (id, created_at, address, staff_role, expires_at)
    select key('W', place, n), at, 'waits' || n || '@example.org', 'privacy_team', '2099-01-01T00:00:00Z'
    from number where place = 0 and n <= 20;
update organisation set state = 'closing' where slug in (select 'place-' || n from generate_series(80, 95) n);
update organisation set state = 'suspended', suspended_at = now() where slug in ('place-96', 'place-97');
update organisation set state = 'leaving', state_until = now() where slug = 'place-98';
update manual_task set state = 'open' where organisation_id in (select id from organisation where state = 'closing');
"""

FILTERS = {
    "Query.organisations(states)": ("states: [SUSPENDED]", "states: [ACTIVE, LEAVING]"),
    "Query.closingTasks(organisation)": ('organisation: "place-95"',),
}
