"""A certificate holds what its grades are derived from, and one whose grades do not follow is refused."""

from __future__ import annotations

import copy
import json

import pytest
from click.testing import CliRunner

from tests.fakes.credulous import running_shelf
from tests.tenants.obligations.test_road_to_probed import ROADS, _certified, _connect, _erase, _to_the_end
from wardship.app.cli.proofs import certificate as command
from wardship.core.signing import CERTIFICATE, public_keys, sign
from wardship.tenants.certificates.content import plain
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE, UnfoundedGradeError, verify_certificate


@pytest.fixture
async def stated(firm):
    """The statement of an erasure that was looked up, as plain values."""
    with running_shelf() as shelf:
        _, connections, _ = await _connect(firm, shelf, ROADS["honest"])
        submitted = await _erase(firm)
        await _to_the_end(firm, connections, shelf)
        await _certified(firm, submitted)
    async with firm.services.database.directory(read_only=True) as transaction:
        jws = await certificate_of_reference(transaction, submitted.reference)
    return plain(verify_certificate(jws, public_keys(firm.services.keys)).statement)


def _signed(keys, content) -> str:
    return sign(keys, CERTIFICATE, CERTIFICATE_TYPE, content)


def _place(content):
    return content["rights"][0]["places"][0]


async def test_place_holds_the_exchanges_with_the_recipient_and_those_of_the_proof(stated):
    place = _place(stated)
    assert (stated["version"], place["proof"], place["basis"]) == (2, "probed", "absent_where_found")
    assert [(each["method"], each["status"]) for each in place["exchanges"]] == [("GET", 200), ("DELETE", 204)]
    assert [(each["method"], each["status"]) for each in place["evidence"]["exchanges"]] == [("GET", 404), ("GET", 200)]
    found = [each for each in place["evidence"]["earlier"] if each.get("names_subject")]
    assert [each["target"] for each in found] == [place["evidence"]["exchanges"][0]["target"]]


def _never_found(place):
    for each in place["evidence"]["earlier"]:
        each.pop("names_subject", None)


def _answers_otherwise(place):
    place["evidence"]["exchanges"][0]["status"] = 503


FORGED = {
    "the exchanges in which it was found are left out": lambda place: place["evidence"].update(earlier=[]),
    "it was never found": _never_found,
    "the server erred": _answers_otherwise,
    "there is no evidence": lambda place: place.update(evidence=None),
    "a person's word is called a probe": lambda place: place.update(evidence=None, basis="said_by_person"),
    "it rests on a word that nobody knows": lambda place: place.update(evidence=None, basis="magic"),
    "it is better than what was seen": lambda place: place["evidence"].update(said="unverifiable"),
    "something was left": lambda place: place["evidence"].update(is_residual=True),
}


@pytest.mark.parametrize("how", FORGED)
async def test_grade_that_does_not_follow_is_refused_although_it_is_signed(how, stated, keys):
    content = copy.deepcopy(stated)
    assert verify_certificate(_signed(keys, content), public_keys(keys)).is_founded
    FORGED[how](_place(content))
    with pytest.raises(UnfoundedGradeError, match="Credulous"):
        verify_certificate(_signed(keys, content), public_keys(keys))


async def test_certificate_of_version_1_verifies_and_says_that_nothing_was_kept(stated, keys, tmp_path):
    for place in stated["rights"][0]["places"]:
        for name in ("basis", "exchanges", "evidence"):
            place.pop(name)
    jws = _signed(keys, stated | {"version": 1})
    verified = verify_certificate(jws, public_keys(keys))
    assert (verified.is_founded, _place(plain(verified.statement))["proof"]) == (False, "probed")

    (tmp_path / "certificate.jws").write_text(jws)
    (tmp_path / "keys.json").write_text(json.dumps(public_keys(keys)))
    shown = CliRunner().invoke(
        command, ["verify", str(tmp_path / "certificate.jws"), "--keys", str(tmp_path / "keys.json")]
    )
    assert shown.exit_code == 0
    assert "before evidence was kept" in shown.output


async def test_certificate_with_evidence_names_nobody(stated, firm):
    for right in stated["rights"]:
        for place in right["places"]:
            # The organisation's own server is named as who was asked (decision 0025), and nowhere else.
            assert "127.0.0.1" in place.pop("recipient")
    text = json.dumps(stated)
    for value in ("Ada", "Lovelace", "example.org", str(firm.member.member_id), firm.member.pseudonym):
        assert value not in text
