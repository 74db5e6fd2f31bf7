"""The end of an installation, which is the last thing that happens: some people, then everything, then the proof."""

from __future__ import annotations

from wardship.plugins.api import Claim, Claimed, Inquiry, Reconciliation, Revocation, SubjectState, Verb
from wardship.plugins.kit.people import SHORTEST_TOLD
from wardship.plugins.kit.scenarios.proofs import gone, kept_by_law, proven, stays
from wardship.plugins.kit.stage import Stage


async def revoking(stage: Stage) -> None:
    """Revoke one person of two, twice; then everything, twice; and let both be proven."""
    bench, rule = stage.bench, "revoke-is-idempotent"
    if not bench.can(Verb.REVOKE):
        return
    stage.findings.need(rule, "one person", "one person again", "everything", "everything again")
    bench.install_again()
    one, other = bench.people.somebody(), bench.people.somebody()
    if bench.can(Verb.SHARE) and not await stage.share(one, other):
        return
    some = Revocation(everything=False, subjects=(one.subject,))
    revoked = await stage.done(rule, "one person", Verb.REVOKE, some)
    if revoked is None:
        return
    is_gone = await gone(stage, "revoked-is-gone", one, Claimed.REVOKED, kept_by_law(revoked))
    await stays(stage, "revoked-is-gone", other)
    await stage.done(rule, "one person again", Verb.REVOKE, some)
    everything = Revocation(everything=True, subjects=(other.subject,))
    if await stage.done(rule, "everything", Verb.REVOKE, everything) is None:
        return
    if is_gone:
        claim = Claim(claimed=Claimed.REVOKED, everything=True, subjects=(other.subject,))
        await proven(stage, "revoked-is-gone", claim)
    await stage.done(rule, "everything again", Verb.REVOKE, everything)


async def clearing(stage: Stage) -> None:
    """Take back everybody whom the kit has brought, and see that the vendor's closed fixture is no active person."""
    bench = stage.bench
    people = {record.subject.id: record for record in bench.people.made}
    for record in people.values():
        if bench.can(Verb.ERASE):
            await bench.settle(Verb.ERASE, record.subject)
    closed = bench.people.closed
    if closed is None or not bench.can(Verb.RECONCILE):
        return
    seen = await stage.see(Verb.RECONCILE, Inquiry(subjects=(closed,)))
    if seen is not None and isinstance(seen.answer, Reconciliation):
        active = any(each.state is SubjectState.ACTIVE for each in seen.answer.standings)
        if active:
            stage.findings.fail("states-are-true", "the fixture that is closed is told as active")


def judge_use(stage: Stage) -> None:
    """Compare what was declared with what was used in all calls."""
    bench, findings = stage.bench, stage.findings
    calls = (*bench.earlier, *bench.calls)
    requests = [request for seen in calls for request in seen.sent]
    sent = "\n".join(request.url + request.body.decode("utf-8", errors="replace") for request in requests)
    read = {name for seen in calls for name in seen.fields}
    read |= {
        field.name for each in bench.people.made for field in each.fields if _is_telling(each.text(field.name), sent)
    }
    known = {kind for seen in calls for kind in seen.identifiers}
    unused = [name for name in dict.fromkeys(bench.manifest.field_names) if name not in read]
    unused += [str(each.type) for each in bench.manifest.identifiers if str(each.type) not in known]
    why = f"declared, and neither read nor sent: {', '.join(unused)}"
    findings.judge("fields-are-used", "", is_kept=not unused, why=why)
    hosts = {request.url.split("/", 3)[2] for request in requests}
    idle = [host for host in bench.hosts if host not in hosts]
    findings.judge("hosts-are-used", "", is_kept=not idle, why=f"declared, and asked by no call: {', '.join(idle)}")


def _is_telling(value: str, sent: str) -> bool:
    return len(value) >= SHORTEST_TOLD and value in sent
