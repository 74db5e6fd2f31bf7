"""What is kept of a proof is enough to derive its grade again, and a grade never covers what came after its proof."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import access_for
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from tests.tenants.obligations.test_leases import call, prepared, settled, take
from wardship.plugins.api import Attestation, AttestationLevel, Claim, Claimed, Outcome, Rejected, SubjectRef, Verb
from wardship.plugins.host.exchanges import Exchange
from wardship.plugins.host.graded_reply import grade
from wardship.plugins.host.reply import Reply
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.leases import MOST_KEPT, Lease, PreparedCall, Seen, most_telling, stored_exchanges
from wardship.tenants.obligations.proofs import derived_grade, proof_of, read_proof

MOMENT = datetime(2026, 11, 28, 12, tzinfo=UTC)
exchanges = st.builds(
    Exchange,
    at=st.integers(0, 9).map(lambda minutes: MOMENT + timedelta(minutes=minutes)),
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "REPORT"]),
    status=st.sampled_from([None, 200, 201, 204, 302, 401, 403, 404, 410, 429, 500, 503]),
    duration_ms=st.just(0),
    error=st.sampled_from([None, None, None, "TimeoutError"]),
    server=st.just("server"),
    target=st.sampled_from(["one", "two", "three"]),
    request_digest=st.sampled_from(["", "body"]),
    credential=st.sampled_from(["", "first", "second"]),
    names_subject=st.booleans(),
)
lists = st.lists(exchanges, max_size=6)
levels = st.sampled_from([*AttestationLevel])


def _call(claimed: Claimed, seen: Seen, subjects: int, *, everything: bool) -> PreparedCall:
    people = tuple(SubjectRef(id=f"subject-{number}") for number in range(subjects))
    claim = Claim(claimed=claimed, subjects=people, everything=everything)
    lease = Lease(
        id=UUID(int=1),
        installation_id=UUID(int=2),
        place_id=UUID(int=3),
        verb=Verb.ATTEST,
        submitted_at=MOMENT,
        due_at=MOMENT,
        attempt=1,
        failures=0,
    )
    return PreparedCall(
        lease=lease,
        installation=SimpleNamespace(),
        installed=SimpleNamespace(),
        verb=Verb.ATTEST,
        argument=claim,
        seen=seen,
    )


def _reply(said: AttestationLevel, residual: tuple[str, ...], of_the_call: list[Exchange]) -> Reply:
    proof = Attestation(level=said, checked_at=MOMENT + timedelta(days=99), method="looked", residual=residual)
    return Reply(verb=Verb.ATTEST, outcome=Outcome.completed(), value=proof, said=said, exchanges=tuple(of_the_call))


@given(st.sampled_from([*Claimed]), levels, lists, lists, lists, st.integers(0, 3), st.booleans(), st.booleans())
def test_grade_follows_again_from_what_is_stored(claimed, said, now, earlier, outdated, many, everything, is_left):
    seen = Seen(tuple(earlier), tuple(outdated))
    made = proof_of(
        _call(claimed, seen, many, everything=everything), _reply(said, ("a card",) if is_left else (), now), MOMENT
    )

    kept = read_proof(made.stored())
    assert kept == made
    assert derived_grade(kept.basis, kept.evidence) == (kept.level, kept.basis)
    subjects = 1 if everything else max(1, many)
    if made.level is AttestationLevel.PROBED:
        assert not is_left
        assert grade(claimed, said, now, seen.telling, subjects=subjects).level is AttestationLevel.PROBED
        assert grade(claimed, said, now, [*outdated, *earlier], subjects=subjects).level is AttestationLevel.PROBED
    assert made.checked_at == (now[-1].at if now else MOMENT), "the plugin's own time is not believed"


@given(st.lists(exchanges, max_size=90))
def test_what_a_grade_rests_on_stays_when_many_exchanges_are_cut_down(many):
    stored = [each.kept() for each in many]
    kept = most_telling(stored)
    assert len(kept) <= MOST_KEPT
    assert [each for each in stored if each in kept][: len(kept)] == kept or len(stored) > len(kept)
    for target in {each.target for each in stored}:
        of_target = [each for each in stored if each.target == target]
        found = [each for each in of_target if each.names_subject and each.status in range(200, 300)]
        if found:
            assert any(each.names_subject and each.target == target for each in kept)
        assert of_target[-1] in kept


def test_exchanges_of_every_attempt_are_kept_with_it():
    one = Exchange(at=MOMENT, method="GET", status=503, duration_ms=500, target="t")
    lease = SimpleNamespace(exchanges=msgspec.json.encode([one.kept(1)]), attempt=2)
    kept = json.loads(stored_exchanges(lease, [one]))
    assert [each["attempt"] for each in kept] == [1, 2]


@pytest.mark.parametrize("level", ["probed", "receipt", "self_reported", "unverifiable"])
def test_grade_from_before_evidence_was_kept_says_so(level):
    old = {"level": level, "checked_at": "2026-11-01T00:00:00+00:00", "method": "looked up", "residual": []}
    proof = read_proof(json.dumps(old))
    assert (proof.level, proof.basis) == ("unverifiable", "none_kept")


def test_persons_word_from_before_stays_a_persons_word():
    old = {"level": "manual", "checked_at": "2026-11-01T00:00:00+00:00", "method": "said", "residual": []}
    assert read_proof(json.dumps(old)).basis == "said_by_person"


@pytest.fixture
async def vendor_of_ada(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    """A vendor that holds a card of Ada, and the administrator."""
    with running_shelf() as shelf:
        services.integrations.register(credulous(), KEY)
        installation = await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})
        yield shelf, installation


async def _proofs(owner, member_id) -> list[tuple[str, str]]:
    rows = await owner.fetch(
        "select verb, attestation ->> 'basis' as basis from obligation where member_id = $1"
        " and verb in ('erase', 'attest') order by created_at, id",
        member_id,
    )
    return [(row["verb"], row["basis"]) for row in rows]


async def test_found_before_the_last_delivery_does_not_prove_what_came_with_it(
    vendor_of_ada, services, connections, admin, ada, owner, clock
):
    """The vendor renames from the second delivery on: that the first card is gone says nothing of the second."""
    shelf, _ = vendor_of_ada
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    assert await _proofs(owner, ada.member_id) == [("erase", "absent_where_found"), ("attest", "absent_where_found")]

    shelf.renames = lambda name: name[::-1]
    clock.advance(timedelta(minutes=1))
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    clock.advance(timedelta(minutes=1))
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    assert len(shelf.cards) == 2
    assert (await _proofs(owner, ada.member_id))[2:] == [("erase", "never_found"), ("attest", "never_found")]


@pytest.mark.usefixtures("vendor_of_ada")
async def test_delivery_that_may_have_come_after_the_proof_is_erased_and_proven_again(
    services, connections, admin, ada, owner, clock
):
    """The worker that sent it died, and nobody knows when it arrived."""
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    assert len(await prepared(services, await take(services))) == 1
    clock.advance(timedelta(minutes=2))
    await owner.execute("update member set state = 'removed' where id = $1", ada.member_id)
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    for wanted in (Verb.ERASE, Verb.ATTEST):
        (work,) = await prepared(services, await take(services))
        assert work.verb is wanted
        assert await settled(services, work, await call(services, work))
    clock.advance(timedelta(minutes=2))
    await connections.work()

    rows = await owner.fetch(
        "select verb, state, attestation ->> 'basis' as basis, dedupe_key like '%late:%' as is_late from obligation"
        " where member_id = $1 and verb in ('share', 'erase') order by created_at, id",
        ada.member_id,
    )
    assert [tuple(row) for row in rows[1:]] == [
        ("share", "cancelled", None, False),
        ("erase", "completed", "absent_where_found", False),
        ("erase", "completed", "never_found", True),
    ]


async def test_proof_that_is_older_than_a_delivery_is_none_for_the_installation(
    vendor_of_ada, services, connections, admin, ada, owner, clock
):
    _, installation = vendor_of_ada
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    await owner.execute(
        "update disclosure set state = 'unknown', settled_at = $2 where member_id = $1",
        ada.member_id,
        clock.now() + timedelta(seconds=1),
    )
    clock.advance(timedelta(minutes=1))
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    # The access is proven to have ended, and of everybody's data there is the vendor's word.
    assert (await connections.read(installation.id)).state_reason == "self_reported"


@pytest.mark.usefixtures("vendor_of_ada")
async def test_delivery_that_the_integration_calls_refused_may_have_arrived_where_the_vendor_took_it(
    services, connections, admin, ada, owner, monkeypatch
):
    async def refuse(connector, share):
        await connector._put(share.records[0].subject, "fields")
        raise Rejected("I did not like the answer")

    monkeypatch.setattr("tests.fakes.credulous.CredulousConnector.share", refuse)
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    states = await owner.fetch("select state from disclosure where member_id = $1 order by created_at", ada.member_id)
    assert "unknown" in {row["state"] for row in states}
    assert "rejected" not in {row["state"] for row in states}


async def test_every_exchange_is_kept_without_naming_anybody(vendor_of_ada, owner, ada):
    shelf, _ = vendor_of_ada
    rows = await owner.fetch("select verb, exchanges::text as text from obligation order by created_at, id")
    kept = {row["verb"]: json.loads(row["text"]) for row in rows}
    assert [(each["method"], each["status"]) for each in kept["share"]] == [("PUT", 201)]
    assert [(each["method"], each["status"]) for each in kept["check"]] == [("GET", 200)]
    reference = await owner.fetchval("select subject_ref from subject_link where member_id = $1", ada.member_id)
    everything = "".join(row["text"] for row in rows)
    assert [word for word in (reference, "Ada", TOKEN, shelf.url, "cards") if word in everything] == []
    assert msgspec.json.decode(everything.split("][")[0] + "]")
