"""Samples of policies, groupings and claims of accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg

from tests.builders import NOW
from tests.graphql.sample import mutation, query
from tests.graphql.samples.accounts import _second_address, _without_organisation
from tests.graphql.world import World
from wardship.core.identifiers import uuid7

_INSERT_DOMAIN = (
    "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)"
    " values (gen_random_uuid(), $1, $2, $3, $4, 1, 'held')"
)


async def populate(world: World) -> None:
    """A domain that is held, a preview, a grouping that runs elsewhere, and claims that wait for their owners."""
    held = await _domain(world, "held", "held.")
    running = await _domain(world, "running", "running.")
    for name, domain_id, state in (("preview", held, "previewed"), ("grouping", running, "running")):
        world.ids[name] = await _grouping(world, domain_id, state)
    account_id = uuid7()
    await world.owner.execute("insert into account (id, created_at) values ($1, $2)", account_id, NOW)
    world.ids["account_claim"] = await _claim(world, held, account_id)


async def _domain(world: World, name: str, label: str) -> UUID:
    domain = f"{label}{world.organisation.slug}.example.org"
    domain_id = await world.insert(
        "domain_claim",
        name=domain,
        scope="name",
        state="verified",
        state_since=NOW,
        token_issued_at=NOW,
        epoch=1,
    )
    await world.owner.execute(_INSERT_DOMAIN, NOW, domain, world.organisation.id, domain_id)
    await world.insert(
        "domain_policy", domain_id=domain_id, enrolment="claim_existing", is_for_subtree=False, changed_at=NOW
    )
    world.ids[f"{name}_domain"] = domain_id
    return domain_id


async def _grouping(world: World, domain_id: UUID, state: str) -> UUID:
    counts = dict.fromkeys(("matching", "members", "former_members", "claimed", "unproven", "elsewhere"), 1)
    until = NOW + timedelta(hours=1)
    return await world.insert(
        "domain_grouping", domain_id=domain_id, epoch=1, state=state, state_since=NOW, state_until=until, **counts
    )


async def _claim(world: World, domain_id: UUID, account_id: UUID) -> UUID:
    digest = await world.owner.fetchval("select claimed_account($1, $2)", world.organisation.id, account_id)
    return await world.insert(
        "account_claim",
        account_id=account_id,
        account_hash=digest,
        domain_id=domain_id,
        epoch=1,
        state="notified",
        state_since=NOW,
        decide_until=NOW + timedelta(days=14),
    )


@asynccontextmanager
async def _asked(world: World) -> AsyncIterator[None]:
    """Let the owner be asked for a moment."""
    account_id, address = world.people["owner"].account_id, f"owner@held.{world.organisation.slug}.example.org"
    world.ids["own_claim"] = await _claim(world, world.ids["held_domain"], account_id)
    await world.owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at)"
        " values (gen_random_uuid(), $1, $2, $3, $1)",
        NOW,
        account_id,
        address,
    )
    yield
    await world.owner.execute("delete from account_claim where id = $1", world.ids["own_claim"])
    await world.owner.execute("delete from account_email where address = $1", address)


@asynccontextmanager
async def _managed(world: World) -> AsyncIterator[None]:
    async with _asked(world):
        await world.owner.execute(
            "update account_claim set state = 'managed', managed_at = $2, member_id = $3 where id = $1",
            world.ids["own_claim"],
            NOW,
            world.people["owner"].member_id,
        )
        yield
        await world.owner.execute("update member set visible_from = null")


@asynccontextmanager
async def _made_without(world: World) -> AsyncIterator[None]:
    """Enter a second address of the owner's as a member for a moment."""
    async with _second_address(world):
        address = f"second@{world.organisation.slug}.example.net"
        await world.owner.execute("update account_email set verified_at = created_at where address = $1", address)
        world.ids["made"] = await world.insert(
            "member", display_name="Second", email=address, pseudonym=f"Former {uuid7()}", joined_at=NOW
        )
        yield
        try:
            await world.owner.execute("delete from member where id = $1", world.ids["made"])
        except asyncpg.ForeignKeyViolationError:  # it was disowned, and its request stays: it becomes somebody else's
            account_id = uuid7()
            await world.owner.execute("insert into account (id, created_at) values ($1, $2)", account_id, NOW)
            await world.owner.execute(
                "update member set email = $3, account_id = $2 where id = $1",
                world.ids["made"],
                account_id,
                f"{account_id}@example.net",
            )


@asynccontextmanager
async def _asked_with_another_address(world: World) -> AsyncIterator[None]:
    async with _second_address(world), _asked(world):
        yield


@asynccontextmanager
async def _asked_alone(world: World) -> AsyncIterator[None]:
    async with _without_organisation(world), _asked(world):
        yield


def _domain_input(world: World) -> dict[str, object]:
    return {"domainId": world.id_of("Domain", "held_domain")}


def _grouping_input(name: str) -> Callable[[World], dict[str, object]]:
    return lambda world: {"groupingId": world.id_of("Grouping", name)}


def _claim_input(name: str) -> Callable[[World], dict[str, object]]:
    return lambda world: {"claimId": world.id_of("AccountClaim", name)}


_GROUPING = (
    "id createdAt state stateSince stateUntil matching members formerMembers claimed unproven elsewhere seen"
    " notified domain { name policy { enrolment isForSubtree changedAt } }"
)
_CLAIM = "id createdAt state stateSince decideUntil address domain { name } member { id displayName }"

SAMPLES = [
    query("accountClaims", f"{{ accountClaims {{ edges {{ node {{ {_CLAIM} }} }} }} }}"),
    query(
        "accountClaim",
        f"query($id: ID!) {{ accountClaim(id: $id) {{ {_CLAIM} }} }}",
        lambda world: {"id": world.id_of("AccountClaim", "account_claim")},
    ),
    query(
        "grouping",
        f"query($id: ID!) {{ grouping(id: $id) {{ {_GROUPING} }} }}",
        lambda world: {"id": world.id_of("Grouping", "preview")},
    ),
    query(
        "groupingProgress",
        f"subscription($id: ID!) {{ groupingProgress(id: $id) {{ {_GROUPING} }} }}",
        lambda world: {"id": world.id_of("Grouping", "preview")},
    ),
    mutation("setDomainPolicy", "SetDomainPolicyInput", lambda world: {**_domain_input(world), "enrolment": "INVITE"}),
    mutation("previewGrouping", "DomainInput", _domain_input),
    mutation("startGrouping", "GroupingInput", _grouping_input("preview")),
    mutation("cancelGrouping", "GroupingInput", _grouping_input("grouping")),
    mutation("exemptAccount", "AccountClaimInput", _claim_input("account_claim")),
    mutation("stayWithAccountClaim", "MyAccountClaimInput", _claim_input("own_claim"), _asked),
    mutation(
        "shareEarlierActivity",
        "ShareEarlierActivityInput",
        lambda world: {**_claim_input("own_claim")(world), "isShared": True},
        _managed,
    ),
    mutation(
        "moveAwayFromAccountClaim",
        "MoveAwayInput",
        lambda world: {
            **_claim_input("own_claim")(world),
            "addressId": world.id_of("AccountAddress", "address"),
        },
        _asked_with_another_address,
    ),
    mutation(
        "closeAccountInstead",
        "CloseInsteadInput",
        lambda world: {**_claim_input("own_claim")(world), "email": f"{world.ids['loner']}@example.net"},
        _asked_alone,
    ),
]

SAMPLES.append(
    mutation(
        "disownMembership",
        "DisownMembershipInput",
        lambda world: {"membershipId": world.id_of("Member", "made")},
        _made_without,
    )
)

KEYS = {"AccountClaim": "A", "Grouping": "U"}

CROWD = """
insert into domain_policy (organisation_id, id, created_at, domain_id, enrolment, is_for_subtree, changed_at)
    select organisation_id, key('P', place, n), at, key('D', place, n), 'claim_existing', false, at from number;
insert into domain_grouping (organisation_id, id, created_at, domain_id, epoch, state, state_since, matching, members,
        former_members, claimed, unproven, elsewhere)
    select organisation_id, key('U', place, n), at, key('D', place, case when is_last then n else 1 end), 1, 'done', at,
        1, 1, 1, 1, 1, 1 from number;
insert into account_claim (organisation_id, id, created_at, account_hash, domain_id, epoch, state, state_since,
        member_id, account_id)
    select organisation_id, key('A', place, n), at, sha256((place || ' ' || n)::bytea), key('D', place, n), 1,
        case when is_last then 'undecided' else 'released' end, at, member,
        case when place = 0 then key('A', place, n) when n = 1 then key('A', 0, 1) end from number;
insert into member (organisation_id, id, created_at, display_name, email, pseudonym, joined_at)
    select organisation_id, key('q', place, n), at, 'Somebody', 'person1@example.org', 'Former ' || place, at
    from number
    where place > 0 and n = 1;
insert into account_email (id, created_at, account_id, address, is_primary, verified_at)
    select key('F', place, n), at, key('A', place, n), 'c' || n || '@d' || n || '.o0.example', false, at from number
    where place = 0;
"""

FILTERS = {"Query.accountClaims(states)": ("states: [UNDECIDED]", "states: [RELEASED]")}
