"""Whoever gets a domain after another reaches nothing of the accounts there, by any door; the clock is moved."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.graphql.calls import gid, make_api
from tests.graphql.sweep import sweep
from tests.mails import invitation_token
from tests.tenants.account_claims.people import Grouper, Somebody, make_account, make_grouper
from tests.tenants.domains.claimant import NAME, Claimant
from tests.tenants.scim.directory import make_directory
from wardship.tenants.account_claims.choices import stay
from wardship.tenants.account_claims.enrolment import enrol_proven
from wardship.tenants.account_claims.records import Enrolment
from wardship.tenants.domains.contests import ANSWERED_WITHIN
from wardship.tenants.domains.settling import QUARANTINE
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.add import ImportRow, import_members

pytestmark = pytest.mark.anyio

ANN, BOB = f"ann@{NAME}", f"bob@{NAME}"


@dataclass
class Handover:
    """A domain that one organisation held and another holds now; people of the first holder's time."""

    harbour: Claimant
    rival: Claimant
    ann: Somebody
    bob: Somebody
    secrets: dict[str, str]


@pytest.fixture
async def handover(harbour, rival, services, owner) -> Handover:
    held = await make_grouper(harbour)
    ann = await make_account(services, ANN, others=("ann-own@example.org",))
    bob = await make_account(services, BOB, others=("bob-own@example.org",))
    await held.group()
    await ann.choose(stay)
    await owner.execute("update member set display_name = 'Ann Mirabelle' where account_id = $1", ann.account_id)
    await owner.execute("update account set display_name = 'Bob Mirabelle' where id = $1", bob.account_id)
    member = await owner.fetchval("select id from member where account_id = $1", ann.account_id)
    claims = await owner.fetch("select id from account_claim")
    seen = await sweep(services, harbour.admin)
    assert ANN in seen
    assert BOB in seen
    assert "Ann Mirabelle" in seen, "the sweep finds what may be seen"
    issued = await rival.prove()
    await rival.pass_time(ANSWERED_WITHIN)
    await rival.pass_time(QUARANTINE)
    buyer = Grouper(rival, issued.claim.id)
    await buyer.policy(Enrolment.CLAIM_EXISTING)
    await buyer.group()
    await enrol_proven(services)
    keys = {f"claim {n}": gid("AccountClaim", row["id"]) for n, row in enumerate(claims)}
    secrets = {
        **keys,
        "member": gid("Member", member),
        "ann": ANN,
        "bob": BOB,
        "names": "Mirabelle",
        "own addresses": "-own@example.org",
    }
    return Handover(harbour, rival, ann, bob, secrets)


async def test_interface_answers_nothing_of_them_to_whoever_holds_the_domain_now(handover, services):
    for person in (handover.rival.admin, handover.rival.owner):
        seen = await sweep(services, person)
        assert [name for name, secret in handover.secrets.items() if secret in seen] == []


async def test_their_ids_lead_the_new_holder_nowhere(handover, services):
    api = make_api(services)
    for name in (key for key in handover.secrets if key == "member" or key.startswith("claim")):
        query = "query($id: ID!) { node(id: $id) { id } }"
        assert (await api.data(handover.rival.admin, query, id=handover.secrets[name]))["node"] is None
        assert (await api.data(handover.harbour.admin, query, id=handover.secrets[name]))["node"] is not None


async def test_directory_of_the_new_holder_finds_nobody(handover, services):
    directory = await make_directory(services, handover.rival.organisation)
    for attribute in ("userName", "externalId", "emails.value"):
        for address in (ANN, BOB, "nobody@harbour-logistics.com"):
            assert await directory.find("/Users", f'{attribute} eq "{address}"') == []


async def test_invitation_and_import_show_what_was_typed_and_wait_for_the_person(handover, services, owner):
    rival = handover.rival
    async with rival.access() as access:
        (result,) = await import_members(access, [ImportRow(ANN, {"display_name": "Typed"})])
    assert result.refusal is None
    async with rival.access() as access:
        await invite_member(access, BOB)
    await invitation_token(services)
    held = "select count(*) from member where organisation_id = $1 and account_id = any($2::uuid[])"
    accounts = [handover.ann.account_id, handover.bob.account_id]
    assert await owner.fetchval(held, rival.organisation.id, accounts) == 0
    seen = await sweep(services, rival.admin)
    assert "Typed" in seen
    assert ("Mirabelle" in seen, "-own@example.org" in seen) == (False, False)
    for who in (handover.ann, handover.bob):
        assert rival.organisation.id not in [claim.organisation_id for claim in await who.claims()]
