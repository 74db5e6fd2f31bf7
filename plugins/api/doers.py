"""By whom each verb is done for an integration: its connector, a person, or nobody."""

from __future__ import annotations

from enum import StrEnum

from wardship.plugins.api.contract import FIRST_CONTRACT, Verb
from wardship.plugins.api.manifest import Direction, Manifest
from wardship.plugins.api.revocation import RevocationPlan
from wardship.plugins.api.supports import AttestSupport, EraseSupport, ExportSupport, RevokeSupport


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


def is_ended_by_host(manifest: Manifest) -> bool:
    """Return whether the host ends this deployment's access at the vendor, and proves it, without the connector."""
    return manifest.oauth is not None and manifest.oauth.revocation_endpoint is not None


def objection_doer(manifest: Manifest, purpose: str) -> Doer:
    """Return who tells the vendor of an objection to a purpose.

    ``NOBODY`` where the record that follows, or its erasure, takes back all that was held for it. Under contract 1 it
    always did: ``supports.object`` was declared then, and nothing was sent for it.
    """
    if manifest.contract == FIRST_CONTRACT:
        return Doer.NOBODY
    if manifest.supports.object:
        return Doer.CONNECTOR
    fields = {name for entry in manifest.receives if entry.purpose == purpose for name in entry.fields}
    others = {name for entry in manifest.receives if entry.purpose != purpose for name in entry.fields}
    return Doer.PERSON if fields & others else Doer.NOBODY


def instructions(manifest: Manifest | None, plan: RevocationPlan | None, verb: Verb, integration: str) -> str:
    """Return what a person has to do when no connector does it."""
    if plan is not None and (said := plan.instructions(verb)):
        return said
    whom = manifest.vendor.privacy_contact if manifest else f"the vendor of {integration}"
    return f"Ask {whom} to {verb} what was sent to them, and note their answer here."
