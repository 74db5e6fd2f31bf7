"""The tables of domains and of claims to them."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Integer, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, personal_data
from wardship.core.database.tables import DirectoryTable, TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.domains.clocks import check_domains, end_domain_states
from wardship.tenants.domains.notices import KINDS


@personal_data(
    not_personal=(
        "name",
        "holder_id",
        "claim_id",
        "epoch",
        "state",
        "scope",
        "last_proven_at",
        "quarantined_until",
        "backwards",
        "epoch_since",
    )
)
class Domain(DirectoryTable, tablename="domain"):
    """Who holds a domain, of all organisations: reached by functions of the database alone."""

    name = Text(unique=True)
    holder_id = UUID(null=True, default=None)
    claim_id = UUID(null=True, default=None)
    epoch = Integer(default=0)
    state = Text(default="free")
    scope = Text(default="name")
    last_proven_at = Timestamptz(null=True, default=None)
    quarantined_until = Timestamptz(null=True, default=None)
    backwards = Text()
    epoch_since = Timestamptz(null=True, default=None)


@personal_data(
    not_personal=(
        "name",
        "scope",
        "state",
        "state_since",
        "state_until",
        "token_hash",
        "token_issued_at",
        "fresh_hash",
        "fresh_issued_at",
        "check_at",
        "is_asked",
        "checked_at",
        "finding",
        "misses",
        "missed_since",
        "remind_at",
        "proven_at",
        "contested_at",
        "contested_until",
        "against_id",
        "quarantined_until",
        "epoch",
        "examined_at",
        "examined_until",
    )
)
class DomainClaim(TenantTable, tablename="domain_claim"):
    """A claim of one organisation to one domain; of what proves it, digests alone are kept."""

    name = Text()
    scope = Text()
    state = Text()
    state_since = Timestamptz()
    state_until = Timestamptz(null=True, default=None)
    token_hash = Bytea(null=True, default=None)
    token_issued_at = Timestamptz()
    fresh_hash = Bytea(null=True, default=None)
    fresh_issued_at = Timestamptz(null=True, default=None)
    check_at = Timestamptz(null=True, default=None)
    is_asked = Boolean(default=False)
    checked_at = Timestamptz(null=True, default=None)
    finding = Text(null=True, default=None)
    misses = Integer(default=0)
    missed_since = Timestamptz(null=True, default=None)
    remind_at = Timestamptz(null=True, default=None)
    proven_at = Timestamptz(null=True, default=None)
    contested_at = Timestamptz(null=True, default=None)
    contested_until = Timestamptz(null=True, default=None)
    against_id = UUID(null=True, default=None)
    quarantined_until = Timestamptz(null=True, default=None)
    epoch = Integer(null=True, default=None)
    examined_at = Timestamptz(null=True, default=None)
    examined_until = Timestamptz(null=True, default=None)


@personal_data(
    # What an organisation writes may name a person, as whatever others write.
    personal={"text": Personal("user.content", Source.ADMINISTRATOR, Erasure.MODIFY, longest=5000)},
    not_personal=("claim_id", "author_id"),
)
class DomainEvidence(TenantTable, tablename="domain_evidence"):
    """What an organisation says in a dispute of a domain, for the provider alone."""

    claim_id = UUID()
    author_id = UUID(null=True, default=None)
    text = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Domain, DomainClaim, DomainEvidence


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about domains."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what looks domains up, and ends what nobody proves."""
    return end_domain_states, check_domains
