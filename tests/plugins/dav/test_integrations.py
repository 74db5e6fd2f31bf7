"""Address book and calendar, every verb, against a real DAV server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fixed_clock import FixedClock
from tests.plugins.dav.bench import EMAIL, FIELDS, SUFFIX, record
from wardship.plugins.address_book import AddressBook
from wardship.plugins.api import (
    Attestation,
    Claim,
    Export,
    Grant,
    Inquiry,
    Outcome,
    OutcomeStatus,
    Reconciliation,
    Restriction,
    Revocation,
    Share,
    SubjectRef,
    Verb,
)
from wardship.plugins.calendar import Calendar
from wardship.plugins.dav.collection import Collection
from wardship.plugins.host.call import Installed
from wardship.plugins.host.reply import Fault
from wardship.plugins.host.settings import InvalidSettingsError, split_settings


async def test_a_collection_of_the_right_kind_is_accepted(bench):
    assert await bench.call(Verb.CHECK) == Outcome.completed()


@pytest.mark.parametrize(
    ("change", "secrets", "fault", "detail"),
    [
        ({}, {"password": "wrong"}, Fault.UNAUTHORISED, "the vendor refused our credentials (HTTP 401: Access to"),
        ({"collection_url": "{server}/wardship/absent/"}, None, Fault.REJECTED, "there is no "),
        ({"collection_url": "{server}/wardship/"}, None, Fault.REJECTED, "what is at this address is not a"),
    ],
)
async def test_a_wrong_address_or_password_is_said_at_installation(bench, change, secrets, fault, detail):
    public = dict(bench.installed.public_settings) | {
        name: value.format(server=bench.radicale.url) for name, value in change.items()
    }
    wrong = Installed(id="w", integration=bench.key, public_settings=public, secrets=secrets or bench.installed.secrets)
    reply = await bench.dispatcher.call(wrong, Verb.CHECK, obligation_id="o")
    assert reply.fault is fault
    assert reply.outcome.detail.startswith(detail)
    assert reply.outcome.fatal


async def test_a_connection_needs_no_doing(bench):
    grant = Grant(holder="organisation", holder_id="o", categories=("user.name",))
    assert await bench.call(Verb.GRANT, grant) == Outcome.completed()


async def test_exactly_what_was_granted_arrives(bench):
    assert await bench.call(Verb.SHARE, Share(records=(bench.record,))) == Outcome.completed(1)
    held = await bench.call(Verb.EXPORT, SubjectRef(id="subject-0001"))
    assert list(bench.resources) == [bench.name]
    given = FIELDS[bench.key]
    got = {row.name: row.value for row in held.rows}
    if bench.key == "calendar":
        full_name = f"{given['first_name']} {given['last_name']}"
        assert got == {"display_name": full_name, "email": EMAIL, "joined_on": "2024-02-29"}
    else:
        assert got == given


async def test_a_narrower_record_takes_away_what_is_no_longer_granted(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    narrower = {name: value for name, value in FIELDS[bench.key].items() if name in {"first_name", "joined_on"}}
    await bench.call(Verb.SHARE, Share(records=(record(bench.person, **narrower),)))
    content = bench.resources[bench.name]
    assert "example.org" not in content
    assert "ovelace" not in content
    assert "Ada" in content


async def test_an_empty_record_leaves_nothing_of_the_person(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    await bench.call(Verb.SHARE, Share(records=(record(bench.person),)))
    assert not any(EMAIL in content or "Ada" in content for content in bench.resources.values())


async def test_sharing_again_changes_nothing(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    before = bench.resources
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    assert bench.resources == before


async def test_a_correction_replaces_what_is_there(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    corrected = record(bench.person, **FIELDS[bench.key] | {"first_name": "Augusta"})
    assert await bench.call(Verb.CORRECT, corrected) == Outcome.completed(1)
    assert "Augusta" in bench.resources[bench.name]
    assert "Ada" not in bench.resources[bench.name]


async def test_a_restriction_takes_the_entry_away_until_it_is_lifted(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    before = bench.resources
    assert await bench.call(Verb.RESTRICT, Restriction(subject=bench.person, active=True)) == Outcome.completed(1)
    assert bench.resources == {}
    lifted = Restriction(subject=bench.person, active=False, record=bench.record)
    assert await bench.call(Verb.RESTRICT, lifted) == Outcome.completed(1)
    assert bench.resources == before


async def test_lifting_without_a_grant_puts_nothing_back(bench):
    assert await bench.call(Verb.RESTRICT, Restriction(subject=bench.person, active=False)) == Outcome.completed()
    assert bench.resources == {}


async def test_an_erasure_deletes_and_a_second_finds_nothing(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    assert await bench.call(Verb.ERASE, bench.person) == Outcome.completed(1)
    assert bench.resources == {}
    assert await bench.call(Verb.ERASE, bench.person) == Outcome.completed()


async def test_an_erasure_is_proven_by_looking_it_up(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    claim = Claim(claimed="erased", subjects=(bench.person,))
    before: Attestation = await bench.call(Verb.ATTEST, claim)
    assert (before.level, before.is_clean) == ("unverifiable", False)
    assert before.residual == (f"an entry that this integration made is still in the {bench.key.replace('_', ' ')}",)
    await bench.call(Verb.ERASE, bench.person)
    after: Attestation = await bench.call(Verb.ATTEST, claim)
    assert after.is_clean
    assert after.evidence_sha256 != before.evidence_sha256


async def test_what_others_put_there_is_found_and_said_but_not_touched(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    bench.put(f"other{SUFFIX[bench.key]}", bench.by_others(EMAIL.upper()))
    held: Export = await bench.call(Verb.EXPORT, bench.person)
    assert held.outcome.records_affected == 2
    assert EMAIL.upper() in {row.value for row in held.rows}
    await bench.call(Verb.ERASE, bench.person)
    proof: Attestation = await bench.call(Verb.ATTEST, Claim(claimed="erased", subjects=(bench.person,)))
    what = bench.key.replace("_", " ")
    assert proof.residual == (f"1 made by others in the {what} hold the person's e-mail address",)
    assert list(bench.resources) == [f"other{SUFFIX[bench.key]}"]


async def test_an_address_that_only_contains_the_persons_is_another_person(bench):
    bench.put(f"other{SUFFIX[bench.key]}", bench.by_others(f"x{EMAIL}"))
    proof: Attestation = await bench.call(Verb.ATTEST, Claim(claimed="erased", subjects=(bench.person,)))
    assert (proof.residual, proof.level) == ((), "unverifiable"), "who was never found can't be proven to be gone"
    held: Export = await bench.call(Verb.EXPORT, bench.person)
    assert held == Export(outcome=Outcome.completed())


async def test_an_uninstallation_deletes_all_of_ours_and_nothing_else(bench):
    other = Installed(
        id=f"{bench.installed.id}0",  # begins with the same characters
        integration=bench.key,
        public_settings=bench.installed.public_settings,
        secrets=bench.installed.secrets,
    )
    people = [SubjectRef(id=f"subject-{number:04}") for number in range(3)]
    await bench.call(Verb.SHARE, Share(records=tuple(record(each, **FIELDS[bench.key]) for each in people)))
    await bench.call(Verb.SHARE, Share(records=(record(people[0], **FIELDS[bench.key]),)), other)
    bench.put(f"manual{SUFFIX[bench.key]}", bench.by_others("eve@example.org"))
    assert await bench.call(Verb.REVOKE, Revocation(everything=True)) == Outcome.completed(3)
    assert sorted(bench.resources) == [
        f"manual{SUFFIX[bench.key]}",
        f"wardship-{other.id}-subject-0000{SUFFIX[bench.key]}",
    ]
    proof: Attestation = await bench.call(Verb.ATTEST, Claim(claimed="revoked"))
    assert proof.is_clean


async def test_a_withdrawn_grant_deletes_that_person_only(bench):
    people = [SubjectRef(id=f"subject-{number:04}") for number in range(2)]
    for each in people:
        await bench.call(Verb.SHARE, Share(records=(record(each, **FIELDS[bench.key]),)))
    revocation = Revocation(everything=False, subjects=(people[0],))
    assert await bench.call(Verb.REVOKE, revocation) == Outcome.completed(1)
    assert [name.split("-")[-1] for name in bench.resources] == [f"0001{SUFFIX[bench.key]}"]
    claim = Claim(claimed="revoked", subjects=(people[0],))
    assert (await bench.call(Verb.ATTEST, claim)).is_clean
    assert not (await bench.call(Verb.ATTEST, Claim(claimed="revoked"))).is_clean


async def test_a_long_deletion_says_how_far_it_got_and_goes_on(bench, clock: FixedClock, monkeypatch):
    people = [SubjectRef(id=f"subject-{number:04}") for number in range(3)]
    await bench.call(Verb.SHARE, Share(records=tuple(record(each, **FIELDS[bench.key]) for each in people)))
    delete = Collection.delete

    async def slow(collection: Collection, name: str) -> bool:
        clock.advance(timedelta(seconds=1))
        return await delete(collection, name)

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "delete", slow)
        reply = await bench.dispatcher.call(
            bench.installed, Verb.REVOKE, Revocation(everything=True), obligation_id="o-1"
        )
    assert reply.outcome == Outcome(
        status=OutcomeStatus.IN_PROGRESS,
        detail="2 entries are still to be deleted",
        records_affected=1,
        retry_after_s=1,
    )
    assert await bench.call(Verb.REVOKE, Revocation(everything=True)) == Outcome.completed(2)
    assert bench.resources == {}


async def test_states_and_strays_are_told(bench):
    await bench.call(
        Verb.SHARE, Share(records=(bench.record, record(SubjectRef(id="stray-0001"), **FIELDS[bench.key])))
    )
    found: Reconciliation = await bench.call(
        Verb.RECONCILE, Inquiry(subjects=(bench.person, SubjectRef(id="subject-0009")))
    )
    assert {each.subject_id: each.state for each in found.standings} == {
        "subject-0001": "active",
        "subject-0009": "unknown",
    }
    assert found.strays == (f"wardship-{bench.installed.id}-stray-0001{SUFFIX[bench.key]}",)


async def test_the_fixtures_of_the_manifest_do_what_they_say(bench, loaded):
    fixtures = loaded.manifest.fixtures
    await bench.call(Verb.SHARE, Share(records=(fixtures.active,)))
    assert "Ada" in next(iter(bench.resources.values()))
    await bench.call(Verb.CORRECT, fixtures.updated)
    assert "Eda" in next(iter(bench.resources.values()))
    await bench.call(Verb.ERASE, fixtures.closed)
    assert bench.resources == {}


async def test_a_collection_that_is_gone_is_revoked_but_proves_nothing(bench):
    await bench.call(Verb.SHARE, Share(records=(bench.record,)))
    assert bench.radicale.request("DELETE", bench.path)[0] == 200
    assert await bench.call(Verb.REVOKE, Revocation(everything=True)) == Outcome.completed()
    proof: Attestation = await bench.call(Verb.ATTEST, Claim(claimed="erased", subjects=(bench.person,)))
    assert (proof.level, proof.residual) == ("unverifiable", ()), "it may be hidden from the account only"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"collection_url": "https://user:pass@dav.example/x"}, "collection_url"),
        ({"collection_url": "https://dav.example/x?token=1"}, "collection_url"),
        ({"collection_url": "ftp://dav.example/x"}, "collection_url"),
        ({"server_country": "Germany"}, "server_country"),
        ({"username": "a:b"}, "username"),
        ({"password": ""}, "password"),
    ],
)
def test_settings_that_can_not_work_are_refused_by_name(loaded, change, field):
    good = {
        "collection_url": "https://dav.example/x/",
        "username": "wardship",
        "password": "secret",
        "server_country": "DE",
    }
    assert split_settings(loaded.manifest.settings, good).secrets == {"password": "secret"}
    with pytest.raises(InvalidSettingsError) as caught:
        split_settings(loaded.manifest.settings, good | change)
    assert caught.value.path == (field,)


@pytest.mark.parametrize("hostile", ["a@b.example\r\nX-EVIL:1", "a@b.example\nBEGIN:VEVENT"])
def test_a_value_can_not_break_out_of_its_line(hostile):
    person = SubjectRef(id="subject-0001")
    event = Calendar.render(
        Calendar.__new__(Calendar), record(person, email=hostile, joined_on="2024-01-01", first_name=hostile), "n.ics"
    )
    card = AddressBook.render(AddressBook.__new__(AddressBook), record(person, email=hostile), "n.vcf")
    for content in (event, card):
        assert content is not None
        lines = content.decode().splitlines()
        assert not [line for line in lines if line.startswith(("X-EVIL", "BEGIN:VEVENT"))][1:]
        assert "X-EVIL:1" not in lines


@pytest.mark.parametrize("bench", ["calendar"], indirect=True)
async def test_a_day_that_is_none_is_refused_for_good(bench):
    share = Share(records=(record(bench.person, joined_on="yesterday"),))
    reply = await bench.dispatcher.call(bench.installed, Verb.SHARE, share, obligation_id="o")
    assert reply.fault is Fault.REJECTED
    assert reply.outcome.detail == "the day of joining is not a day of the form YYYY-MM-DD"
    assert bench.resources == {}


async def test_an_entry_that_can_not_be_read_is_said_and_not_left_out(bench, monkeypatch):
    async def garbage(_collection: Collection, _name: str) -> str:
        return "this is neither a card nor an event"

    monkeypatch.setattr(Collection, "read", garbage)
    reply = await bench.dispatcher.call(bench.installed, Verb.EXPORT, bench.person, obligation_id="o")
    assert reply.fault is Fault.REJECTED
    what = bench.key.replace("_", " ")
    assert reply.outcome.detail == f"an entry of the {what} can't be read; mend or delete it"
