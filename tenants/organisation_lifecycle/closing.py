"""Close an organisation whose 48 hours are over: take everything back at recipients, erase everything here, and end.

It takes many transactions, each of which is safe to repeat: the state says that it goes on, if a process ends between.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.accounts.tombstones import forget_tombstones
from wardship.core.actor import system_actor
from wardship.core.notices import tell_staff
from wardship.core.tokens.tokens import remove_tokens_of_organisation
from wardship.plugins.api import Verb
from wardship.tenants.access import Access, Services
from wardship.tenants.domains.claiming import release_all_domains
from wardship.tenants.erasure.whole import Kept, Step, first_steps, last_steps, read_references, what_is_kept
from wardship.tenants.installation_lifecycle.lifecycle import end_every_installation
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.notices import tell_everybody
from wardship.tenants.notices.mailing import mail_last_notices
from wardship.tenants.obligations.sealed import seal_erasures
from wardship.tenants.obligations.states import cancel_all_but
from wardship.tenants.organisation_lifecycle.ending import end_organisation, tell_provider
from wardship.tenants.organisation_lifecycle.notices import EVERYBODY, ORGANISATION_CLOSED, ORGANISATION_ENDED
from wardship.tenants.organisations.names import SLUG_KEPT
from wardship.tenants.organisations.states import OrganisationState, lock_state, transition_organisation
from wardship.tenants.requests.handing_over import hand_remainders_to_privacy_team, kept_limits
from wardship.tenants.single_sign_on.states import turn_all_off

COPIES_WAITED_FOR: Final = timedelta(days=30)
"""How long after the 48 hours an erasure waits for copies that were asked for before."""
_BACK: Final = (Verb.ERASE, Verb.REVOKE, Verb.ATTEST)
_SEALED_AT_ONCE: Final = 500
_MOST_BATCHES: Final = 200
_IS_COPY_PENDING: Final = (
    "select exists (select from request_right g where g.organisation_id = $1 and g.ended_at is null"
    " and g.kind in ('access', 'portability')) or exists (select from export_file f where f.organisation_id = $1"
    " and f.destroyed_at is null and f.expires_at > $2)"
)
_IS_DONE: Final = (
    "select not exists (select from installation where organisation_id = $1 and state <> 'removed')"
    " and not exists (select from erasure_remainder where organisation_id = $1 and ended_at is null)"
)
_STILL: Final = "select from organisation where id = $1 and state = 'closing' for no key update skip locked"


async def begin_closing(here: Access) -> None:
    """End what can still be undone, once the time is over and nobody waits for a copy that was asked for before.

    Every installation ends, with all that it owes back; nothing else is owed any more. Tokens die.

    Args:
        here: the system's own, in the organisation, whose state is locked; reaches the directory.
    """
    until = await here.fetchval("select state_until from organisation where id = $1")
    if until > here.now:
        return
    is_late = until + COPIES_WAITED_FOR <= here.now
    if not is_late and await here.fetchval(_IS_COPY_PENDING, here.now):
        return
    await transition_organisation(here, OrganisationState.CLOSING, only_from={OrganisationState.LEAVING})
    await cancel_all_but(here, _BACK, "organisation_closed")
    ended = await end_every_installation(here)
    await release_all_domains(here)
    await turn_all_off(here)
    await hand_remainders_to_privacy_team(here)
    await remove_tokens_of_organisation(here.transaction, here.organisation_id)
    await tell_everybody(here, ORGANISATION_CLOSED, states=EVERYBODY)
    await here.audit("organisation.closing", "organisation", here.organisation_id, installations=ended)
    await tell_provider(here, "organisation.closing")


async def go_on_closing(services: Services, organisation_id: UUID) -> None:
    """Erase what is left of a closing organisation, as far as it can be now; end it when nothing is.

    Does nothing while another worker is at the same organisation.
    """
    run = _Run(services, organisation_id)
    if not await run.is_closing():
        return
    await mail_last_notices(services, organisation_id)  # what is not mailed now is erased
    await run.seal()
    if not await run.take(await run.first()):
        return
    if await run.is_done() and await run.take(await run.last()):
        await run.end()


@dataclass(slots=True)
class _Run:
    """One worker's turn at a closing organisation."""

    services: Services
    organisation_id: UUID
    batches: int = 0
    kept: Kept = field(default_factory=Kept)

    async def seal(self) -> None:
        """Seal into erasures that are owed what each person is found by, in as many transactions as it takes."""
        for installation in await self._installations():
            after: UUID | None = None
            while True:
                async with self._transaction() as here:
                    after = await seal_erasures(here, installation, after, _SEALED_AT_ONCE)
                if after is None:
                    break

    async def first(self) -> list[tuple[Step, ...]]:
        async with self._transaction() as here:
            await cancel_all_but(here, _BACK, "organisation_closed")
            await forget_tombstones(here.transaction, self.organisation_id)
            self.kept = await what_is_kept(here, await kept_limits(here))
            steps = first_steps(self.services.nouns.held, await read_references(here))
        return [(step,) for step in steps]

    async def is_closing(self) -> bool:
        """Return whether it closes, and nobody else is at it."""
        async with self._transaction() as here:
            return bool(await here.fetch(_STILL))

    async def is_done(self) -> bool:
        """Return whether nothing is owed by recipients and nothing is kept any more."""
        async with self._transaction() as here:
            return bool(await here.fetchval(_IS_DONE))

    async def last(self) -> list[tuple[Step, ...]]:
        async with self._transaction() as here:
            return last_steps(self.services.nouns.held, await read_references(here))

    async def take(self, groups: Sequence[tuple[Step, ...]]) -> bool:
        """Run steps until they touch nothing; False where another worker is at it, or where a next run has to go on."""
        for group in groups:
            while True:
                self.batches += 1
                touched = await self._batch(group)
                if touched is None or self.batches >= _MOST_BATCHES:
                    return False
                if not touched:
                    break
        return True

    async def end(self) -> None:
        """Note the end."""
        async with self._transaction() as here:
            if await lock_state(here) is OrganisationState.CLOSING:
                slug = await here.fetchval("select slug from organisation where id = $1")
                await end_organisation(here)
                await tell_provider(here, "organisation.closed")
                target = (self.organisation_id, "organisation", self.organisation_id)
                until = here.now + SLUG_KEPT
                await tell_staff(
                    here.transaction, here.services, ORGANISATION_ENDED, target=target, slug=slug, until=until
                )

    async def _batch(self, group: tuple[Step, ...]) -> int | None:
        async with self._transaction() as here:
            if not await here.fetch(_STILL):
                return None
            if self.batches >= _MOST_BATCHES:
                await here.transaction.execute("select pg_notify('wardship_sweeps', '')")
            return sum([await self._step(here, step) for step in group])

    async def _step(self, here: Access, step: Step) -> int:
        kept = (list(self.kept.members), list(self.kept.rows.get(step.table, ())))
        return await here.fetchval(step.sql, *kept) if step.is_call else await here.execute(step.sql, *kept)

    async def _installations(self) -> list[InstallationRecord]:
        async with self._transaction() as here:
            rows = await here.fetch("select id from installation where organisation_id = $1 and state <> 'removed'")
            return list((await find_installations(here, [row["id"] for row in rows])).values())

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Access]:
        async with self.services.database.tenant(self.organisation_id, directory=True) as transaction:
            yield Access(system_actor(self.organisation_id), transaction, self.services, "sweep-closing")
