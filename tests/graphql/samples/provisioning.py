"""Samples of provisioning."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.sample import mutation, query
from tests.graphql.world import World


async def populate(world: World) -> None:
    """A token, what the directory says of somebody, and what it was refused."""
    tag = world.organisation.name
    world.ids["provisioning_token"] = await world.insert(
        "provisioning_token",
        name=f"{tag} directory",
        token_hash=hashlib.sha256(tag.encode()).digest(),
        created_by=world.people["owner"].member_id,
        expires_at=NOW + timedelta(days=30),
    )
    await world.insert(
        "directory_user",
        member_id=world.people["subject"].member_id,
        changed_at=NOW,
        user_name=f"{tag} subject",
        user_name_key=f"{tag} subject".lower(),
        department=f"{tag} department",
        emails='[{"value": "subject@example.org"}]',
    )
    await world.insert(
        "provisioning_failure",
        token_id=world.ids["provisioning_token"],
        operation="create",
        resource="User",
        subject=f"{tag} somebody",
        code="USER_NAME_TAKEN",
        message="Taken.",
        status=409,
        last_at=NOW,
    )


_TOKEN = "id createdAt name expiresAt lastUsedAt revokedAt createdBy { displayName }"

SAMPLES = [
    query("provisioningTokens", f"{{ provisioningTokens {{ edges {{ node {{ {_TOKEN} }} }} }} }}"),
    query(
        "provisioningFailures",
        "{ provisioningFailures { edges { node { operation resource subject code message status firstAt lastAt times"
        " } } } }",
    ),
    mutation("createProvisioningToken", "CreateProvisioningTokenInput", lambda _: {"name": "Okta"}),
    mutation(
        "revokeProvisioningToken",
        "ProvisioningTokenInput",
        lambda world: {"tokenId": world.id_of("ProvisioningToken", "provisioning_token")},
    ),
]


KEYS = {"ProvisioningToken": "T"}


CROWD = """
insert into provisioning_token (organisation_id, id, created_at, name, token_hash, created_by, expires_at, revoked_at)
    select organisation_id, key('T', place, n), at, 'Token ' || n, sha256(('w' || place || ' ' || n)::bytea),
        member, at, at from number;
insert into directory_user (organisation_id, id, created_at, member_id, changed_at, user_name, user_name_key,
        department)
    select organisation_id, key('V', place, n), at, member, at, 'User ' || n, 'user ' || n, 'Department ' || n % 100
    from number;
insert into provisioning_failure (organisation_id, id, created_at, token_id, operation, resource, subject, code,
        message, status, last_at)
    select organisation_id, key('X', place, n), at, key('T', place, 1), 'create', 'User', 'User ' || n,
        'USER_NAME_TAKEN', 'Taken.', 409, at + n * interval '1 microsecond' from number;
"""
