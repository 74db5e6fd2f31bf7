"""Samples of domains."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.sample import mutation, query
from tests.graphql.world import World


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
    mutation("releaseDomain", "DomainInput", _input("releasable_domain")),
]


KEYS = {"Domain": "D"}


CROWD = """
insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_hash, token_issued_at)
    select organisation_id, key('D', place, n), at, 'd' || n || '.o' || place || '.example', 'name',
        case when is_last then 'verified' else 'released' end, at, sha256((place || ' ' || n)::bytea), at
    from number;
insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)
    select key('D', place, n), at, 'd' || n || '.o' || place || '.example', case when is_last then organisation_id end,
        case when is_last then key('D', place, n) end, 1, case when is_last then 'held' else 'free' end
    from number;
"""
