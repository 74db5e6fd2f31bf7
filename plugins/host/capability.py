"""Who does a verb: the connector, a person, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from pydantic import BaseModel

from wardship.plugins.api import (
    Attestation,
    AttestSupport,
    Claim,
    Direction,
    EraseSupport,
    Export,
    ExportSupport,
    Grant,
    InboundCall,
    Inquiry,
    Manifest,
    Outcome,
    Received,
    Reconciliation,
    Record,
    Restriction,
    Revocation,
    RevocationPlan,
    RevokeSupport,
    Share,
    SubjectRef,
    Verb,
)

ARGUMENTS: Final[Mapping[Verb, type[BaseModel] | None]] = {
    Verb.CHECK: None,
    Verb.GRANT: Grant,
    Verb.SHARE: Share,
    Verb.REVOKE: Revocation,
    Verb.EXPORT: SubjectRef,
    Verb.CORRECT: Record,
    Verb.RESTRICT: Restriction,
    Verb.ERASE: SubjectRef,
    Verb.ATTEST: Claim,
    Verb.RECONCILE: Inquiry,
    Verb.RECEIVE: InboundCall,
}
"""What each verb is called with."""

Answer: TypeAlias = Outcome | Export | Attestation | Reconciliation | Received

RESULTS: Final[Mapping[Verb, type[Answer]]] = {
    **dict.fromkeys(Verb, Outcome),
    Verb.EXPORT: Export,
    Verb.ATTEST: Attestation,
    Verb.RECONCILE: Reconciliation,
    Verb.RECEIVE: Received,
}
"""What each verb answers."""

URGENT: Final = frozenset({Verb.REVOKE})
"""Goes ahead whatever the breaker says and however busy the installation is; the timeout still holds."""


class Doer(StrEnum):
    """By whom a verb is done."""

    CONNECTOR = "connector"
    PERSON = "person"
    NOBODY = "nobody"


def doer(manifest: Manifest, verb: Verb) -> Doer:
    """Return who does a verb for an integration: what a vendor can't do automatically becomes a person's task.

    ``NOBODY`` means that nothing needs doing: no connection to make, nothing to send, no call to receive.
    """
    supports = manifest.supports
    sends = any(entry.direction is not Direction.PULL for entry in manifest.receives)
    by_connector = {
        Verb.CHECK: True,
        Verb.GRANT: supports.grant,
        Verb.SHARE: sends,
        Verb.REVOKE: supports.revoke is not RevokeSupport.MANUAL,
        Verb.EXPORT: supports.export in {ExportSupport.SYNC, ExportSupport.ASYNC},
        Verb.CORRECT: supports.correct,
        Verb.RESTRICT: supports.restrict,
        Verb.ERASE: supports.erase not in {EraseSupport.MANUAL, EraseSupport.NONE},
        Verb.ATTEST: supports.attest is not AttestSupport.NONE,
        Verb.RECONCILE: supports.reconcile,
        Verb.RECEIVE: supports.receive,
    }
    if by_connector[verb]:
        return Doer.CONNECTOR
    needs_nobody = {Verb.GRANT, Verb.SHARE, Verb.ATTEST, Verb.RECONCILE, Verb.RECEIVE}
    return Doer.NOBODY if verb in needs_nobody else Doer.PERSON


def instructions(manifest: Manifest | None, plan: RevocationPlan | None, verb: Verb, integration: str) -> str:
    """Return what a person has to do when no connector does it."""
    if plan is not None and (said := plan.instructions(verb)):
        return said
    whom = manifest.vendor.privacy_contact if manifest else f"the vendor of {integration}"
    return f"Ask {whom} to {verb} what was sent to them, and note their answer here."
