"""What happens between the commands of the guide: people open their letters and sign in; later the clock rings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

import asyncpg

from tests.app.guide import code_of
from tests.app.programs import until
from tests.app.shell import Shell
from tests.app.visitor import Visitor, is_served, look
from tests.connecting import run_until_idle
from tests.fixed_clock import FixedClock
from tests.tables import tenant_table_names
from tests.tenants.erasure.searching import found_in_tables
from wardship.app.deployment import database_place, make_services, running
from wardship.app.nouns import domain_nouns
from wardship.core.settings import Settings
from wardship.tenants.obligations.worker import Worker

OLIVIA, PAT, QUINN = "olivia@harbour.example", "pat@provider.example", "quinn@orchard.example"
OF_ORCHARD: Final = ("Zoë Nightingale", "zoe@orchard.example", "+31 20 794 6999", "Orchard Foods")
"""What Orchard holds of people, and its name."""
_HERE = "{ viewer { member { roles { role } } } organisation { slug name state stateReason stateUntil } }"
_QUEUE = "{ viewer { isPrivacyTeam } escalatedRequests { edges { node { organisation rights { kind } } } } }"
_NAMES = "{ members { edges { node { displayName } } } }"


@dataclass
class Story:
    """The people of a deployment that follows the guide.

    Attributes:
        site: the address that people type.
        shell: where the operator types.
        link: returns the link in the latest letter to an address, once there is one.
        settings: returns those of the deployment, for a process of the test's own.
        owner: opens a connection that sees past row-level security.
        queue: what waits for the privacy team.
    """

    site: str
    shell: Shell
    link: Callable[[str], str]
    settings: Callable[[], Settings]
    owner: Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]
    queue: list[object] = field(default_factory=list)
    people: dict[str, Visitor] = field(default_factory=dict)

    def type(self, text: str) -> str:
        """Type a block, and let happen what comes after it; return what its commands wrote."""
        said = self.shell.run(text)
        if "wardship serve" in text:
            until(lambda: is_served(self.site))
        for words, act in AFTER.items():
            if words in text:
                act(self, said)
        return said

    def close(self) -> None:
        """Close everybody's browser."""
        for person in self.people.values():
            person.close()

    def register(self, email: str, name: str) -> Visitor:
        """Let somebody open the letter and follow it to the end."""
        link = self.link(email)
        person = self.people[email] = Visitor(self.site, email)
        person.register(link, name)
        assert look(link).heading == "This link doesn't work", "it works once"
        return person

    def owner_comes(self, said: str) -> None:
        """Let the first owner register; she owns the organisation as soon as her second factor is set up."""
        assert "harbour waits for its owner until" in said
        assert look(self.site).heading == "An organisation waits for its owner"
        olivia = self.register(OLIVIA, "Olivia Åström")
        until(lambda: olivia.organisation() == "harbour")
        here = olivia.get(_HERE)
        assert (here["organisation"]["name"], here["organisation"]["state"]) == ("Harbour Logistics", "active")
        assert {"role": "ORG_OWNER"} in here["viewer"]["member"]["roles"], here
        assert look(self.site).heading != "An organisation waits for its owner"

    def privacy_team_comes(self, said: str) -> None:
        """Let one of the privacy team register, and see what waits."""
        waiting = [line for line in said.splitlines() if line.startswith("privacy_team  ")]
        assert [line.split()[1] for line in waiting] == ["pat@provider.example,", "robin@provider.example,"]
        pat = self.register(PAT, "Pat")
        until(lambda: pat.ask(_QUEUE).get("data"))
        assert [edge["node"] for edge in pat.get(_QUEUE)["escalatedRequests"]["edges"]] == self.queue
        assert self.people[OLIVIA].refusal(_QUEUE)["code"] == "PERMISSION_DENIED"

    def provider_has_a_name(self, said: str) -> None:
        """See that the name is what people at the provider read."""
        assert said == "The provider is Example Cloud now.\n"
        assert self.people[PAT].get("{ organisation { name } }")["organisation"]["name"] == "Example Cloud"

    def second_owner_comes(self, said: str) -> None:
        """Let the owner of the second organisation register, and bring somebody in."""
        assert "orchard                  awaiting_owner  Orchard Foods" in said
        assert "harbour                  active          Harbour Logistics\n" in said
        quinn = self.register(QUINN, "Quinn")
        until(lambda: quinn.organisation() == "orchard")
        self._import_people(quinn)
        assert self._names(QUINN) == {"Quinn", OF_ORCHARD[0]}

    def orchard_is_suspended(self, said: str) -> None:
        """See that its owner is kept out, and the other organisation's isn't."""
        assert "orchard is suspended.\n" in said
        refused = self.people[QUINN].refusal(_NAMES)
        assert refused["code"] == "ORGANISATION_SUSPENDED"
        assert "The invoice of October is open" in refused["message"]
        assert self._names(OLIVIA) == {"Olivia Åström"}

    def orchard_is_resumed(self, said: str) -> None:
        """See that all is as before."""
        assert "orchard is active.\n" in said
        assert self._names(QUINN) == {"Quinn", OF_ORCHARD[0]}

    def orchard_leaves(self, said: str) -> None:
        """See that its people go on for 48 hours, then let the clock ring and see that nothing is left."""
        assert "until then: wardship organisation reopen orchard" in said
        organisation = self.people[QUINN].get(_HERE)["organisation"]
        assert (organisation["state"], organisation["stateReason"]) == ("leaving", "The contract has ended")
        left = datetime.fromisoformat(organisation["stateUntil"]) - datetime.now(UTC)
        assert timedelta(hours=47, minutes=50) < left <= timedelta(hours=48)
        assert set(OF_ORCHARD) == asyncio.run(self._found())
        assert asyncio.run(self._later(timedelta(hours=47, minutes=50))) == "leaving"
        # The processes that serve take part once it is closing, and one may hold what another would do.
        until(lambda: asyncio.run(self._later(timedelta(hours=48))) == "closed")
        assert asyncio.run(self._found()) == set()
        assert asyncio.run(self._tables()) <= {"audit_entry", "audit_head"}
        listed = self.shell.run("wardship organisation list").splitlines()
        assert [line.split()[:2] for line in listed] == [["harbour", "active"], ["orchard", "closed"]]
        olivia = self.people[OLIVIA]
        olivia.sign_in()
        assert self._names(OLIVIA) == {"Olivia Åström"}, "the other organisation is as it was"

    def _import_people(self, quinn: Visitor) -> None:
        """Bring somebody in by the command of the guide to imports, as it is written."""
        [command] = code_of("importing-members.md", "sh")
        assert "https://wardship.example.org" in command
        name, email, phone, _ = OF_ORCHARD
        self.shell.run(f"printf 'email,display_name,phone\\n%s,%s,%s\\n' '{email}' '{name}' '{phone}' > people.csv")
        self.shell.run(f"TOKEN={quinn.make_token('orchard', 'write')}")
        self.shell.run(command.replace("https://wardship.example.org", self.site))
        outcome = [json.loads(line) for line in self.shell.run("cat outcome.jsonl").splitlines()]
        assert outcome[-1] == {"imported": 1, "refused": 0}, outcome

    def _names(self, email: str) -> set[str]:
        edges = self.people[email].get(_NAMES)["members"]["edges"]
        return {edge["node"]["displayName"] for edge in edges}

    async def _later(self, span: timedelta) -> str:
        """Do in this process what clocks make due after a span, and return the state of Orchard."""
        settings, clock = self.settings(), FixedClock(datetime.now(UTC) + span)
        with database_place(settings) as place:
            services = make_services(settings, place, clock=clock)
            async with running(services, place):
                worker = Worker(services, duties=domain_nouns().duties)
                await worker.sweep()
                await run_until_idle(worker)
                async with services.database.directory(read_only=True) as transaction:
                    state: str = await transaction.fetchval("select state from organisation where slug = 'orchard'")
        return state

    async def _found(self) -> set[str]:
        """Return what of Orchard's data stands in any table."""
        async with self.owner() as owner:
            return {found.partition(": ")[2] for found in await found_in_tables(owner, OF_ORCHARD)}

    async def _tables(self) -> set[str]:
        """Return the tables that hold anything of Orchard."""
        of_it = "where organisation_id = (select id from organisation where slug = 'orchard')"
        async with self.owner() as owner:
            tables = await tenant_table_names(owner)
            return {name for name in tables if await owner.fetchval(f"select exists (select from {name} {of_it})")}


AFTER: Mapping[str, Callable[[Story, str], None]] = MappingProxyType(
    {
        "--slug harbour": Story.owner_comes,
        "staff add pat": Story.privacy_team_comes,
        "provider rename": Story.provider_has_a_name,
        "--slug orchard": Story.second_owner_comes,
        "suspend orchard": Story.orchard_is_suspended,
        "resume orchard": Story.orchard_is_resumed,
        "close orchard": Story.orchard_leaves,
    }
)
"""What happens after the block that holds these words."""


@asynccontextmanager
async def connected(**arguments: str) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection for as long as the context lasts."""
    connection = await asyncpg.connect(**arguments)
    try:
        yield connection
    finally:
        await connection.close()
