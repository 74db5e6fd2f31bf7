"""What the manifest says: whether the hooks are pure, what is promised, and which rules concern nobody."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import CONTRACT_VERSION, FIRST_CONTRACT, Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.plugins.host.registry import LoadedIntegration, load_plugin
from wardship.plugins.kit.bench import Bench, implements
from wardship.plugins.kit.connections import noticing
from wardship.plugins.kit.findings import Findings
from wardship.plugins.kit.scenarios.forms import judge_form
from wardship.plugins.kit.target import Target

_BY_VERB: Final = {
    Verb.SHARE: (
        "share-is-repeatable",
        "batch-is-delivered",
        "batch-is-as-large-as-it-says",
        "record-replaces",
        "export-is-complete",
        "export-is-tagged",
        "proof-finds-what-is-there",
        "proof-as-promised",
        "lost-answer",
        "restriction-is-lifted",
        "states-are-true",
    ),
    Verb.EXPORT: ("export-is-complete", "export-is-tagged", "unknown-is-empty", "record-replaces"),
    Verb.ERASE: ("erase-is-idempotent", "erased-is-gone"),
    Verb.REVOKE: ("revoke-is-idempotent", "revoked-is-gone"),
    Verb.RESTRICT: ("restriction-is-lifted",),
    Verb.ATTEST: ("proof-needs-an-answer", "proof-finds-what-is-there", "proof-as-promised", "host-clock"),
    Verb.RECONCILE: ("states-are-true",),
    Verb.RECEIVE: ("unsigned-is-refused",),
    Verb.GRANT: ("grant-is-repeatable",),
}
_NOT_BY_HAND: Final = (Verb.EXPORT, Verb.CORRECT, Verb.ERASE, Verb.REVOKE, Verb.ATTEST)


def judge_hooks(find: object, loaded: LoadedIntegration, findings: Findings) -> None:
    """Ask the hooks again: they say the same, and reach for nothing."""
    reached: list[str] = []
    with noticing(reached.append):
        again = load_plugin(lambda: find, loaded.key, loaded.distribution)
    if reached:
        findings.fail("hooks-are-pure", f"a hook reaches for {reached[0]}")
    same = (again.manifest, again.plan) == (loaded.manifest, loaded.plan)
    findings.judge("hooks-are-pure", "", is_kept=same, why="the hooks declare something else the second time")


def judge_served(target: Target, findings: Findings) -> None:
    """Read the document of a remote integration again: it says the same."""
    if target.remote is not None:
        is_kept = target.remote.is_the_same(target.document)
        findings.judge("document-stands", "", is_kept=is_kept, why="the document says something else the second time")


def judge_declaration(bench: Bench, findings: Findings) -> None:
    """Judge what the manifest says by itself."""
    judge_form(bench, findings)
    manifest = bench.manifest
    why = f"the manifest states contract {manifest.contract}; the present one is {CONTRACT_VERSION}"
    findings.judge("present-contract", "", is_kept=manifest.contract == CONTRACT_VERSION, why=why)
    by_hand = [verb for verb in _NOT_BY_HAND if not bench.promises(verb)]
    why = f"not done by the connector: {', '.join(by_hand)}"
    findings.judge("nothing-by-hand", "", is_kept=not by_hand, why=why)
    vendor = manifest.vendor
    missing = [name for name in ("policy_url", "agreement_url") if getattr(vendor, name) is None]
    why = f"vendor.{' and vendor.'.join(missing)} not given"
    findings.judge("vendor-says-more", "", is_kept=not missing, why=why)
    _judge_what_concerns_nobody(bench, findings)


def _judge_what_concerns_nobody(bench: Bench, findings: Findings) -> None:
    for verb, rules in _BY_VERB.items():
        if not bench.promises(verb):
            findings.unconcerned(f"the manifest does not promise {verb}", *rules)
    if not any(map(bench.promises, (Verb.EXPORT, Verb.RECONCILE))):
        findings.unconcerned("nothing is read from the vendor", "garbage-is-no-answer")
    if bench.manifest.contract == FIRST_CONTRACT:
        findings.unconcerned("under contract 1 the host sets the keys", "idempotency-keys")
    _judge_what_is_not_taken_back(bench, findings)
    if not bench.hosts:
        findings.unconcerned("no host is declared", "hosts-are-used")
    if not bench.promises(Verb.SHARE) and not bench.promises(Verb.CORRECT):
        findings.unconcerned("nothing is brought to the vendor", "fields-are-used")
    if not bench.promises(Verb.EXPORT) and not bench.promises(Verb.ATTEST):
        why = "neither export nor attest shows what the vendor holds"
        findings.unconcerned(why, "erased-is-gone", "revoked-is-gone")


def _judge_what_is_not_taken_back(bench: Bench, findings: Findings) -> None:
    if not any(map(bench.promises, (Verb.RESTRICT, Verb.REVOKE, Verb.ERASE))):
        findings.unconcerned("nothing is taken back by the connector", "every-cause-is-taken")
    if bench.manifest.limits.batch == 1:
        findings.unconcerned("each person comes alone", "batch-is-as-large-as-it-says")
    if not bench.manifest.supports.object or not bench.promises(Verb.RESTRICT):
        findings.unconcerned("objections to a purpose are not promised", "objection-is-taken")
    if not any(map(bench.promises, (Verb.RESTRICT, Verb.REVOKE, Verb.CORRECT))):
        findings.unconcerned("nothing is done about people but sharing", "order-does-not-matter")


def judge_methods(bench: Bench, findings: Findings) -> None:
    """Compare the connector's methods with what is promised; known once there was a call."""
    kind = bench.plugin.connector_type
    if kind is None or bench.remote is not None:
        return
    promised = {verb for verb in Verb if doer(bench.manifest, verb) is Doer.CONNECTOR}
    there = {verb for verb in Verb if implements(kind, verb)}
    missing, more = sorted(promised - there), sorted(there - promised)
    why = f"promised and missing: {', '.join(missing)}"
    findings.judge("methods-as-promised", "", is_kept=not missing, why=why)
    findings.judge("no-more-methods", "", is_kept=not more, why=f"there and not promised: {', '.join(more)}")
