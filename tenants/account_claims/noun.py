"""The tables of policies, groupings and claims of accounts, and the proofs that wait for a policy."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data, personal_data
from wardship.core.database.tables import DirectoryTable, TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import DomainListeners, MemberListeners, Services, Sweeps
from wardship.tenants.account_claims.choice_page import choice_router
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.enrolment import enrol_proven
from wardship.tenants.account_claims.following import follow_domain, release_with_membership, settle_with_membership
from wardship.tenants.account_claims.grouping_job import run_groupings
from wardship.tenants.account_claims.notices import KINDS


@personal_data(not_personal=("domain_id", "enrolment", "is_for_subtree", "changed_at"))
class DomainPolicy(TenantTable, tablename="domain_policy"):
    """What an organisation wants of accounts at a domain of its own."""

    domain_id = UUID()
    enrolment = Text()
    is_for_subtree = Boolean()
    changed_at = Timestamptz()


@personal_data(
    not_personal=(
        "domain_id",
        "epoch",
        "state",
        "state_since",
        "state_until",
        "matching",
        "members",
        "former_members",
        "claimed",
        "unproven",
        "elsewhere",
        "at_domain",
        "at_account",
        "seen",
        "notified",
    )
)
class DomainGrouping(TenantTable, tablename="domain_grouping"):
    """A grouping of the accounts at a domain: counts, and how far it has come."""

    domain_id = UUID()
    epoch = Integer()
    state = Text()
    state_since = Timestamptz()
    state_until = Timestamptz(null=True, default=None)
    matching = BigInt()
    members = BigInt()
    former_members = BigInt()
    claimed = BigInt()
    unproven = BigInt()
    elsewhere = BigInt()
    at_domain = Text()
    at_account = UUID()
    seen = BigInt()
    notified = BigInt()


@personal_data(
    subject="member_id",
    personal={
        "account_id": Personal("user.unique_id", Source.AUTOMATIC, Erasure.DECORRELATE, exported=False),
        "managed_at": Personal("user.account", Source.AUTOMATIC, Erasure.REMOVE),
        "earlier_shared_at": Personal("user.account", Source.PERSON, Erasure.REMOVE),
    },
    # Only who has an account's identifier can tell that the digest is its own: by it nobody is asked twice.
    not_personal=(
        "account_hash",
        "domain_id",
        "grouping_id",
        "epoch",
        "state",
        "state_since",
        "decide_until",
        "remind_at",
        "member_id",
    ),
)
class AccountClaim(TenantTable, tablename="account_claim"):
    """A claim of an organisation to an account at its domain, and what the person has answered."""

    account_id = UUID(null=True, default=None)
    account_hash = Bytea()
    domain_id = UUID()
    grouping_id = UUID(null=True, default=None)
    epoch = Integer()
    state = Text()
    state_since = Timestamptz()
    decide_until = Timestamptz(null=True, default=None)
    remind_at = Timestamptz(null=True, default=None)
    member_id = UUID(null=True, default=None)
    managed_at = Timestamptz(null=True, default=None)
    earlier_shared_at = Timestamptz(null=True, default=None)


@account_data(not_personal=("is_new", "due_at"))
class ProvenMailbox(DirectoryTable, tablename="proven_mailbox"):
    """A primary address that was proven, of which a policy may want something; the worker takes it away."""

    account_id = UUID()
    is_new = Boolean()
    due_at = Timestamptz()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return DomainPolicy, DomainGrouping, AccountClaim, ProvenMailbox


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what the owners of accounts are told."""
    return KINDS


@hookimpl
def wardship_domain_listeners() -> DomainListeners:
    """Return what follows for accounts from a change of a domain."""
    return (follow_domain,)


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what answers a claim by a membership, and releases it with the one that it led to."""
    return settle_with_membership, release_with_membership


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what groups accounts, does what policies want of new ones, and keeps the days of people."""
    return run_groupings, enrol_proven, act_on_account_claims


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return the page on which people choose."""
    return (choice_router(services),)
