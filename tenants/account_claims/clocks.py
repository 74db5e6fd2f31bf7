"""What the clock makes due for claimed accounts: people are reminded, and those who have not chosen are told so."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.notices.tell import TELL_ACCOUNTS, AccountTelling
from wardship.tenants.access import Access, Services
from wardship.tenants.account_claims.notices import ACCOUNT_CLAIM_REMINDER, ACCOUNT_UNDECIDED
from wardship.tenants.account_claims.records import REMINDED_BEFORE
from wardship.tenants.account_claims.write import end_late_claims
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import ClaimRecord, ClaimState
from wardship.tenants.domains.telling import in_words
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.organisations.states import OrganisationState

_log = structlog.get_logger(__name__)
_DOMAINS: Final = (
    "select distinct domain_id from account_claim where organisation_id = $1 and state = 'notified'"
    " and (decide_until <= $2 or remind_at <= $2)"
)
_DAYS: Final = (
    "select distinct decide_until from account_claim where organisation_id = $1 and domain_id = $2"
    " and state = 'notified' and remind_at <= $3 and decide_until > $3"
)
# Those who are asked until the same moment are told the same.
_DUE: Final = """
    with due as materialized (
        select id, account_id from account_claim where organisation_id = $1 and domain_id = $8 and state = 'notified'
            and remind_at <= $2 and decide_until = $9 for no key update
    ),
"""
_LATER: Final = """
    update account_claim c set remind_at = $10 from due, told where c.organisation_id = $1 and c.id = due.id
"""
_REMIND: Final = _DUE + TELL_ACCOUNTS + _LATER


async def act_on_account_claims(services: Services) -> None:
    """Remind people of their choice, and note which have not chosen in time: a sweep."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select organisation_id from account_claims_due($1)", services.clock.now())
    for row in rows:
        # One organisation's fault must not stop the others.
        (fault,) = await asyncio.gather(_act(services, row["organisation_id"]), return_exceptions=True)
        if isinstance(fault, Exception):
            _log.error("account_claims_failed", organisation=str(row["organisation_id"]), exc_info=fault)


async def _act(services: Services, organisation_id: UUID) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "account-claims")
        organisation = await own_organisation(access)
        if organisation.state != OrganisationState.ACTIVE:
            return  # nobody could be taken in now: the days end when that is over
        for row in await access.fetch(_DOMAINS, access.now):
            domain = await find_claim(access, row["domain_id"], lock="for share")
            if domain is not None and domain.state is ClaimState.VERIFIED:
                await _act_on_domain(access, domain, organisation.name)


async def _act_on_domain(access: Access, domain: ClaimRecord, organisation: str) -> None:
    values: dict[str, object] = {"organisation": organisation, "domain": in_words(domain.name)}
    about = ("domain_claim", domain.id)
    told = AccountTelling(ACCOUNT_UNDECIDED, about, f"{access.now:%Y-%m-%d %H:%M}", values)
    if late := await end_late_claims(access, domain.id, told):
        await access.audit("account_claim.undecided", "domain_claim", domain.id, accounts=late)
    for row in await access.fetch(_DAYS, domain.id, access.now):
        until: datetime = row["decide_until"]
        last = until - REMINDED_BEFORE[1]
        following = last if last > access.now else None
        again = AccountTelling(
            ACCOUNT_CLAIM_REMINDER, about, f"{until:%Y-%m-%d %H:%M} {following}", {**values, "until": until}
        )
        await access.execute(_REMIND, *again.arguments(access.services), domain.id, until, following)
