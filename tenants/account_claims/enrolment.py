"""What follows when an address was proven at a domain that an organisation holds: by its policy, whichever way it was.

The database notes each proof of a primary address for which there is a policy (``note_proven_mailbox``); a worker acts.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from wardship.core.accounts.address import EmailAddress
from wardship.core.actor import Actor, CredentialKind, system_actor
from wardship.core.database.scope import Scope
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices import tell_account
from wardship.tenants.access import Access, Services
from wardship.tenants.account_claims.choices import enter
from wardship.tenants.account_claims.notices import ACCOUNT_CLAIMED, ACCOUNT_JOINED, ORGANISATION_SUGGESTED
from wardship.tenants.account_claims.policies import AddressPolicy, policy_for_address
from wardship.tenants.account_claims.records import (
    ASKS_WHO_EXISTS,
    DECIDED_WITHIN,
    REMINDED_BEFORE,
    AccountClaimRecord,
    Enrolment,
)
from wardship.tenants.account_claims.write import NewClaim, insert_asked
from wardship.tenants.domains.telling import in_words
from wardship.tenants.members.tombstones import KnownBy, suppressed
from wardship.tenants.organisations.read import own_organisation

AGAIN_AFTER: Final = timedelta(hours=1)
"""When it is looked again at an address whose domain has to be proven again just now."""
KEPT: Final = timedelta(days=14)
"""How long a proof waits for that."""
_MOST: Final = 200
_log = structlog.get_logger(__name__)
_DUE: Final = "select account_id from proven_mailbox where due_at <= $1 order by due_at limit $2"
_PROOF: Final = (
    "select p.id, p.created_at, p.is_new, e.address, greatest(e.verified_at, e.proven_at) as proven_at"
    " from proven_mailbox p join account a on a.id = p.account_id and a.state = 'active' and a.closes_at is null"
    " join account_email e on e.account_id = p.account_id and e.is_primary and e.verified_at is not null"
    " where p.account_id = $1 for update of p skip locked"
)
_IS_MEMBER: Final = (
    "select exists (select from member where organisation_id = $1 and account_id = $2"
    " and state in ('active', 'deactivated'))"
)


@dataclass(frozen=True, slots=True)
class _Proof:
    account_id: UUID
    address: EmailAddress
    is_new: bool
    proven_at: datetime
    created_at: datetime


async def enrol_proven(services: Services) -> int:
    """Do what policies want of the addresses that were proven; return how many were looked at: a sweep."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(_DUE, services.clock.now(), _MOST)
    for row in rows:
        # One account's fault must not stop the others.
        (fault,) = await asyncio.gather(_enrol(services, row["account_id"]), return_exceptions=True)
        if isinstance(fault, Exception):
            _log.error("enrolment_failed", account=str(row["account_id"]), exc_info=fault)
    return len(rows)


async def _enrol(services: Services, account_id: UUID) -> None:
    async with services.database.directory() as transaction:
        row = await transaction.fetchrow(_PROOF, account_id)
        policy = None if row is None else await policy_for_address(transaction, EmailAddress(row["address"]))
        if row is None or policy is None:
            await transaction.execute("delete from proven_mailbox where account_id = $1", account_id)
            return
        proof = _Proof(account_id, EmailAddress(row["address"]), row["is_new"], row["proven_at"], row["created_at"])
        if not policy.is_proven and services.clock.now() < proof.created_at + KEPT:
            later = services.clock.now() + AGAIN_AFTER
            await transaction.execute("update proven_mailbox set due_at = $2 where account_id = $1", account_id, later)
            return
        await transaction.execute("delete from proven_mailbox where account_id = $1", account_id)
        if policy.is_proven and policy.enrolment is not Enrolment.OFF and _is_of_this_epoch(proof, policy):
            async with transaction.reaching(_scope(policy)):
                there = Access(system_actor(policy.organisation_id), transaction, services, "enrolment")
                await _apply(there, policy, proof)


def _is_of_this_epoch(proof: _Proof, policy: AddressPolicy) -> bool:
    return policy.epoch_since is None or proof.proven_at >= policy.epoch_since


async def _apply(there: Access, policy: AddressPolicy, proof: _Proof) -> None:
    """Let a policy have its way with an account that is no member, and was not erased there."""
    (known,) = await suppressed(there, [KnownBy(email=proof.address)])
    if known.is_address or known.others or await there.fetchval(_IS_MEMBER, proof.account_id):
        return
    values: dict[str, object] = {
        "organisation": (await own_organisation(there)).name,
        "domain": in_words(policy.name),
    }
    if policy.enrolment is Enrolment.SUGGEST:
        if proof.is_new:
            await _tell(there, proof, ORGANISATION_SUGGESTED, policy, values)
        return
    joins = proof.is_new and policy.takes_who_is_new
    if not joins and policy.enrolment not in ASKS_WHO_EXISTS:
        return
    claim = await _claim(there, policy, proof)
    if claim is None:
        return  # asked before: nobody is asked twice
    if joins:
        actor = Actor(proof.account_id, policy.organisation_id, None, frozenset(), CredentialKind.SYSTEM)
        await enter(Access(actor, there.transaction, there.services, there.request_id), claim, proof.address)
        await _tell(there, proof, ACCOUNT_JOINED, policy, values)
    else:
        await _tell(there, proof, ACCOUNT_CLAIMED, policy, {**values, "until": claim.decide_until})


async def _claim(there: Access, policy: AddressPolicy, proof: _Proof) -> AccountClaimRecord | None:
    until = there.now + DECIDED_WITHIN
    remind_at = until - REMINDED_BEFORE[0]
    return await insert_asked(there, NewClaim(proof.account_id, policy.domain_id, policy.epoch, until, remind_at))


async def _tell(
    there: Access, proof: _Proof, kind: NoticeKind, policy: AddressPolicy, values: dict[str, object]
) -> None:
    await tell_account(there.transaction, there.services, proof.account_id, kind, once=str(policy.domain_id), **values)


def _scope(policy: AddressPolicy) -> Scope:
    return Scope(policy.organisation_id, directory=True)
