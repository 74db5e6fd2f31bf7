"""`wardship domain check`, as an operator runs it: real resolvers on loopback, a real process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial

import dns.rcode
import pytest

from tests.app.programs import environment, run
from tests.fakes.dns_server import DnsFake, serving_dns
from wardship.tenants.domains.challenge import new_challenge
from wardship.tenants.domains.records import ClaimScope

pytestmark = pytest.mark.anyio

NAME = "harbour-logistics.com"
CHALLENGE = new_challenge(NAME, ClaimScope.NAME, public_url="https://wardship.example", slug="harbour")


@pytest.fixture
async def resolvers() -> AsyncIterator[tuple[DnsFake, DnsFake]]:
    async with serving_dns() as first, serving_dns() as second:
        yield first, second


@pytest.fixture
def check(resolvers, tmp_path):
    """Runs the command, which asks both resolvers; its folder must not come into being."""

    async def act(*arguments: str, servers: list[str] | None = None):
        named = json.dumps(servers or [each.server for each in resolvers])
        env = {**environment(tmp_path / "untouched"), "WARDSHIP_DNS_SERVERS": named}
        done = await asyncio.to_thread(partial(run, "domain", "check", *arguments, env=env))
        assert not (tmp_path / "untouched").exists()
        return done

    return act


async def test_record_that_is_there_is_shown_with_what_each_resolver_says(check, resolvers):
    for each in resolvers:
        each.place(CHALLENGE.name, CHALLENGE.value, "v=spf1 -all")
    done = await check("Harbour-Logistics.COM")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"{NAME} can be claimed."
    assert f"TXT at {CHALLENGE.name}, for the domain alone:" in lines
    for each in resolvers:
        assert f"  {each.server} says: 2 records" in lines
    assert lines.count(f"    {CHALLENGE.value}") == 2
    assert "  So the resolvers agree: a claim for which this record was issued is proven." in lines
    assert (
        "  So the resolvers agree that there is none of ours: no claim is proven by it, and a proof is missed." in lines
    )


async def test_json_says_the_same(check, resolvers):
    for each in resolvers:
        each.aliases[CHALLENGE.name] = "proof.dns-host.com"
        each.place("proof.dns-host.com", CHALLENGE.value)
    done = await check(NAME, "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert (found["name"], found["refusal"], found["is_clear"]) == (NAME, None, True)
    alone, below = found["records"]
    assert (alone["scope"], alone["finding"], below["scope"], below["finding"]) == (
        "name", "proven", "subtree", "absent",
    )  # fmt: skip
    assert alone["answers"][0] == {
        "resolver": resolvers[0].server,
        "reply": "records",
        "records": [CHALLENGE.value],
        "is_signed": False,
        "target": "proof.dns-host.com",
        "reason": None,
    }


async def test_disagreement_and_outage_say_that_nothing_follows(check, resolvers):
    resolvers[0].place(CHALLENGE.name, CHALLENGE.value)
    done = await check(NAME)
    assert done.returncode == 1
    assert "  So nothing follows: the resolvers disagree" in done.stdout
    for each in resolvers:
        each.rcode = dns.rcode.SERVFAIL
    done = await check(NAME)
    assert done.returncode == 1
    assert done.stdout.count("says: nothing: it answered SERVFAIL") == 4
    assert "A proof that was found before is not lost by it." in done.stdout


async def test_one_resolver_alone_is_said_to_be_too_few(check, resolvers):
    done = await check(NAME, servers=[resolvers[0].server])
    assert done.returncode == 1
    assert "Two resolvers have to agree" in done.stdout
    resolvers[0].is_signed = True
    done = await check(NAME, servers=[f"validating@{resolvers[0].server}"])
    assert done.returncode == 0
    assert "Two resolvers have to agree" not in done.stdout
    assert "no such name, signed" in done.stdout


async def test_domain_that_nobody_may_claim_says_why(check):
    done = await check("gmail.com")
    assert "gmail.com can be claimed by nobody: Anybody may have an address" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "servers", "message"),
    [
        (["no domain"], None, "This is no domain"),
        ([NAME], ["dns.example.org"], "WARDSHIP_DNS_SERVERS: must hold addresses"),
        ([NAME], ["127.0.0.1:99999"], "WARDSHIP_DNS_SERVERS: must hold addresses"),
    ],
)
async def test_what_is_wrong_is_one_line(check, resolvers, arguments, servers, message):
    done = await check(*arguments, servers=servers)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr
    assert resolvers[0].asked == []
