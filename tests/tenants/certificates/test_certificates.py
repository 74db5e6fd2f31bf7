"""A certificate says what was done, to anybody who has the published keys, without saying who it was."""

from __future__ import annotations

import base64
import json

import pytest

from tests.conftest import SECRET
from tests.connecting import Connections
from wardship.core.keys import KeyRing
from wardship.core.signing import AUDIT_CHECKPOINT, SignatureError, public_keys, sign
from wardship.plugins.api import Outcome, Reason, Rejected, Verb
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE, verify_certificate
from wardship.tenants.requests.decide import deny_right, refuse_right
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState

ACCESS, CORRECTION = RightKind.ACCESS, RightKind.CORRECTION


async def _certificate(firm, submitted) -> str | None:
    async with firm.services.database.directory(read_only=True) as transaction:
        return await certificate_of_reference(transaction, submitted.reference)


async def _done(firm):
    submitted = await firm.submit(ACCESS, country="FR")
    await firm.approve(submitted, ACCESS, reason="Ada Lovelace asked rightly.")
    await firm.run()
    return submitted, await _certificate(firm, submitted)


async def test_certificate_states_what_was_asked_decided_and_done(firm, keys, clock):
    submitted, jws = await _done(firm)
    verified = verify_certificate(jws, public_keys(keys), submitted.reference)
    statement = verified.statement
    assert verified.is_yours is True
    assert (statement.iss, statement.iat) == ("http://localhost:8000", int(clock.now().timestamp()))
    assert (statement.regime, statement.identity) == ("gdpr", "second_factor")
    assert statement.due_at == "2026-12-21T12:00:00+00:00"
    right = statement.rights[0]
    assert (right.kind, right.decision, right.decided_by, right.state) == ("access", "granted", "admin", "fulfilled")
    assert len(statement.audit_hash) == 64


async def test_certificate_names_nobody(firm):
    _, jws = await _done(firm)
    payload = base64.urlsafe_b64decode(jws.split(".")[1] + "==").decode()
    for value in (
        "Ada",
        "Lovelace",
        "example.org",
        str(firm.member.member_id),
        str(firm.member.account_id),
        firm.member.pseudonym,
        str(firm.admin.member_id),
    ):
        assert value not in payload


async def test_there_is_no_certificate_before_the_end(firm):
    submitted = await firm.submit(ACCESS)
    await firm.run()
    assert await _certificate(firm, submitted) is None


async def test_certificate_is_issued_once(firm, owner):
    _, jws = await _done(firm)
    await firm.run()
    assert await owner.fetchval("select array_agg(jws) from certificate") == [jws]


async def test_nobody_finds_it_without_the_reference(firm):
    submitted, _ = await _done(firm)
    async with firm.services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, submitted.reference[:-1] + "_") is None
        assert await certificate_of_reference(transaction, "") is None


async def test_denial_is_certified_with_its_code_and_not_its_words(firm, keys):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    async with firm.access(firm.admin) as access:
        await refuse_right(access, right.id, RefusalCode.EXCESSIVE, "Ada Lovelace asks weekly.")
    async with firm.access(firm.privacy_team) as access:
        await deny_right(access, right.id, RefusalCode.UNFOUNDED, "Ada Lovelace again.")
    await firm.run()
    verified = verify_certificate(await _certificate(firm, submitted), public_keys(keys))
    stated = verified.statement.rights[0]
    assert (stated.state, stated.decision, stated.decided_by) == ("denied", "unfounded", "privacy_team")
    assert verified.is_yours is None


async def test_recipient_that_fails_makes_it_partial_with_the_reason(firm, owner, keys, recording, clock):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")

    def refuse(_):
        raise Rejected("We keep it.", reason=Reason.LEGAL_HOLD)

    recording.always[Verb.EXPORT] = refuse
    submitted, jws = await _done(firm)
    assert jws is None
    await connections.work()
    await owner.execute(
        "update obligation set state = 'failed', ended_at = $1,"
        """ outcome = '{"status": "denied", "code": "legal_hold"}' where verb = 'export'""",
        clock.now(),
    )
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.PARTIALLY_FULFILLED}
    right = verify_certificate(await _certificate(firm, submitted), public_keys(keys)).statement.rights[0]
    assert (right.state, right.outcome) == ("partially_fulfilled", "legal_hold")
    assert [(place.recipient, place.verb, place.shortfall) for place in right.places] == [
        ("Recorder: Recorder Ltd", "export", "legal_hold")
    ]


async def test_right_does_not_end_before_its_obligations(firm, recording):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    recording.always[Verb.EXPORT] = lambda _: Outcome.manual("by hand")
    submitted, jws = await _done(firm)
    await firm.run()
    assert jws is None
    assert await firm.states(submitted) == {ACCESS: RightState.AWAITING_VENDORS}


async def test_changed_certificate_does_not_verify(firm, keys):
    _, jws = await _done(firm)
    header, payload, signature = jws.split(".")
    content = json.loads(base64.urlsafe_b64decode(payload + "=="))
    content["rights"][0]["state"] = "denied"
    changed = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    with pytest.raises(SignatureError):
        verify_certificate(f"{header}.{changed}.{signature}", public_keys(keys))


async def test_certificate_of_somebody_else_does_not_verify(firm):
    _, jws = await _done(firm)
    stranger = KeyRing("another deployment's secret of good length")
    with pytest.raises(SignatureError):
        verify_certificate(jws, public_keys(stranger))


async def test_certificate_outlives_a_rotation_of_the_secret(firm):
    _, jws = await _done(firm)
    rotated = KeyRing("a new secret that replaces the one before", [SECRET])
    assert verify_certificate(jws, public_keys(rotated)).statement.regime == "gdpr"


@pytest.mark.parametrize("text", ["", "not.a.jws", "a.b", "{}"])
def test_nonsense_is_refused_in_words(keys, text):
    with pytest.raises(SignatureError):
        verify_certificate(text, public_keys(keys))
    with pytest.raises(SignatureError):
        verify_certificate(text, {"keys": []})
    with pytest.raises(SignatureError):
        verify_certificate(text, {})


def test_another_kind_of_statement_is_no_certificate(keys):
    signed = sign(keys, AUDIT_CHECKPOINT, "wardship-audit-checkpoint+jws", {"version": 1})
    with pytest.raises(SignatureError, match="not of the type"):
        verify_certificate(signed, public_keys(keys))
    incomplete = sign(keys, AUDIT_CHECKPOINT, CERTIFICATE_TYPE, {"version": 1})
    with pytest.raises(SignatureError, match="incomplete"):
        verify_certificate(incomplete, public_keys(keys))
    other = sign(keys, AUDIT_CHECKPOINT, CERTIFICATE_TYPE, {"version": 3})
    with pytest.raises(SignatureError, match="version"):
        verify_certificate(other, public_keys(keys))
