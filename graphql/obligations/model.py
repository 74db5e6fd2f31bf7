"""Obligations as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import strawberry

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connections, page_request
from wardship.graphql.api.relations import extends, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field
from wardship.graphql.installations.model import Installation, optional_installations
from wardship.graphql.members.model import related_members
from wardship.plugins.api import AttestationLevel, Claimed, Verb
from wardship.plugins.host.exchanges import KeptExchange
from wardship.plugins.host.grading import Basis
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.proofs import Evidence, ProofRecord
from wardship.tenants.obligations.read import (
    ObligationRecord,
    OutcomeRecord,
    RetainedPart,
    obligations_by_installation,
)
from wardship.tenants.obligations.states import ObligationState
from wardship.tenants.overview.read import OwedByAge, OwedInState

strawberry.enum(Verb, name="IntegrationVerb", description="What an integration is asked to do.")
strawberry.enum(AttestationLevel, name="ProofLevel", description="How good a proof is, best first.")
strawberry.enum(
    Basis,
    name="ProofBasis",
    description="What the grade of a proof rests on; `docs/delivery.md` tells what each needs. Of proofs from before"
    " evidence was kept, NONE_KEPT.",
)
strawberry.enum(Claimed, name="ProvenEffect", description="What a proof is to prove.")
strawberry.enum(
    ObligationState,
    name="ObligationState",
    description="Where an obligation stands; completed, failed and cancelled have ended, manual is with a person.",
)


@object_type(RetainedPart)
class RetainedData:
    """What stays at the vendor although it was asked to let go."""

    category: str = field("Key of the data category.")
    reason: str = field("Why it stays.")
    legal_basis: str = field("On what legal ground.")
    until: str | None = field("Until which day; null when the vendor does not say.")


@object_type(OutcomeRecord)
class ObligationOutcome:
    """How the last call for an obligation ended."""

    status: str = field("The contract's word for it, such as completed or denied.")
    code: str = field("Why, as a stable word.")
    detail: str = field(
        "Why the call did not do what was asked, in the vendor's words where it said any: that the collection has"
        " moved, and to where, that it refused this entry, or asks for a slower pace. Empty once what was owed is done."
    )
    records_affected: int = field("How many records the vendor said it touched.")
    retained: list[RetainedData] = field("What stays at the vendor.")


_FEW: Final = 5
"""How many exchanges are kept in most cases; at most 40."""


@object_type(KeptExchange)
class VendorExchange:
    """One request to a vendor and its answer: a time, a status and keyed digests; no body, no address, no name."""

    at: datetime = field("When the request was sent.")
    method: str = field("The HTTP method.")
    status: int | None = field("The status of the answer; null when none came.")
    error: str | None = field("What went wrong on the way; null when nothing did.")
    server: str = field("Digest of the server.")
    target: str = field("Digest of the address: two exchanges with the same one asked the same place.")
    request_digest: str = field("Digest of what was sent; empty without a body.")
    response_digest: str = field("Digest of the answer; empty without a body.")
    credential: str = field("Digest of the credential that was used; empty without one.")
    names_subject: bool = field("Whether the answer was a success and named whom it was about: there it was found.")
    asks_for_subject: bool = field("Whether the request named them: that a success does not then means something.")
    is_followed: bool = field("Whether the answer led elsewhere and was followed: the next exchange is its end.")
    is_void: bool = field(
        "Whether the answer was a success that tells nothing, such as an empty one or a page for people."
    )
    made: list[str] = field("Digests of the address at which the answer said that something was made.", size=1)


@object_type(Evidence)
class ProofEvidence:
    """What the grade of a proof is derived from: anybody can derive it again."""

    claimed: Claimed = field("What was to be proven.")
    said: AttestationLevel = field("How good the integration said that its proof is, which is not believed.")
    subjects: int = field("How many people it is about; 1 when it is about everything.")
    is_residual: bool = field("Whether the integration said that something is left.")
    recipient: str = field("Who is asked: the vendor, with the server where the settings name one.")
    exchanges: list[VendorExchange] = field("Those of the probe, in order.", size=_FEW)
    earlier: list[VendorExchange] = field("What was seen of the same before, since the last delivery.", size=_FEW)
    outdated: list[VendorExchange] = field("What was seen of the same before that delivery.", size=_FEW)


@object_type(ProofRecord)
class Proof:
    """How it was proven that an erasure or a revocation had its effect."""

    level: AttestationLevel = field("How good it is, derived from what was seen.")
    basis: Basis = field("What that rests on.")
    evidence: ProofEvidence | None = field("What it is derived from; null where somebody said so or nothing was kept.")
    checked_at: datetime = field("When it was had.")
    method: str = field("How, in words.")
    evidence_sha256: str | None = field("Digest of what was seen.")
    residual: list[str] = field("What was still found; empty when nothing was.")


@object_type(ObligationRecord)
class Obligation(Node):
    """One thing owed at one installation."""

    id: strawberry.ID = global_id_field("Obligation")
    verb: Verb = field("What the integration is asked to do.")
    state: ObligationState = field("Where it stands.")
    submitted_at: datetime = field("When it was made.")
    due_at: datetime = field("When it has to have ended.")
    next_at: datetime = field("When it is tried next, while it is tried; later where the vendor takes no more.")
    attempt: int = field("How often it was tried.")
    failures: int = field("How often that failed.")
    reminded: int = field("The last reminder, in percent of its time; 0 before the first.")
    ended_at: datetime | None = field("When it ended.")
    outcome: ObligationOutcome | None = field("How the last call ended; null before it.")
    proof: Proof | None = field("How its effect was proven; null while it is not.")
    recipient: str = field("Who is asked: the vendor, with the server where the settings name one.")
    exchanges: list[VendorExchange] = field(
        "Those with the vendor, of all attempts; of many the most telling.", size=_FEW
    )
    installation = reference(
        optional_installations, "installation_id", "Where it is owed; null when you may not see it."
    )
    member = reference(
        related_members, "member_id", "Whose data it is about; null when it is about the whole installation."
    )


@extends(Installation)
class InstallationObligations:
    """What is and was owed at an installation."""

    @batch_field(cost=3)
    @staticmethod
    async def obligations(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Obligation]]:
        """What is and was owed there, by the time it became due."""
        request = page_request(first, after)
        keys = [parent.id for parent in parents]
        found = await obligations_by_installation(info.context.access, keys, request)
        return connections(parents, found, request)


@object_type(OwedByAge)
class ObligationAges:
    """How many obligations are how old."""

    day: int = field("Made within a day.")
    week: int = field("Within a week, but not within a day.")
    month: int = field("Within 30 days, but not within a week.")
    older: int = field("Before.")


@object_type(OwedInState)
class ObligationsInState:
    """What recipients owe and stands in one state."""

    state: ObligationState = field("The state.")
    count: int = field("How many; 1000 stands for 1000 or more.")
    late: int = field("How many of these, the oldest of more than 1000, are past their time.")
    due_at: datetime | None = field("The soonest time among them.")
    oldest_at: datetime | None = field("When the oldest was made.")
    ages: ObligationAges = field("The same number, by age.")
