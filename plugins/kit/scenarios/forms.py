"""The two forms of an integration, and which rules are about one of them alone."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import Verb
from wardship.plugins.kit.bench import Bench
from wardship.plugins.kit.findings import Findings

OF_CODE: Final = (
    "hooks-are-pure",
    "methods-as-promised",
    "no-more-methods",
    "undeclared-data",
    "declared-hosts",
    "host-client-only",
    "only-three-errors",
    "errors-are-told",
    "loop-is-not-blocked",
    "proof-needs-an-answer",
    "unsigned-is-refused",
    "fields-are-used",
    "hosts-are-used",
    "refused-credentials",
    "slower-pace",
    "outage-is-no-refusal",
    "garbage-is-no-answer",
    "idempotency-keys",
    "no-own-retries",
    "lets-go",
    "secret-not-in-address",
    "host-clock",
)
"""Rules about code that runs in the host: for a remote integration that is the host's own."""

OF_ENDPOINTS: Final = (
    "document-stands",
    "signature-is-checked",
    "old-message-is-refused",
    "replay-changes-nothing",
    "rotation-is-followed",
    "additions-are-ignored",
    "own-calls-are-signed",
)
"""Rules about an endpoint, of which a package has none."""


def judge_form(bench: Bench, findings: Findings) -> None:
    """Say which rules concern nobody, by the form of the integration."""
    if bench.remote is None:
        findings.unconcerned("a package has no endpoint", *OF_ENDPOINTS)
        return
    findings.unconcerned("no code of a remote integration runs in the host", *OF_CODE)
    if not bench.promises(Verb.SHARE):
        findings.unconcerned("nothing is shared", "signature-is-checked", "old-message-is-refused")
        findings.unconcerned("nothing is shared", "replay-changes-nothing")
