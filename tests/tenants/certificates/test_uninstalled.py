"""A certificate of an integration that was taken away: signed as one of a request, counted, and of nobody."""

from __future__ import annotations

import asyncio
import copy
import json
from datetime import date

import pytest
from click.testing import CliRunner

from tests.builders import access_for, make_member
from tests.connecting import Connections
from tests.fakes.credulous import running_shelf
from tests.tenants.obligations.test_road_to_probed import _connect, _to_the_end, _uninstalled
from wardship.app.cli.proofs import certificate as command
from wardship.core.signing import CERTIFICATE, SignatureError, public_keys, sign
from wardship.plugins.api import Holder, Outcome, Retained, Verb
from wardship.tenants.certificates import issue
from wardship.tenants.certificates.content import plain
from wardship.tenants.certificates.issue import (
    certificates_of_installations,
    certify_uninstallations,
    issue_uninstallation_certificate,
)
from wardship.tenants.certificates.verify import CERTIFICATE_TYPE, UnfoundedGradeError, verify_certificate
from wardship.tenants.installation_lifecycle.lifecycle import uninstall

SERVER = "https://cards.ada-lovelace.example"


@pytest.fixture
def shelf():
    with running_shelf() as running:
        yield running


async def _of(services, who, installation) -> str | None:
    async with access_for(services, who) as access:
        return (await certificates_of_installations(access, [installation.id])).get(installation.id)


@pytest.fixture
async def probed(firm, shelf):
    """An integration that held data of four people, was taken away, and was looked up."""
    connections, installation = await _uninstalled(firm, shelf)
    await _to_the_end(firm, connections, shelf)
    await certify_uninstallations(firm.services)
    return await connections.read(installation.id)


@pytest.fixture
async def stated(firm, probed):
    jws = await _of(firm.services, firm.admin, probed)
    return plain(verify_certificate(jws, public_keys(firm.services.keys)).statement)


def _signed(keys, content) -> str:
    return sign(keys, CERTIFICATE, CERTIFICATE_TYPE, content)


async def test_it_states_what_was_given_back_and_the_grade_that_the_page_shows(stated, probed):
    assert (stated["version"], stated["about"], stated["grade"]) == (3, "uninstallation", probed.state_reason)
    assert (stated["integration"], stated["holder"], stated["people"]) == ("Credulous", "organisation", 4)
    assert stated["grade"] == "probed"
    (everybody,) = [each for each in stated["places"] if not each["people"]]
    assert (everybody["verb"], everybody["state"], everybody["basis"]) == ("revoke", "completed", "credential_refused")
    assert everybody["evidence"]["exchanges"]
    (people,) = [each for each in stated["places"] if each["people"]]
    assert (people["verb"], people["state"], people["proof"], people["people"]) == ("erase", "completed", "probed", 4)
    assert [(each["people"], each["proof"]) for each in stated["proven"]] == [(0, "probed"), (4, "probed")]
    assert len(stated["audit_hash"]) == 64


async def test_it_names_nobody(stated, firm, owner):
    rows = await owner.fetch(
        "select m.id, m.account_id, m.pseudonym, l.subject_ref, l.known_as from member m"
        " left join subject_link l on l.member_id = m.id"
    )
    known = {str(value) for row in rows for value in row.values() if value is not None}
    exchanges = await owner.fetch("select exchanges::text from obligation where member_id is not null")
    digests = {each["target"] for row in exchanges for each in json.loads(row["exchanges"])}
    for place in stated["places"]:
        assert "127.0.0.1" in place.pop("recipient")
    text = json.dumps(stated)
    assert not {value for value in {*known, "Ada", "Lovelace", "example.org"} if value in text}
    of_people = json.dumps([each for each in stated["places"] if each["people"]])
    assert not {digest for digest in digests if digest in of_people}
    assert str(firm.admin.member_id) not in text


async def test_there_is_none_before_the_end_and_one_after_however_often_it_is_asked_for(firm, shelf, owner):
    connections, installation = await _uninstalled(firm, shelf)
    assert await certify_uninstallations(firm.services) == 0
    async with firm.access(firm.admin) as access:
        assert await issue_uninstallation_certificate(access, installation.id) is None
    await _to_the_end(firm, connections, shelf)
    await asyncio.gather(*(certify_uninstallations(firm.services) for _ in range(5)))
    (jws,) = [row["jws"] for row in await owner.fetch("select jws from certificate")]
    assert await certify_uninstallations(firm.services) == 0
    async with firm.access(firm.admin) as access:
        assert await issue_uninstallation_certificate(access, installation.id) == jws
    assert await owner.fetchval("select count(*) from audit_entry where action = 'installation.certified'") == 1


def _part(content):
    return content["proven"][1]


def _everybody(content):
    return next(each for each in content["places"] if not each["people"])


FORGED = {
    "the whole is called better than its parts": lambda content: _part(content).update(proof="self_reported"),
    "a delivery after the proof is left in": lambda content: content["proven"][0].update(
        delivered_at="2099-01-01T00:00:00+00:00", proof="", basis="", checked_at=""
    ),
    "a person's word is called a probe": lambda content: _everybody(content).update(
        evidence=None, basis="said_by_person"
    ),
    "there is no evidence": lambda content: _everybody(content).update(evidence=None),
    "what is about everybody is left out": lambda content: content.update(
        places=[each for each in content["places"] if each["people"]]
    ),
    "it is graded worse than it is": lambda content: content.update(grade="manual"),
}


@pytest.mark.parametrize("how", FORGED)
async def test_grade_that_does_not_follow_is_refused_although_it_is_signed(how, stated, keys):
    content = copy.deepcopy(stated)
    assert verify_certificate(_signed(keys, content), public_keys(keys)).is_founded
    FORGED[how](content)
    with pytest.raises(UnfoundedGradeError):
        verify_certificate(_signed(keys, content), public_keys(keys))


@pytest.mark.parametrize(
    "changes",
    [{"version": 2}, {"version": 4}, {"about": "something else"}, {"places": None}, {"proven": [{"place": 1}]}],
)
async def test_what_is_no_such_certificate_is_refused(stated, keys, changes):
    with pytest.raises(SignatureError):
        verify_certificate(_signed(keys, stated | changes), public_keys(keys))
    bad = copy.deepcopy(stated)
    _part(bad)["checked_at"] = "some day"
    with pytest.raises(SignatureError):
        verify_certificate(_signed(keys, bad), public_keys(keys))


async def test_it_belongs_to_nobodys_reference(stated, keys):
    jws = _signed(keys, stated)
    assert verify_certificate(jws, public_keys(keys), "a reference").is_yours is False
    assert verify_certificate(jws, public_keys(keys)).is_yours is None


async def test_command_verifies_it_and_says_what_is_counted(stated, keys, tmp_path):
    (tmp_path / "certificate.jws").write_text(_signed(keys, stated))
    (tmp_path / "keys.json").write_text(json.dumps(public_keys(keys)))
    arguments = ["verify", str(tmp_path / "certificate.jws"), "--keys", str(tmp_path / "keys.json")]
    shown = CliRunner().invoke(command, arguments)
    assert shown.exit_code == 0
    assert "about Credulous, taken away from" in shown.output
    assert "graded probed" in shown.output
    assert "single people (4) is counted" in shown.output
    as_json = CliRunner().invoke(command, [*arguments, "--json"])
    assert json.loads(as_json.output)["about"] == "uninstallation"


async def test_what_one_person_was_not_proven_of_makes_the_whole_unverifiable(firm, shelf, keys):
    _, connections, installation = await _connect(firm, shelf)
    left = [True]
    shelf.answers["GET", "/cards/"] = lambda: (404, {}, b"") if left and left.pop() else None
    async with firm.access(firm.admin) as access:
        await uninstall(access, installation.id)
    await _to_the_end(firm, connections, shelf)
    await certify_uninstallations(firm.services)
    content = plain(verify_certificate(await _of(firm.services, firm.admin, installation), public_keys(keys)).statement)
    assert content["grade"] == "unverifiable"
    counted = sorted((each["proof"], each["basis"], each["people"]) for each in content["places"] if each["people"])
    assert counted == [("probed", "absent_where_found", 3), ("unverifiable", "never_found", 1)]


async def test_ten_people_are_one_row_with_what_the_vendor_keeps(
    services, connections, database, acme, owner, recording
):
    for number in range(9):
        await make_member(database, acme, name=f"Person {number}", email=f"p{number}@example.org")
    installation = await connections.connect()
    kept = (Retained(category="user.contact", reason="tax", legal_basis="legal_obligation", until=date(2030, 1, 1)),)

    def erase(subject):
        recording.held.pop(subject.id, None)
        return Outcome.completed(1, retained=kept)

    recording.always[Verb.ERASE] = erase
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    await certify_uninstallations(services)
    assert (await connections.read(installation.id)).state == "removed"
    jws = await _of(services, connections.admin, installation)
    stated = plain(verify_certificate(jws, public_keys(services.keys)).statement)
    counted = [each for each in stated["places"] if each["people"]]
    assert [(each["verb"], each["people"]) for each in counted] == [("erase", stated["people"])]
    assert stated["people"] == await owner.fetchval("select count(distinct member_id) from disclosure") >= 10
    (retained,) = counted[0]["retained"]
    assert (retained["legal_basis"], retained["until"]) == ("legal_obligation", "2030-01-01")


async def test_of_one_that_a_member_connected_alone_no_server_is_named(services, admin, ada, owner):
    connections = Connections(services, admin)
    installation = await connections.connect(holder=Holder.MEMBER, member_id=ada.member_id)
    await owner.execute("update installation_place set recipient = $1", SERVER)
    async with access_for(services, ada) as access:
        await uninstall(access, installation.id)
    await connections.work()
    await certify_uninstallations(services)
    jws = await _of(services, ada, installation)
    stated = json.dumps(plain(verify_certificate(jws, public_keys(services.keys)).statement))
    assert '"holder": "member"' in stated
    assert SERVER not in stated
    assert str(ada.member_id) not in stated


async def test_one_that_can_not_be_certified_hinders_no_other(services, connections, owner, monkeypatch):
    removed = []
    for _ in range(2):
        installation = await connections.connect()
        async with access_for(services, connections.admin) as access:
            await uninstall(access, installation.id)
        await connections.work()
        removed.append(installation.id)
    state, real = iter([True]), issue.uninstallation_statement

    async def once(access, installation, certificate_id):
        if installation.id == removed[0] and next(state, False):
            raise RuntimeError("broken")
        return await real(access, installation, certificate_id)

    monkeypatch.setattr(issue, "uninstallation_statement", once)
    assert await certify_uninstallations(services) == 1
    certified = [row["installation_id"] for row in await owner.fetch("select installation_id from certificate")]
    assert certified == removed[1:]
    assert await certify_uninstallations(services) == 1
