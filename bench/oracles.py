"""Whether time tells a stranger who is a customer: each question asked in turn of what is known and of what is not.

`python -m bench oracles` runs it: the server in a process of its own, and claims of domains in this one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from statistics import median
from typing import Final
from uuid import UUID

import httpx2

from bench import ours
from bench.ours import services_here, serving
from bench.place import BUILD, Place, make_place, scratch_folder
from wardship.core.actor import system_actor
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.domains.claiming import claim_domain, release_domain
from wardship.tenants.domains.records import ClaimScope
from wardship.tenants.provisioning.tokens import create_provisioning_token
from wardship.tenants.single_sign_on.records import ProviderState
from wardship.tenants.single_sign_on.registering import ProviderValues, create_provider

TURNS, TURNS_QUICK = 300, 5
KNOWN: Final = "harbour-logistics.com"
UNKNOWN: Final = "nobody-holds-this.com"
_ORGANISATION: Final = "insert into organisation (id, created_at, slug, name) values ($1, $2, $3, $3)"
_CLAIM: Final = (
    "insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_issued_at)"
    " values ($1, $2, now(), $3, 'name', 'verified', now(), now())"
)
_DOMAIN: Final = (
    "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)"
    " values ($1, now(), $2, $3, $4, 1, 'held')"
)
_MEMBER: Final = (
    "insert into member (organisation_id, id, created_at, joined_at, display_name, email, pseudonym)"
    " values ($1, $2, now(), now(), 'Ann', $3, $3)"
)

Ask = Callable[[str], Awaitable[float]]
"""Asks of something, and returns the seconds that the answer took."""


class OtherAnswerError(RuntimeError):
    """A question was answered by something else than it should, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What time tells of one question; milliseconds, medians.

    Attributes:
        question: what was asked.
        known_ms: of what is there.
        unknown_ms: of what is not.
        longer: how often of all pairs what is known took longer: 0.5 tells nothing.
    """

    question: str
    known_ms: float
    unknown_ms: float
    longer: float

    def __str__(self) -> str:
        """Return it as a line."""
        return (
            f"{self.question:43} known {self.known_ms:6.2f} ms, unknown {self.unknown_ms:6.2f} ms"
            f" ({self.known_ms / self.unknown_ms:.2f} times), longer in {100 * self.longer:.0f} % of pairs"
        )


@dataclass(frozen=True, slots=True)
class Customer:
    """An organisation that holds a domain and signs in by a provider, with one member."""

    organisation_id: UUID
    member_id: UUID


def compare(question: str, known: Sequence[float], unknown: Sequence[float]) -> Told:
    """Return what two samples of seconds tell, the first tenth of each left out."""
    first, second = (values[len(values) // 10 :] for values in (known, unknown))
    wins = sum((one > other) + (one == other) / 2 for one in first for other in second)
    return Told(question, 1000 * median(first), 1000 * median(second), wins / (len(first) * len(second)))


async def measure_oracles(place: Place, *, turns: int) -> list[Told]:
    """Ask every question in turn, in an order that is drawn each time."""
    async with services_here(place) as services:
        customer = await _customer(place, services)
        rival = await _organisation(services, "rival")
        token = await _token(services, rival)
        with serving(place) as server:
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
                stranger = Stranger(place, client, customer, token)
                way, user = "POST /auth/way-to-sign-in", "GET /scim/v2/Users of another organisation"
                known_user, unknown_user = str(customer.member_id), str(uuid7())
                told = [
                    await _told(way, stranger.ask_for_the_way, f"ann@{KNOWN}", f"ann@{UNKNOWN}", turns),
                    await _told("GET /auth/o/NAME", stranger.open_address, "customer", "nobodys1", turns),
                    await _told(user, stranger.look_for_user, known_user, unknown_user, turns),
                ]
        return [*told, await _told("claimDomain", partial(_claim, services, rival), KNOWN, UNKNOWN, turns)]


async def _told(question: str, ask: Ask, known: str, unknown: str, turns: int) -> Told:
    taken: dict[str, list[float]] = {known: [], unknown: []}
    for number in range(turns):
        for asked in (known, unknown) if number % 2 else (unknown, known):
            taken[asked].append(await ask(asked))
    return compare(question, taken[known], taken[unknown])


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who asks over HTTP, from outside or with the token of another organisation's directory."""

    place: Place
    client: httpx2.AsyncClient
    customer: Customer
    token: str

    async def ask_for_the_way(self, email: str) -> float:
        """Ask how to sign in with an address; attempts are forgotten before, which no stranger can do."""
        async with self.place.superuser() as connection:
            await connection.execute("truncate sign_in_attempt")
        request = self.client.build_request("POST", "/auth/way-to-sign-in", json={"email": email})
        return await self._timed(request, HTTPStatus.ACCEPTED)

    async def open_address(self, name: str) -> float:
        """Open the page of an organisation's short name."""
        return await self._timed(self.client.build_request("GET", f"/auth/o/{name}"), HTTPStatus.OK)

    async def look_for_user(self, user_id: str) -> float:
        """Ask for a user by the token of another organisation's directory."""
        headers = {"Authorization": f"Bearer {self.token}"}
        request = self.client.build_request("GET", f"/scim/v2/Users/{user_id}", headers=headers)
        return await self._timed(request, HTTPStatus.NOT_FOUND)

    async def _timed(self, request: httpx2.Request, expected: HTTPStatus) -> float:
        begun = time.perf_counter()
        answer = await self.client.send(request)
        taken = time.perf_counter() - begun
        if answer.status_code != expected:
            raise OtherAnswerError(f"{request.method} {request.url}: {answer.status_code} {answer.text[:200]}")
        return taken


async def _claim(services: Services, organisation_id: UUID, name: str) -> float:
    """Claim a domain and let go of it; the claim alone is timed."""
    begun = time.perf_counter()
    async with _here(services, organisation_id) as access:
        issued = await claim_domain(access, name, ClaimScope.NAME)
    taken = time.perf_counter() - begun
    async with _here(services, organisation_id) as access:
        await release_domain(access, issued.claim.id)
    return taken


async def _organisation(services: Services, slug: str) -> UUID:
    organisation_id = uuid7()
    async with services.database.directory() as transaction:
        await transaction.execute(_ORGANISATION, organisation_id, datetime.now(UTC), slug)
    return organisation_id


async def _customer(place: Place, services: Services) -> Customer:
    organisation_id, claim_id, member_id = await _organisation(services, "customer"), uuid7(), uuid7()
    async with place.superuser() as connection:
        await connection.execute(_CLAIM, organisation_id, claim_id, KNOWN)
        await connection.execute(_DOMAIN, uuid7(), KNOWN, organisation_id, claim_id)
        await connection.execute(_MEMBER, organisation_id, member_id, f"ann@{KNOWN}")
    values = ProviderValues(name="Login", issuer=f"https://login.{KNOWN}", client_id="bench", client_secret=uuid7().hex)
    async with _here(services, organisation_id) as access:
        provider = await create_provider(access, values)
    async with place.superuser() as connection:
        put = "update identity_provider set state = $2 where id = $1"
        await connection.execute(put, provider.id, ProviderState.ACTIVE.value)
    return Customer(organisation_id, member_id)


@asynccontextmanager
async def _here(services: Services, organisation_id: UUID) -> AsyncIterator[Access]:
    async with services.database.tenant(organisation_id) as transaction:
        yield Access(system_actor(organisation_id), transaction, services, "bench")


async def _token(services: Services, organisation_id: UUID) -> str:
    async with _here(services, organisation_id) as access:
        issued = await create_provisioning_token(access, "bench", access.now + timedelta(days=1))
    return issued.text


def main(arguments: list[str]) -> int:
    """Measure, print, and write build/bench/oracles.json."""
    parser = argparse.ArgumentParser(prog="python -m bench oracles", description="Measure what time tells strangers.")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    options = parser.parse_args(arguments)
    found = asyncio.run(_measure(TURNS_QUICK if options.quick else TURNS))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "oracles.json").write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n")
    print(*found, sep="\n")
    return 0


async def _measure(turns: int) -> list[Told]:
    with scratch_folder() as folder, make_place(folder) as place:
        await ours.migrate(place)
        return await measure_oracles(place, turns=turns)
