"""Claim a domain, have its record issued again or looked for now, and let go of it: what administrators decide."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.throttle import Limit, TooManyAttemptsError, admit
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import own_call
from wardship.tenants.domains.challenge import Challenge, new_challenge
from wardship.tenants.domains.contests import leave_contest, wake_claims_against
from wardship.tenants.domains.directory import DomainRow, free_domain, lock_known_domain
from wardship.tenants.domains.names import claimable_domain
from wardship.tenants.domains.notices import DOMAIN_RELEASED
from wardship.tenants.domains.read import claim_by_id, find_claim
from wardship.tenants.domains.records import COLUMNS, ENDS, HOLDING, ClaimRecord, ClaimScope, ClaimState
from wardship.tenants.domains.telling import tell_of_domain
from wardship.tenants.domains.write import ClaimClocks, ClaimStateError, require_transition, transition_claim
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.organisations.states import require_active
from wardship.tenants.permissions import Permission

PENDING_FOR: Final = timedelta(days=7)
"""How long a claim waits for its proof; a renewed record begins again."""
MOST_PENDING: Final = 10
VERIFICATIONS: Final = Limit("domain_verification", 5, timedelta(minutes=1), timedelta(minutes=1), timedelta(minutes=1))
"""Looks into the DNS that the people of one organisation may ask for."""
_S = ClaimState
_RENEWABLE: Final = frozenset({_S.PENDING, _S.VERIFIED, _S.GRACE, _S.SUSPENDED})

_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2029))"
_PENDING: Final = "select count(*) from domain_claim where organisation_id = $1 and state = 'pending'"
_INSERT: Final = (
    "insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, state_until,"
    " token_hash, token_issued_at) values ($1, $2, $3, $4, $5, 'pending', $3, $6, $7, $3)"
    " on conflict (organisation_id, name) where state in ('pending', 'verified', 'grace', 'suspended', 'contested',"
    " 'disputed') do nothing returning "
)
_CLAIM: Final = _INSERT + COLUMNS
_OPEN: Final = "select name from domain_claim where organisation_id = $1 and state = any($2::text[])"
_OPEN_BY_NAME: Final = (
    "select id, name from domain_claim where organisation_id = $1 and state = any($2::text[])"
    " and name = any($3::text[]) order by name"
)
_RENEW_PENDING: Final = (
    "update domain_claim set token_hash = $3, token_issued_at = $4, state_until = $5"
    " where organisation_id = $1 and id = $2 returning "
)
_RENEW_OTHER: Final = (
    "update domain_claim set fresh_hash = $3, fresh_issued_at = $4 where organisation_id = $1 and id = $2 returning "
)
_RENEWED_PENDING: Final = _RENEW_PENDING + COLUMNS
_RENEWED_OTHER: Final = _RENEW_OTHER + COLUMNS
_ASK: Final = "update domain_claim set check_at = $3, is_asked = true where organisation_id = $1 and id = $2 returning "
_ASKED: Final = _ASK + COLUMNS


class DomainClaimedError(ConflictError):
    """Your organisation has claimed this domain already: go on with that claim, or release it."""

    code: ClassVar[str] = "DOMAIN_CLAIMED"


class TooManyClaimsError(ConflictError):
    """Ten domains of the organisation wait for their proof: prove or release one first."""

    code: ClassVar[str] = "TOO_MANY_CLAIMS"


class TooManyVerificationsError(ConflictError):
    """The organisation's domains were looked up five times within a minute: the message says when to try again."""

    code: ClassVar[str] = "TOO_MANY_VERIFICATIONS"


@dataclass(frozen=True, slots=True)
class IssuedChallenge:
    """A claim, and the record that proves it, which is shown once.

    Attributes:
        claim: as it is now.
        challenge: the record to place.
    """

    claim: ClaimRecord
    challenge: Challenge


async def claim_domain(access: Access, name: str, scope: ClaimScope = ClaimScope.NAME) -> IssuedChallenge:
    """Claim a domain: others that claim or hold it play no part, and are told nothing, until it is proven.

    Raises:
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        OrganisationNotActiveError: the organisation is suspended, or ends.
        InvalidDomainError: no such domain can be registered.
        DomainRefusedError: it can be no organisation's.
        TooManyClaimsError: ten wait for their proof.
        DomainClaimedError: the organisation has claimed it already.
    """
    _require_manager(access)
    await require_active(access)
    domain = claimable_domain(name, access.services.settings)
    await access.transaction.execute(_LOCK, access.organisation_id)
    if await access.fetchval(_PENDING) >= MOST_PENDING:
        raise TooManyClaimsError(f"{MOST_PENDING} domains wait for their proof: prove or release one first.")
    challenge = await _challenge(access, domain, scope)
    claim = await access.fetchrow_as(
        ClaimRecord,
        _CLAIM,
        uuid7(),
        access.now,
        domain,
        scope.value,
        access.now + PENDING_FOR,
        challenge.digest,
    )
    if claim is None:
        raise DomainClaimedError("Your organisation has claimed this domain already: see `domains`.", path=("name",))
    await access.audit("domain.claimed", "domain_claim", claim.id, scope=scope.value)
    return IssuedChallenge(claim, challenge)


async def renew_claim(access: Access, claim_id: UUID) -> IssuedChallenge:
    """Issue a new record for a claim: what was issued before proves a pending claim no more.

    A claim that was proven keeps its proof until the new record is found; in a grace period, after a suspension and
    when somebody else has proven the domain, only a record that was issued since counts.

    Raises:
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: absent, or not the caller's to see.
        ClaimStateError: it has ended, or waits for another's answer.
    """
    claim = await _lock_own(access, claim_id)
    if claim.state not in _RENEWABLE:
        raise ClaimStateError(f"This claim is {claim.state.value}: it takes no new record.", path=("domain_id",))
    challenge = await _challenge(access, claim.name, claim.scope)
    is_pending = claim.state is _S.PENDING
    until = (access.now + PENDING_FOR,) if is_pending else ()
    sql = _RENEWED_PENDING if is_pending else _RENEWED_OTHER
    renewed = await access.fetchrow_as(ClaimRecord, sql, claim.id, challenge.digest, access.now, *until)
    await access.audit("domain.renewed", "domain_claim", claim.id)
    return IssuedChallenge(renewed or claim, challenge)


async def verify_domain(access: Access, claim_id: UUID) -> ClaimRecord:
    """Have the record looked for now: a worker asks the DNS after this transaction, and what it finds is in the claim.

    Raises:
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: absent, or not the caller's to see.
        ClaimStateError: it has ended, or waits for another's answer.
        TooManyVerificationsError: it was asked for five times within a minute.
    """
    claim = await _lock_own(access, claim_id)
    is_over = claim.state is _S.PENDING and claim.state_until is not None and claim.state_until <= access.now
    if claim.state not in _RENEWABLE or is_over:
        state = _S.EXPIRED if is_over else claim.state
        raise ClaimStateError(f"This claim is {state.value}: there is nothing to look for.", path=("domain_id",))
    await _admit(access)
    asked = await access.fetchrow_as(ClaimRecord, _ASKED, claim.id, access.now)
    await access.transaction.execute("select pg_notify('wardship_sweeps', '')")
    await access.audit("domain.verification_asked", "domain_claim", claim.id)
    return asked or claim


async def release_domain(access: Access, claim_id: UUID) -> ClaimRecord:
    """Let go of a claim, and of the domain if it is held by it.

    Raises:
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: absent, or not the caller's to see.
        ClaimStateError: it has ended.
    """
    name = (await claim_by_id(access, claim_id)).name
    _require_manager(access)
    domain = await lock_known_domain(access.transaction, name)
    claim = await _lock_own(access, claim_id)
    released = await _release(access, claim, domain)
    if claim.state in HOLDING | {_S.SUSPENDED}:
        await tell_of_domain(access, DOMAIN_RELEASED, claim)
    return released


async def release_all_domains(access: Access) -> None:
    """Let go of everything that the organisation claims or holds, because it ends: nobody is told."""
    rows = await access.fetch(_OPEN, [state.value for state in ClaimState if state not in ENDS])
    await release_domains(access, [row["name"] for row in rows], reason="organisation_closed")


async def release_domains(access: Access, names: Collection[str], *, reason: str) -> None:
    """Let go of what the organisation claims or holds of these names, for acts that tell of it themselves."""
    open_states = [state.value for state in ClaimState if state not in ENDS]
    for row in await access.fetch(_OPEN_BY_NAME, open_states, list(names)):
        domain = await lock_known_domain(access.transaction, row["name"])
        claim = await find_claim(access, row["id"], lock="for no key update")
        if claim is not None and claim.state not in ENDS:
            await _release(access, claim, domain, reason=reason)


async def _release(access: Access, claim: ClaimRecord, domain: DomainRow | None, **details: str) -> ClaimRecord:
    """Let go of a claim; it and the domain, if somebody has ever proven it, are locked.

    Raises:
        ClaimStateError: it has ended.
        ConflictError: it was proven for the first time at this moment.
    """
    require_transition(claim, _S.RELEASED)
    if domain is None and claim.state is not _S.PENDING:
        raise ConflictError("The domain was proven at the same moment: look again, then repeat if needed.")
    released = await transition_claim(access, claim, _S.RELEASED, ClaimClocks(), **details)
    await free_domain(access, domain, claim.id)
    await wake_claims_against(access, claim)
    await leave_contest(access, claim)
    return released


def _require_manager(access: Access) -> None:
    access.require(Permission.DOMAINS_MANAGE)
    access.require_step_up()


async def _lock_own(access: Access, claim_id: UUID) -> ClaimRecord:
    await claim_by_id(access, claim_id)
    _require_manager(access)
    claim = await find_claim(access, claim_id, lock="for no key update")
    if claim is None:
        raise NotFoundError("No such domain here: use the id of one that you can see.", path=("domain_id",))
    return claim


async def _challenge(access: Access, name: str, scope: ClaimScope) -> Challenge:
    slug = (await own_organisation(access)).slug
    return new_challenge(name, scope, public_url=access.services.settings.public_url, slug=slug)


async def _admit(access: Access) -> None:
    """Count one look, in the transaction that asks for it."""
    async with in_directory(access):
        try:
            await admit(access.transaction, own_call(access), VERIFICATIONS, str(access.organisation_id))
        except TooManyAttemptsError as error:
            raise TooManyVerificationsError(
                f"Domains were looked up too often just now: try again in {error.retry_after} seconds."
            ) from None
