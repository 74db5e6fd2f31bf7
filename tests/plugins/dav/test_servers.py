"""Both DAV integrations at servers that rename, redirect, refuse, lie, are slow or have moved: no proof is false."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes.dav_server import DavServer, running_dav_server
from tests.plugins.dav.bench import EMAIL, FIELDS, SUFFIX, record
from tests.plugins.remembering import Remembering
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import (
    Claim,
    IdentifierValue,
    Inquiry,
    KnownAs,
    Outcome,
    OutcomeStatus,
    Restriction,
    Revocation,
    Share,
    SubjectRef,
    Verb,
)
from wardship.plugins.dav import search
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.client import ClientLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.reply import Fault, Reply

PERSON = SubjectRef(id="subject-0001", identifiers=(IdentifierValue(type="email", value=EMAIL),))
ERASED, REVOKED = Claim(claimed="erased", subjects=(PERSON,)), Claim(claimed="revoked", everything=True)


@dataclass
class Place:
    """An integration, installed at the strict server, whose host remembers."""

    kind: str
    dav: DavServer
    memory: Remembering
    known_as: str | None = None

    @property
    def installed(self) -> Installed:
        return Installed(
            id="installation-1",
            integration=self.kind,
            public_settings=self.dav.public_settings,
            secrets=self.dav.secrets,
        )

    @property
    def person(self) -> SubjectRef:
        return PERSON.model_copy(update={"known_as": self.known_as})

    @property
    def own_name(self) -> str:
        return f"wardship-installation-1-subject-0001{SUFFIX[self.kind]}"

    async def call(self, verb: Verb, argument: Any = None) -> Reply:
        reply = await self.memory.call(self.installed, verb, argument)
        for known in reply.outcome.known_as:
            assert known.subject_id == PERSON.id
            self.known_as = known.name
        return reply

    async def share(self) -> Reply:
        reply = await self.call(Verb.SHARE, Share(records=(record(self.person, **FIELDS[self.kind]),)))
        assert reply.outcome.status is OutcomeStatus.COMPLETED
        return reply

    async def erase(self) -> Reply:
        reply = await self.call(Verb.ERASE, self.person)
        assert reply.fault is None, reply.outcome
        return reply

    async def prove(self, claim: Claim = ERASED) -> Reply:
        subjects = () if claim.everything else (self.person,)
        return await self.call(Verb.ATTEST, claim.model_copy(update={"subjects": subjects}))


def proof(reply: Reply) -> tuple[str, str | None, int]:
    assert reply.fault is None, reply.outcome
    return reply.value.level.value, reply.basis and reply.basis.value, len(reply.value.residual)


@pytest.fixture(params=["address_book", "calendar"])
def place(request: pytest.FixtureRequest, dispatcher: Dispatcher) -> Iterator[Place]:
    with running_dav_server(request.param) as dav:
        yield Place(request.param, dav, Remembering(dispatcher))


PROVEN = ("probed", "absent_where_found", 0)


async def test_a_plain_server_is_proven_and_asked_once_more_for_a_new_entry_only(place):
    assert (await place.share()).outcome == Outcome.completed(1)
    assert place.dav.requests == [f"PUT {place.own_name}", f"GET {place.own_name}"]
    await place.share()
    assert place.dav.requests[2:] == [f"PUT {place.own_name}"]
    assert (await place.erase()).outcome.records_affected == 1
    assert proof(await place.prove()) == PROVEN


@pytest.mark.parametrize("renames", ["told", "silently"])
async def test_an_entry_that_the_server_renamed_is_known_by_its_name_deleted_and_proven(place, renames):
    place.dav.renames = renames
    assert (await place.share()).outcome.known_as == (KnownAs(subject_id=PERSON.id, name="server%200%231"),)
    assert list(place.dav.entries) == ["server 0#1"]
    assert (await place.share()).outcome.known_as == (), "it is known already"
    assert list(place.dav.entries) == ["server 0#1"], "replaced, and not made again"
    assert proof(await place.prove()) == ("unverifiable", "still_found", 1)
    assert (await place.erase()).outcome.records_affected == 1
    assert place.dav.entries == {}
    assert proof(await place.prove()) == PROVEN


@pytest.mark.parametrize("renames", ["told", "silently"])
async def test_a_renamed_entry_whose_name_was_forgotten_is_found_by_its_uid(place, renames):
    place.dav.renames = renames
    await place.share()
    place.known_as = None
    assert (await place.erase()).outcome.records_affected == 1
    assert place.dav.entries == {}
    assert proof(await place.prove()) == PROVEN


async def test_an_entry_whose_uid_the_server_changed_is_found_by_the_name_that_it_told(place):
    place.dav.renames, place.dav.changes_uid = "told", True
    await place.share()
    assert proof(await place.prove()) == ("unverifiable", "still_found", 1)
    await place.erase()
    assert place.dav.entries == {}
    assert proof(await place.prove()) == PROVEN


async def test_an_entry_that_the_server_hides_under_another_name_and_uid_is_never_proven_to_be_gone(place):
    place.dav.renames, place.dav.changes_uid = "silently", True
    await place.share()
    assert (await place.erase()).outcome.records_affected == 0
    assert proof(await place.prove()) == ("unverifiable", "still_found", 1), "the address is still found"
    nobody_knows_more = Claim(claimed="erased", subjects=(SubjectRef(id=PERSON.id),))
    assert proof(await place.call(Verb.ATTEST, nobody_knows_more)) == ("unverifiable", "never_found", 0)


@pytest.mark.parametrize("renames", ["", "told", "silently"])
async def test_an_uninstallation_finds_all_of_ours_whatever_they_are_called(place, renames):
    place.dav.renames = renames
    await place.share()
    place.dav.entries["else"] = place.dav.entries[next(iter(place.dav.entries))].replace("installation-1", "other-1")
    assert proof(await place.prove(REVOKED))[2] == 1
    gone = await place.call(Verb.REVOKE, Revocation(everything=True))
    assert gone.outcome == Outcome.completed(1)
    assert list(place.dav.entries) == ["else"]
    assert proof(await place.prove(REVOKED)) == PROVEN


async def test_a_restriction_takes_a_renamed_entry_away_and_its_end_tells_the_new_name(place):
    place.dav.renames = "told"
    await place.share()
    await place.call(Verb.RESTRICT, Restriction(subject=place.person, active=True))
    assert place.dav.entries == {}
    place.dav.entries["else"] = ""
    lifted = record(place.person, **FIELDS[place.kind])
    await place.call(Verb.RESTRICT, Restriction(subject=place.person, active=False, record=lifted))
    assert set(place.dav.entries) == {"else", "server 0#1"} or place.known_as == "server%201%231"


@pytest.mark.parametrize("renames", ["", "silently"])
@pytest.mark.parametrize("status", [400, 403, 405, 415, 501])
async def test_a_report_that_is_refused_is_replaced_by_reading(place, status, renames):
    place.dav.report_status, place.dav.renames = status, renames
    place.dav.entries["theirs"] = "no entry of ours"
    await place.share()
    assert (place.known_as is not None) is bool(renames)
    found = await place.call(Verb.RECONCILE, Inquiry(subjects=(place.person, SubjectRef(id="subject-0009"))))
    assert [each.state.value for each in found.value.standings] == ["active", "unknown"]
    assert (await place.call(Verb.EXPORT, place.person)).outcome.records_affected == 1
    assert (await place.erase()).outcome.records_affected == 1
    assert list(place.dav.entries) == ["theirs"]
    assert proof(await place.prove()) == PROVEN


async def test_what_others_hold_is_found_by_reading_too(place):
    place.dav.report_status = 403
    await place.share()
    place.dav.entries["theirs"] = place.dav.entries[place.own_name].replace("wardship-", "theirs-")
    await place.erase()
    assert list(place.dav.entries) == ["theirs"]
    assert proof(await place.prove()) == ("unverifiable", "still_found", 1)


async def test_a_search_that_tells_not_all_is_replaced_by_reading(place):
    place.dav.renames, place.dav.is_cut = "silently", True
    await place.share()
    assert place.known_as is not None
    place.known_as = None
    assert (await place.erase()).outcome.records_affected == 1


async def test_a_collection_too_large_to_be_read_proves_nothing(place, monkeypatch):
    monkeypatch.setattr(search, "MOST_READ", 2)
    place.dav.report_status = 403
    await place.share()
    place.dav.entries |= dict.fromkeys("abc", "")
    assert (await place.erase()).outcome.records_affected == 1
    assert proof(await place.prove()) == ("unverifiable", "no_evidence", 0)
    copied = await place.call(Verb.EXPORT, place.person)
    assert copied.fault is Fault.REJECTED
    assert "too large to be read whole" in copied.outcome.detail


async def test_a_server_that_matches_loosely_loses_nobody_else(place):
    place.dav.is_loose = True
    await place.share()
    other = place.dav.entries[place.own_name].replace("subject-0001", "subject-00012").replace(EMAIL, "b@example.org")
    place.dav.entries["other"] = other
    assert (await place.erase()).outcome.records_affected == 1
    assert list(place.dav.entries) == ["other"]
    assert proof(await place.prove()) == PROVEN


@pytest.mark.parametrize("location", ["/book/..", "/book/%2e%2e", "/book/", "/elsewhere/x.vcf", "http://[::1", "/book"])
async def test_a_name_that_leads_elsewhere_is_no_name(place, location):
    place.dav.location = location
    await place.share()
    assert place.known_as is None
    await place.erase()
    assert place.dav.entries == {}
    assert {line.split()[1] for line in place.dav.requests if line.startswith("DELETE")} == {place.own_name}


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a/b", "a?b", "a#b"])
async def test_a_kept_name_that_leads_elsewhere_is_not_asked_for(place, name):
    await place.share()
    place.known_as, place.dav.requests = name, []
    await place.erase()
    assert {line.split(" ", 1)[1] for line in place.dav.requests} == {place.own_name, ""}


async def test_a_server_that_lies_about_deleting_is_found_out(place):
    place.dav.keeps_all = True
    await place.share()
    assert (await place.erase()).outcome.status is OutcomeStatus.COMPLETED
    assert proof(await place.prove()) == ("unverifiable", "still_found", 1)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
async def test_a_server_that_can_not_answer_proves_nothing_and_is_asked_again(place, status):
    await place.share()
    await place.erase()
    place.dav.always = status
    reply = await place.prove()
    fault = Fault.RATE_LIMITED if status == 429 else Fault.UNAVAILABLE
    assert (reply.fault, reply.value) == (fault, None)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_credential_that_is_refused_everywhere_is_told_as_such(place, status):
    await place.share()
    await place.erase()
    place.dav.always = status
    assert (await place.prove()).fault is Fault.UNAUTHORISED
    assert (await place.call(Verb.CHECK)).fault is Fault.UNAUTHORISED


@pytest.mark.parametrize("status", [404, 410])
async def test_a_server_that_knows_nothing_any_more_proves_nothing(place, status):
    await place.share()
    place.dav.always = status
    assert (await place.erase()).outcome == Outcome.completed()
    assert proof(await place.prove()) == ("unverifiable", "only_refusals", 0)


async def test_a_server_that_hangs_proves_nothing(place, registry, clock):
    await place.share()
    await place.erase()
    place.dav.hangs = True
    limits = DispatchLimits(network=NetworkPolicy.development(), client=ClientLimits(request_s=0.05, pause_s=0))
    impatient = Dispatcher(registry, clock, limits)
    reply = await impatient.call(place.installed, Verb.ATTEST, ERASED, obligation_id="o")
    impatient.close()
    assert (reply.fault, reply.value) == (Fault.UNAVAILABLE, None)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("verb", ["check", "share", "erase", "attest"])
async def test_a_collection_that_has_moved_is_told_with_its_new_address(place, status, verb):
    await place.share()
    place.dav.moved_to, place.dav.moved_with = f"{place.dav.url}/new/", status
    share = Share(records=(record(PERSON, **FIELDS[place.kind]),))
    argument = {"share": share, "erase": PERSON, "attest": ERASED}.get(verb)
    reply = await place.call(Verb(verb), argument)
    what = place.kind.replace("_", " ")
    assert (reply.fault, reply.outcome.status) == (Fault.REJECTED, OutcomeStatus.DENIED)
    assert reply.outcome.detail == f"the {what} has moved to {place.dav.url}/new/: enter that address"


async def test_a_collection_that_has_moved_to_another_server_is_told_with_it(place):
    place.dav.moved_to = "https://dav.elsewhere.example/book/"
    reply = await place.call(Verb.CHECK)
    assert reply.fault is Fault.REJECTED
    assert "redirects to https://dav.elsewhere.example/" in reply.outcome.detail
    assert "enter its new address" in reply.outcome.detail


async def test_an_entry_that_the_server_forbids_is_refused_with_its_reason_and_nothing_else_is(place):
    place.dav.refuses = "subject-0001"
    refused = await place.call(Verb.SHARE, Share(records=(record(place.person, **FIELDS[place.kind]),)))
    assert (refused.fault, refused.outcome.status) == (Fault.REJECTED, OutcomeStatus.DENIED)
    assert "(HTTP 403: need privileges)" in refused.outcome.detail
    other = SubjectRef(id="subject-0002")
    taken = await place.call(Verb.SHARE, Share(records=(record(other, **FIELDS[place.kind]),)))
    assert (taken.fault, len(place.dav.entries)) == (None, 1)


@pytest.mark.parametrize("verb", [Verb.ERASE, Verb.EXPORT])
async def test_an_entry_that_may_not_be_read_is_that_entrys_outcome(place, verb):
    await place.share()
    place.dav.refuses = "subject-0001"
    reply = await place.call(verb, place.person)
    assert (reply.fault, len(place.dav.entries)) == (Fault.REJECTED, 1)
    assert (await place.prove()).fault is not None, "nothing is proven of it"
