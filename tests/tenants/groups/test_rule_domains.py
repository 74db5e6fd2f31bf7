"""Rules by the domain of the proven address: of domains that the organisation holds, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation, system_access
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.tenants.groups.rules.change import RuleDomainNotHeldError, preview_rule, set_rule
from wardship.tenants.groups.rules.filling import EVERY, fill_due_groups
from wardship.tenants.groups.rules.read import rules_of_groups
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition

pytestmark = pytest.mark.anyio


def at_domain(*names: str) -> list[RuleCondition]:
    return [RuleCondition(RuleAttribute.EMAIL_DOMAIN, names)]


@pytest.fixture
async def firm(database):
    return await make_organisation(database, "firm")


@pytest.fixture
async def adam(database, firm):
    return await make_member(database, firm, Role.ORG_ADMIN, name="Adam", email="adam@elsewhere.example")


@pytest.fixture
async def group(database, firm):
    return await make_group(database, firm, "Team")


@pytest.fixture
def holds(owner):
    """Let an organisation hold a domain, as if it had proven it."""

    async def run(organisation, name, *, state="verified", scope="name", epoch_since=None):
        claim = uuid7()
        await owner.execute(
            "insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since,"
            " token_issued_at) values ($1, $2, $3, $4, $6, $5, $3, $3)",
            organisation.id,
            claim,
            NOW,
            name,
            state,
            scope,
        )
        await owner.execute(
            "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state, epoch_since, scope)"
            " values ($1, $2, $3, $4, $5, 1, 'held', $6, $7)",
            uuid7(),
            NOW,
            name,
            organisation.id,
            claim,
            epoch_since,
            scope,
        )

    return run


@pytest.fixture
def present(owner, group):
    async def run():
        rows = await owner.fetch(
            "select m.display_name as name from group_membership s join member m on m.id = s.member_id"
            " where s.group_id = $1 and s.left_at is null order by 1",
            group,
        )
        return [row["name"] for row in rows]

    return run


async def see(services, person, group, conditions):
    async with access_for(services, person, read_only=True) as access:
        return await preview_rule(access, group, conditions)


async def set_as_seen(services, person, group, conditions):
    preview = await see(services, person, group, conditions)
    async with access_for(services, person.actor(at=services.clock.now())) as access:
        await set_rule(access, group, conditions, preview.fingerprint)


async def sweep(services, clock):
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)


async def test_whose_proven_primary_address_lies_there_comes(
    services, database, firm, adam, group, holds, present, owner
):
    await holds(firm, "firm.example")
    for name, email in (
        ("Ann", "ann@firm.example"),
        ("Bob", "bob@sub.firm.example"),
        ("Eve", "eve@notfirm.example"),
        ("Ida", "ida@firm.example.evil.example"),
    ):
        await make_member(database, firm, name=name, email=email)
    second = await make_member(database, firm, name="Second", email="second@private.example")
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at)"
        " values (gen_random_uuid(), now(), $1, 'second@firm.example', now())",
        second.account_id,
    )
    await set_as_seen(services, adam, group, at_domain("Firm.Example"))
    assert await present() == ["Ann"]


async def test_address_that_is_typed_or_not_proven_does_not_count(
    services, database, firm, adam, group, holds, present, owner, clock
):
    await holds(firm, "firm.example")
    ann = await make_member(database, firm, name="Ann", email="ann@firm.example")
    bob = await make_member(database, firm, name="Bob", email="bob@private.example")
    await owner.execute("update account_email set verified_at = null where account_id = $1", ann.account_id)
    await owner.execute("update member set email = 'bob@firm.example' where id = $1", bob.member_id)
    await set_as_seen(services, adam, group, at_domain("firm.example"))
    assert await present() == []
    await owner.execute("update account_email set verified_at = now() where account_id = $1", ann.account_id)
    await sweep(services, clock)
    assert await present() == ["Ann"]


async def test_internationalised_domain_is_one_however_it_is_written(
    services, database, firm, adam, group, holds, present
):
    await holds(firm, "xn--bcher-kva.example")
    await make_member(database, firm, name="Ann", email="ann@bücher.example")
    for name in ("BÜCHER.example", "xn--bcher-kva.example", "@bücher.example"):
        await set_as_seen(services, adam, group, at_domain(name))
        assert await present() == ["Ann"]


async def test_domain_that_is_not_held_is_refused_whoever_holds_it(services, database, firm, adam, group, holds, owner):
    elsewhere = await make_organisation(database, "elsewhere")
    await holds(elsewhere, "other.example")
    await holds(firm, "waiting.example", state="grace")
    await make_member(database, firm, name="Ann", email="ann@other.example")
    answers = set()
    for name in ("other.example", "free.example", "waiting.example"):
        with pytest.raises(RuleDomainNotHeldError) as refused:
            await see(services, adam, group, at_domain(name))
        answers.add(refused.value.message.replace(name, "NAME"))
    assert len(answers) == 1, "the answer tells nothing of who holds it"
    assert await owner.fetchval("select count(*) from group_rule") == 0


async def test_what_was_proven_under_an_earlier_holder_does_not_count_until_it_is_proven_again(
    services, database, firm, adam, group, holds, present, owner, clock
):
    await holds(firm, "firm.example", epoch_since=NOW)
    ann = await make_member(database, firm, name="Ann", email="ann@firm.example")
    await owner.execute(
        "update account_email set verified_at = $2 where account_id = $1", ann.account_id, NOW - timedelta(days=1)
    )
    await set_as_seen(services, adam, group, at_domain("firm.example"))
    assert await present() == []
    await owner.execute("update account_email set proven_at = $2 where account_id = $1", ann.account_id, NOW)
    await sweep(services, clock)
    assert await present() == ["Ann"]


@pytest.mark.parametrize("state", ["grace", "suspended", "released"])
async def test_rule_rests_while_its_domain_is_not_proven_and_goes_on_after(
    services, database, firm, adam, group, holds, present, owner, clock, state
):
    await holds(firm, "firm.example")
    await make_member(database, firm, name="Ann", email="ann@firm.example")
    await set_as_seen(services, adam, group, at_domain("firm.example"))
    await owner.execute("update domain_claim set state = $1", state)
    await make_member(database, firm, name="Bob", email="bob@firm.example")
    await owner.execute("update account_email set address = 'ann@gone.example' where address = 'ann@firm.example'")
    await sweep(services, clock)
    assert await present() == ["Ann"]
    async with access_for(services, adam, read_only=True) as access:
        rule = (await rules_of_groups(access, [group]))[group]
    assert (rule.is_resting, rule.missing_domains) == (True, ["firm.example"])
    await owner.execute("update domain_claim set state = 'verified'")
    await sweep(services, clock)
    assert await present() == ["Bob"]


async def test_names_below_count_where_they_are_held_too_and_by_nobody_else(
    services, database, firm, adam, group, holds, present
):
    elsewhere = await make_organisation(database, "elsewhere")
    await holds(firm, "firm.example", scope="subtree")
    await holds(elsewhere, "sub.firm.example")
    for name, email in (
        ("Ann", "ann@north.firm.example"),
        ("Eve", "eve@sub.firm.example"),
        ("Ida", "ida@xfirm.example"),
    ):
        await make_member(database, firm, name=name, email=email)
    await set_as_seen(services, adam, group, at_domain("firm.example"))
    assert await present() == ["Ann"]


async def test_next_sweep_looks_again_once_a_domain_is_proven(
    services, database, firm, adam, group, holds, present, owner
):
    await holds(firm, "firm.example")
    await set_as_seen(services, adam, group, at_domain("firm.example"))
    await make_member(database, firm, name="Ann", email="ann@firm.example")
    claim = await owner.fetchval("select id from domain_claim")
    async with system_access(services, firm) as access:
        for state in ("grace", "verified"):
            assert await present() == []
            await tell_domain_listeners(access, claim, state)
    await fill_due_groups(services)
    assert await present() == ["Ann"]


async def tell_domain_listeners(access, claim_id, state):
    for listener in access.services.nouns.domain_listeners:
        await listener(access, claim_id, state)
