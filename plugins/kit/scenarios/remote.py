"""An endpoint that anybody can reach: whom it believes, what it does twice, and which of its own calls are believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wardship.plugins.api import Record, Share, Verb, new_webhook_secret
from wardship.plugins.kit.bench import Bench
from wardship.plugins.kit.findings import Findings
from wardship.plugins.kit.remote.messages import Message, send_message
from wardship.plugins.kit.stage import Stage, values_of

_LONG_AGO: Final = timedelta(minutes=10)
_REFUSALS: Final = range(400, 500)
_TAKEN: Final = range(200, 300)


async def strangers(stage: Stage) -> None:
    """Send what nobody has signed, what somebody else has, and what was signed at another time."""
    bench = stage.bench
    if bench.remote is None or not bench.can(Verb.SHARE):
        return
    record = bench.people.somebody()
    shared = await _shared(stage, record)
    if shared is None:
        return
    secret, now = bench.remote.signing_secret, bench.clock.now()
    forged = shared.saying(argument=_share(bench.people.changed(record)), obligation_id=bench.new_obligation())
    genuine = shared.saying(obligation_id=bench.new_obligation()).signed(now, secret)
    attempts = {
        "without a signature": forged.signed(now),
        "signed by somebody else": forged.signed(now, new_webhook_secret()),
        "with another body than was signed": Message(genuine.url, genuine.headers, forged.body),
    }
    await _refused(stage, "signature-is-checked", record, attempts)
    if stage.findings.has_failed("signature-is-checked"):
        return
    attempts = {
        "signed ten minutes ago": forged.signed(now - _LONG_AGO, secret),
        "signed in ten minutes": forged.saying().signed(now + _LONG_AGO, secret),
    }
    await _refused(stage, "old-message-is-refused", record, attempts)


async def _refused(stage: Stage, rule: str, record: Record, attempts: dict[str, Message]) -> None:
    """See that each message is refused, and that what was shared is there as it was."""
    before = await stage.held(record)
    stage.findings.need(rule, *attempts, "nothing has changed")
    for aspect, message in attempts.items():
        status = await send_message(message)
        why = f"a message {aspect} is answered with {status or 'nothing'}: answer 401"
        stage.findings.judge(rule, aspect, is_kept=status in _REFUSALS, why=why)
    after = await stage.held(record)
    is_same = before is None or (after is not None and values_of(after) == values_of(before))
    why = "such a message has changed what is held on a person"
    stage.findings.judge(rule, "nothing has changed", is_kept=is_same, why=why)


async def repetitions(stage: Stage) -> None:
    """Send a message again after a later one about the same person: as it was, and as it is tried again."""
    bench, rule = stage.bench, "replay-changes-nothing"
    if bench.remote is None or not bench.can(Verb.SHARE):
        return
    record = bench.people.somebody()
    first = await _shared(stage, record)
    if first is None or await _shared(stage, bench.people.changed(record)) is None:
        return
    later = await stage.held(record)
    again = {"exactly": first, "tried again": first.signed(bench.clock.now(), bench.remote.signing_secret)}
    stage.findings.need(rule, *again, "nothing has changed")
    for aspect, message in again.items():
        status = await send_message(message)
        why = f"a message that comes again ({aspect}) is answered with {status or 'nothing'}: answer as before"
        stage.findings.judge(rule, aspect, is_kept=status in _TAKEN, why=why)
    held = await stage.held(record)
    is_same = later is None or (held is not None and values_of(held) == values_of(later))
    why = "a message that came again has undone a later one: remember each webhook-id with its answer"
    stage.findings.judge(rule, "nothing has changed", is_kept=is_same, why=why)


async def newer(stage: Stage) -> None:
    """Sign as while the secret is replaced, and say more than the present version does."""
    bench = stage.bench
    if bench.remote is None:
        return
    seen = await stage.see(Verb.CHECK)
    if seen is None or not seen.sent:
        return
    secret, other, now = bench.remote.signing_secret, new_webhook_secret(), bench.clock.now()
    asked = Message.like(seen.sent[-1])
    stage.findings.need("rotation-is-followed", "the later signature", "the earlier signature")
    for aspect, both in (("the later signature", (other, secret)), ("the earlier signature", (secret, other))):
        status = await send_message(asked.saying().signed(now, *both))
        why = f"of two signatures {aspect} fits, and the answer is {status or 'nothing'}: any that fits is enough"
        stage.findings.judge("rotation-is-followed", aspect, is_kept=status in _TAKEN, why=why)
    status = await send_message(asked.saying(said_by_a_later_version={"more": True}).signed(now, secret))
    why = f"a message with a part that is not known is answered with {status or 'nothing'}: leave it unread"
    stage.findings.judge("additions-are-ignored", "", is_kept=status in _TAKEN, why=why)


def judge_own_calls(bench: Bench, findings: Findings) -> None:
    """Judge the calls that the vendor has made by itself."""
    if bench.callbacks is not None and (bench.callbacks.believed or bench.callbacks.refused):
        why = f"a call of its own is not believed: {next(iter(bench.callbacks.refused), '')}"
        findings.judge("own-calls-are-signed", "", is_kept=not bench.callbacks.refused, why=why)


def judge_silence(bench: Bench, findings: Findings) -> None:
    """Say at the end that there were no such calls, where there were none."""
    if bench.remote is not None and not findings.has_held("own-calls-are-signed"):
        why = "it makes no calls of its own" if bench.callbacks else "its own calls can't reach this machine"
        findings.unconcerned(why, "own-calls-are-signed")


async def _shared(stage: Stage, record: Record) -> Message | None:
    """Share a person, and return the message by which it was done."""
    seen = await stage.see(Verb.SHARE, Share(records=(record,)))
    return Message.like(seen.sent[-1]) if seen is not None and seen.is_done and seen.sent else None


def _share(record: Record) -> dict[str, object]:
    return Share(records=(record,)).model_dump(mode="json")
