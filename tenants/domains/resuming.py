"""An organisation that was suspended is resumed: what stood still for its domains begins again, with whole days."""

from __future__ import annotations

from typing import Final

from wardship.tenants.access import Access
from wardship.tenants.domains.clocks import SUSPENDED_FOR, end_later
from wardship.tenants.domains.contests import ask_again
from wardship.tenants.domains.directory import lock_known_domain
from wardship.tenants.domains.notices import DOMAIN_SUSPENDED
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import HOLDING, ClaimRecord, ClaimState
from wardship.tenants.domains.settling import GRACE, REMINDED_AFTER, tell_lost
from wardship.tenants.domains.telling import tell_of_domain
from wardship.tenants.domains.write import schedule_check

_S = ClaimState
_STOOD_STILL: Final = (
    "select id, name from domain_claim where organisation_id = $1 and (state in ('grace', 'suspended', 'contested')"
    " or (state = 'verified' and contested_at is not null)) order by length(name), name"
)


async def resume_domains(here: Access) -> None:
    """Give the people of a resumed organisation whole days to answer, and to prove again what was lost meanwhile.

    Args:
        here: in the organisation, which is not suspended any more.
    """
    for row in await here.fetch(_STOOD_STILL):
        await lock_known_domain(here.transaction, row["name"])  # names are locked before claims
        claim = await find_claim(here, row["id"], lock="for no key update")
        if claim is not None:
            await _begin_again(here, claim)


async def _begin_again(here: Access, claim: ClaimRecord) -> None:
    match claim.state:
        case _S.GRACE:
            until = here.now + GRACE
            await tell_lost(here, await end_later(here, claim, until, here.now + REMINDED_AFTER), until, "resumed")
        case _S.SUSPENDED:
            until = here.now + SUSPENDED_FOR
            await end_later(here, claim, until, None)
            await tell_of_domain(here, DOMAIN_SUSPENDED, claim, once=f"{until:%Y-%m-%d %H:%M}", until=until)
        case _S.CONTESTED:
            await schedule_check(here, claim.id, max(here.now, claim.contested_until or here.now))
    if claim.state in HOLDING and claim.contested_at is not None:
        await ask_again(here, claim)
