"""Samples of domains."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.core.identifiers import uuid7


async def populate(world: World) -> None:
    """Claims that wait for their proof."""
    tag = world.organisation.name.split()[0].lower()
    for name in ("domain", "releasable_domain"):
        world.ids[name] = await world.insert(
            "domain_claim",
            name=f"{name.replace('_', '-')}.{tag}.example",
            scope="name",
            state="pending",
            state_since=NOW,
            state_until=NOW + timedelta(days=7),
            token_hash=hashlib.sha256(name.encode()).digest(),
            token_issued_at=NOW,
        )

    await _dispute(world, tag)


async def _dispute(world: World, tag: str) -> None:
    """A domain that another organisation holds, and this one has proven too, while the provider looks at both."""
    other, held = uuid7(), uuid7()
    name, at = f"disputed.{tag}.example", NOW
    sql = "insert into organisation (id, created_at, slug, name) values ($1, $2, $3, $4)"
    await world.owner.execute(sql, other, at, f"holder-{other.hex}", f"{world.organisation.name} holder")
    common = {"name": name, "scope": "name", "state_since": at, "token_issued_at": at, "finding": "proven"}
    until = {"checked_at": at, "examined_at": at, "examined_until": at + timedelta(days=900)}
    world.ids["disputed"] = await world.insert("domain_claim", state="disputed", **common, **until)
    common |= {"checked_at": at, "epoch": 1}
    await world.insert("domain_claim", organisation_id=other, id=held, state="verified", **common)
    await world.owner.execute(
        "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)"
        " values ($1, $2, $3, $4, $5, 1, 'held')",
        uuid7(),
        at,
        name,
        other,
        held,
    )


def _disputed(world: World) -> dict[str, object]:
    return {"disputeId": gid("DomainDispute", world.ids["disputed"]), "reason": "Both have asked."}


def _evidence(world: World) -> dict[str, object]:
    return {"domainId": world.id_of("Domain", "disputed"), "text": "Ours."}


def _input(name: str) -> Callable[[World], dict[str, object]]:
    return lambda world: {"domainId": world.id_of("Domain", name)}


_FIELDS = (
    "id createdAt name displayName scope state stateSince stateUntil recordName isCheckAsked checkAt checkedAt finding"
    " provenAt contestedUntil quarantinedUntil"
)

SAMPLES = [
    query("domains", f"{{ domains {{ edges {{ node {{ {_FIELDS} }} }} }} }}"),
    query(
        "domain",
        f"query($id: ID!) {{ domain(id: $id) {{ {_FIELDS} }} }}",
        lambda world: {"id": world.id_of("Domain", "domain")},
    ),
    mutation("claimDomain", "ClaimDomainInput", lambda _: {"name": "new-claim.example", "scope": "SUBTREE"}),
    mutation("renewDomainClaim", "DomainInput", _input("domain")),
    mutation("verifyDomain", "DomainInput", _input("domain")),
    query("domainDisputes", "{ domainDisputes { edges { node { id name displayName stateSince examinedUntil } } } }"),
    mutation("addDomainEvidence", "AddDomainEvidenceInput", _evidence),
    mutation("examineDomainDispute", "ExamineDomainDisputeInput", _disputed),
    mutation(
        "decideDomainDispute", "DecideDomainDisputeInput", lambda world: {**_disputed(world), "isClaimants": True}
    ),
    mutation("releaseDomain", "DomainInput", _input("releasable_domain")),
]


KEYS = {"Domain": "D"}


CROWD = """
insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_hash, token_issued_at)
    select organisation_id, key('D', place, n), at, 'd' || n || '.o' || place || '.example', 'name',
        case when is_last then 'verified' else 'released' end, at, sha256((place || ' ' || n)::bytea), at
    from number;
insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_issued_at)
    select organisation_id, key('X', place, n), at, 'x' || n || '.example', 'name', 'disputed', at, at
    from number where place = 0 and n <= 30;
insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)
    select key('D', place, n), at, 'd' || n || '.o' || place || '.example', case when is_last then organisation_id end,
        case when is_last then key('D', place, n) end, 1, case when is_last then 'held' else 'free' end
    from number;
"""
