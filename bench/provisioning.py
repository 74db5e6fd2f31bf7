"""How fast a directory adds people, beside the bare inserts, and finds one by name among few and among very many.

`python -m bench scim` runs it: the service in this process without HTTP, on a durable database.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from statistics import median
from typing import Final

from scim2_server.requests import ScimRequest

from bench import ours
from bench.ours import services_here
from bench.place import BUILD, Place, make_place, scratch_folder
from tools.prepare.steps import say
from wardship.core.actor import Actor, directory_actor, system_actor
from wardship.core.audit.log import AuditEvent, record
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.provisioning.tokens import create_provisioning_token
from wardship.tenants.scim.service import serve

FEW, MANY, MANY_QUICK = 1_000, 200_000, 5_000
_ORGANISATION: Final = "insert into organisation (id, created_at, slug, name) values ($1, $2, $3, $3)"
_MEMBER: Final = (
    "insert into member (organisation_id, id, created_at, joined_at, display_name, email, pseudonym)"
    " values ($1, $2, $3, $3, $4, $5, $6)"
)
_ROLE: Final = (
    "insert into role_assignment (organisation_id, id, created_at, member_id, role) values ($1, $2, $3, $4, 'member')"
)
_SAID: Final = (
    "insert into directory_user (organisation_id, id, created_at, member_id, changed_at, user_name, user_name_key)"
    " values ($1, $2, $3, $4, $3, $5, $5)"
)
_FILL: Final = """
    with made as (
        insert into member (organisation_id, id, created_at, joined_at, display_name, email, pseudonym)
        select $1, gen_random_uuid(), $2, $2, 'Person ' || n, 'p' || n || '@example.org', 'Pseudonym ' || n
        from generate_series(1, $3::integer) n returning organisation_id, id, email
    )
    insert into directory_user (organisation_id, id, created_at, member_id, changed_at, user_name, user_name_key)
    select organisation_id, gen_random_uuid(), $2, id, $2, email, email from made
"""


class NotProvisionedError(RuntimeError):
    """The service did not do what it should, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Provisioning:
    """What was measured; milliseconds, medians.

    Attributes:
        created_ms: of adding one user by the service.
        inserted_ms: of the same rows by bare statements, in a transaction of their own.
        found_few_ms: of a filter by user name among the few.
        found_many_ms: the same among the many.
        few: members of the small organisation.
        many: members of the large one.
    """

    created_ms: float
    inserted_ms: float
    found_few_ms: float
    found_many_ms: float
    few: int
    many: int

    @property
    def growth(self) -> float:
        """Return how many times as long it takes to find somebody among the many."""
        return self.found_many_ms / self.found_few_ms

    def __str__(self) -> str:
        """Return it in sentences."""
        return (
            f"A directory adds a user in {self.created_ms:.1f} ms, of which the bare inserts take"
            f" {self.inserted_ms:.1f} ms ({self.created_ms / self.inserted_ms:.1f} times). It finds one by name in"
            f" {self.found_few_ms:.2f} ms among {self.few} and in {self.found_many_ms:.2f} ms among {self.many}"
            f" ({self.growth:.2f} times)."
        )


async def measure_provisioning(place: Place, *, many: int, created: int, found: int) -> Provisioning:
    """Measure in two organisations of their own, the small one before there is the large one.

    They share tables: what reads a table through would take as long for the small one, and look as if it didn't grow.
    """
    async with services_here(place) as services:
        small = await _organisation(place, services, "few", FEW)
        few = [await _found(services, small, f"p{number % FEW + 1}@example.org") for number in range(found)]
        large = await _organisation(place, services, "many", many)
        several = [await _found(services, large, f"p{number * 97 % many + 1}@example.org") for number in range(found)]
        creations = [await _created(services, small, number) for number in range(created)]
        inserts = [await _inserted(services, small, number) for number in range(created)]
    made, bare, in_few, in_many = map(_median_ms, (creations, inserts, few, several))
    return Provisioning(made, bare, in_few, in_many, FEW, many)


def _median_ms(seconds: list[float]) -> float:
    return 1000 * median(seconds[len(seconds) // 10 :])


async def _organisation(place: Place, services: Services, slug: str, members: int) -> Actor:
    organisation_id, now = uuid7(), datetime.now(UTC)
    async with services.database.directory() as transaction:
        await transaction.execute(_ORGANISATION, organisation_id, now, f"scim-{slug}")
    async with place.superuser() as connection:
        await connection.execute("set session_replication_role = replica")  # no reference is looked up for each row
        await connection.execute(_FILL, organisation_id, now, members)
        await connection.execute("analyze member; analyze directory_user; analyze approval")
    async with services.database.tenant(organisation_id) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "bench")
        issued = await create_provisioning_token(access, "bench", access.now + timedelta(days=1))
    return directory_actor(organisation_id, issued.token.id)


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await act()
    return time.perf_counter() - begun


async def _created(services: Services, actor: Actor, number: int) -> float:
    address = f"new{number}@example.org"
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": address,
        "displayName": f"New {number}",
        "emails": [{"value": address, "type": "work", "primary": True}],
    }
    request = ScimRequest("POST", "http://bench/scim/v2", "/Users", body=json.dumps(body).encode())

    async def act() -> None:
        answer = await serve(services, actor, request, "bench")
        if answer.status is not HTTPStatus.CREATED:
            raise NotProvisionedError(str(answer.body))

    return await _timed(act)


async def _inserted(services: Services, actor: Actor, number: int) -> float:
    organisation_id, now, member_id = actor.organisation_id, datetime.now(UTC), uuid7()
    address = f"bare{number}@example.org"

    async def act() -> None:
        async with services.database.tenant(organisation_id) as transaction:
            await transaction.execute(_MEMBER, organisation_id, member_id, now, f"Bare {number}", address, address)
            await transaction.execute(_ROLE, organisation_id, uuid7(), now, member_id)
            await transaction.execute(_SAID, organisation_id, uuid7(), now, member_id, address)
            event = AuditEvent("member.added", "member", member_id)
            await record(transaction, actor, event, at=now, request_id="bench")

    return await _timed(act)


async def _found(services: Services, actor: Actor, user_name: str) -> float:
    query = {"filter": f'userName eq "{user_name}"'}
    request = ScimRequest("GET", "http://bench/scim/v2", "/Users", query=query)

    async def act() -> None:
        answer = await serve(services, actor, request, "bench")
        if answer.body is None or answer.body["totalResults"] != 1:
            raise NotProvisionedError(str(answer.body))

    return await _timed(act)


def main(arguments: list[str]) -> int:
    """Measure, print, and write build/bench/scim.json."""
    parser = argparse.ArgumentParser(prog="python -m bench scim", description="Measure provisioning by a directory.")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    options = parser.parse_args(arguments)
    found = asyncio.run(_measure(is_quick=options.quick))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "scim.json").write_text(json.dumps(asdict(found), indent=2) + "\n")
    print(found)
    return 0


async def _measure(*, is_quick: bool) -> Provisioning:
    many, turns = (MANY_QUICK, 20) if is_quick else (MANY, 300)
    with scratch_folder() as folder, make_place(folder) as place:
        await ours.migrate(place)
        say(f"filling an organisation with {many} members …")
        return await measure_provisioning(place, many=many, created=turns, found=turns)
