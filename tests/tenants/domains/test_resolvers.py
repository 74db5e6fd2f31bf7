"""What resolvers say, and what that proves together: a record, its definite absence, or nothing."""

from __future__ import annotations

import dns.rcode
import pytest

from tests.tenants.domains.claimant import NAME
from wardship.core.dns_server import DnsServer
from wardship.tenants.domains.challenge import new_challenge
from wardship.tenants.domains.proof import Look, look_up_proof
from wardship.tenants.domains.records import ClaimScope, Finding, record_name
from wardship.tenants.domains.resolvers import Reply, ask, configured_resolvers

pytestmark = pytest.mark.anyio

CHALLENGE = new_challenge(NAME, ClaimScope.NAME, public_url="https://wardship.example", slug="harbour")
RECORD = record_name(NAME, ClaimScope.NAME)


async def look(resolvers, name=NAME, *, validating=False, digest=CHALLENGE.digest) -> Look:
    servers = [DnsServer("127.0.0.1", each.port, validating) for each in resolvers]
    return await look_up_proof(servers, name, ClaimScope.NAME, [digest])


def place(resolvers, *values):
    for each in resolvers:
        each.place(RECORD, *(values or (CHALLENGE.value,)))


async def test_record_on_which_two_resolvers_agree_proves(resolvers):
    place(resolvers)
    found = await look(resolvers)
    assert (found.finding, found.found) == (Finding.PROVEN, CHALLENGE.digest)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(("v=spf1 -all", CHALLENGE.value, "another"), id="among several"),
        pytest.param(((CHALLENGE.value[:40], CHALLENGE.value[40:]),), id="split strings"),
        pytest.param((tuple(CHALLENGE.value),), id="split into letters"),
        pytest.param((f" {CHALLENGE.value}  ",), id="blanks around it"),
        pytest.param((rf"\"{CHALLENGE.value}\"",), id="quotation marks of a form"),
    ],
)
async def test_record_is_found(resolvers, values):
    place(resolvers, *values)
    assert (await look(resolvers)).finding is Finding.PROVEN


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(CHALLENGE.value.rpartition("=")[2], id="token alone"),
        pytest.param(CHALLENGE.value[:-1], id="cut short"),
        pytest.param(CHALLENGE.value + "x", id="longer"),
        pytest.param(
            CHALLENGE.value.replace("organisation=harbour", "organisation=other"), id="of another organisation"
        ),
        pytest.param(CHALLENGE.value.replace("service=wardship.example,", ""), id="without a service"),
        pytest.param(CHALLENGE.value.replace("scope=name", "scope=subtree"), id="of another scope"),
        pytest.param(CHALLENGE.value.upper(), id="in capitals"),
        pytest.param("", id="empty"),
        pytest.param("\\195\\040", id="other bytes"),
    ],
)
async def test_other_record_is_a_definite_absence(resolvers, value):
    """The token alone proves nothing: who is asked to place it must read for whom, and for what, it is."""
    place(resolvers, value)
    assert (await look(resolvers)).finding is Finding.ABSENT


async def test_record_at_another_name_proves_nothing(resolvers):
    for each in resolvers:
        for name in (NAME, f"_users.{NAME}", f"wardship-challenge.{NAME}", record_name(NAME, ClaimScope.SUBTREE)):
            each.place(name, CHALLENGE.value)
    assert (await look(resolvers)).finding is Finding.ABSENT


async def test_alias_is_followed(resolvers):
    for each in resolvers:
        each.aliases[RECORD] = "proof.dns-host.com"
        each.aliases["proof.dns-host.com"] = "proof2.dns-host.com"
        each.place("proof2.dns-host.com", CHALLENGE.value)
    found = await look(resolvers)
    assert found.finding is Finding.PROVEN
    assert {each.target for each in found.answers} == {"proof2.dns-host.com"}


async def test_alias_that_a_resolver_leaves_to_us_is_followed(resolvers):
    for each in resolvers:
        each.leaves_aliases = True
        each.aliases[RECORD] = "proof.dns-host.com"
        each.place("proof.dns-host.com", CHALLENGE.value)
    assert (await look(resolvers)).finding is Finding.PROVEN


async def test_aliases_in_a_circle_are_an_outage(resolvers):
    for each in resolvers:
        each.leaves_aliases = True
        each.aliases |= {RECORD: "a.dns-host.com", "a.dns-host.com": RECORD}
    assert (await look(resolvers)).finding is Finding.OUTAGE


async def test_dangling_alias_is_a_definite_absence(resolvers):
    for each in resolvers:
        each.aliases[RECORD] = "gone.dns-host.com"
    found = await look(resolvers)
    assert found.finding is Finding.ABSENT
    assert {each.target for each in found.answers} == {"gone.dns-host.com"}


async def test_alias_for_every_name_proves_nothing(resolvers):
    """The holder of what a wildcard leads to would otherwise hold every domain that has such a wildcard."""
    for each in resolvers:
        each.aliases[f"*.wardship-challenge.{NAME}"] = "shared.dns-host.com"
        each.place("shared.dns-host.com", CHALLENGE.value)
    found = await look(resolvers)
    assert (found.finding, found.found) == (Finding.WILDCARD, None)


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.NOTIMP, dns.rcode.FORMERR])
async def test_error_is_an_outage_and_never_an_absence(resolvers, rcode):
    for each in resolvers:
        each.rcode = rcode
    found = await look(resolvers)
    assert found.finding is Finding.OUTAGE
    assert {each.reply for each in found.answers} == {Reply.FAILED}
    assert all(each.reason for each in found.answers)


async def test_silence_is_an_outage_once_its_time_is_over(resolvers, monkeypatch):
    monkeypatch.setattr("wardship.tenants.domains.resolvers.ANSWERS_WITHIN_S", 0.3)
    for each in resolvers:
        each.is_silent = True
    found = await look(resolvers)
    assert found.finding is Finding.OUTAGE
    assert [each.reason for each in found.answers] == ["no answer in time"] * 2


async def test_resolver_that_nobody_runs_is_an_outage(monkeypatch):
    monkeypatch.setattr("wardship.tenants.domains.resolvers.ANSWERS_WITHIN_S", 0.3)
    answer = await ask(DnsServer("127.0.0.1", 9), RECORD)
    assert answer.reply is Reply.FAILED
    assert answer.reason


@pytest.mark.parametrize("is_there", [True, False])
async def test_one_resolver_alone_proves_neither(resolvers, is_there):
    if is_there:
        place(resolvers)
    assert (await look(resolvers[:1])).finding is Finding.UNCLEAR


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.NOERROR])
@pytest.mark.parametrize("forged", [0, 1])
async def test_forged_answer_of_one_resolver_proves_nothing(resolvers, forged, rcode):
    place([resolvers[forged]])
    resolvers[1 - forged].rcode = rcode
    found = await look(resolvers)
    assert (found.finding, found.found) == (Finding.UNCLEAR, None)


async def test_forged_absence_of_one_resolver_is_no_loss(resolvers):
    place([resolvers[0]])
    assert (await look(resolvers)).finding is Finding.UNCLEAR
    resolvers[0].rcode = dns.rcode.SERVFAIL
    assert (await look(resolvers)).finding is Finding.UNCLEAR


@pytest.mark.parametrize("is_there", [True, False])
async def test_signed_answer_of_a_validating_resolver_needs_no_second_one(resolvers, is_there):
    first = resolvers[0]
    first.is_signed = True
    if is_there:
        place([first])
    assert (await look([first], validating=True)).finding is (Finding.PROVEN if is_there else Finding.ABSENT)


async def test_what_says_to_be_signed_counts_from_a_validating_resolver_alone(resolvers):
    first = resolvers[0]
    place([first])
    assert (await look([first], validating=True)).finding is Finding.UNCLEAR
    first.is_signed = True
    assert (await look([first])).finding is Finding.UNCLEAR


async def test_signed_answer_is_no_proof_where_another_resolver_contradicts(resolvers):
    resolvers[0].is_signed = True
    place([resolvers[0]])
    servers = [DnsServer("127.0.0.1", resolvers[0].port, True), DnsServer("127.0.0.1", resolvers[1].port)]
    found = await look_up_proof(servers, NAME, ClaimScope.NAME, [CHALLENGE.digest])
    assert found.finding is Finding.UNCLEAR


async def test_huge_answer_comes_by_tcp_and_is_read(resolvers):
    place(resolvers, *(f"filler {number} {'x' * 200}" for number in range(150)), CHALLENGE.value)
    assert (await look(resolvers)).finding is Finding.PROVEN
    assert all(each.over_tcp for each in resolvers)


async def test_huge_record_is_read_up_to_a_bound(resolvers):
    place(resolvers, tuple("y" * 250 for _ in range(200)))
    found = await look(resolvers)
    assert found.finding is Finding.ABSENT
    assert {len(text) for each in found.answers for text in each.records} == {4096}


async def test_name_below_a_shared_host_has_to_take_mail_besides(resolvers):
    """Its owner gives such names to everybody, and their pages have no addresses."""
    name = "harbour.github.io"
    challenge = new_challenge(name, ClaimScope.NAME, public_url="https://wardship.example", slug="harbour")
    for each in resolvers:
        each.place(challenge.name, challenge.value)
    assert (await look(resolvers, name, digest=challenge.digest)).finding is Finding.NO_MAIL
    for each in resolvers:
        each.mail[name] = ["0 ."]
    assert (await look(resolvers, name, digest=challenge.digest)).finding is Finding.NO_MAIL
    for each in resolvers:
        each.mail[name] = ["10 mail.harbour.github.io."]
    assert (await look(resolvers, name, digest=challenge.digest)).finding is Finding.PROVEN


def test_same_resolver_twice_is_one():
    found = configured_resolvers(["127.0.0.1", "127.0.0.1:53", "validating@127.0.0.1", "[::1]:5353", "::1"])
    assert [str(each) for each in found] == ["validating@127.0.0.1", "[::1]:5353", "[::1]"]


async def test_without_resolvers_nothing_is_known(resolvers):
    assert (await look([])).finding is Finding.OUTAGE
    assert resolvers[0].asked == []
