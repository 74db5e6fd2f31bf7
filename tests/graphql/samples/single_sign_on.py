"""Samples of sign-in by an organisation's provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from tests.builders import NOW
from tests.graphql.sample import mutation, on_subject, query
from tests.graphql.world import World

PROVIDERS = ("draft_provider", "tested_provider")

_KNOWN = """
insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)
    select gen_random_uuid(), now(), account_id, organisation_id, 'https://login.example.org', account_id::text, now()
    from member where organisation_id = $1 and account_id is not null
"""


async def populate(world: World) -> None:
    """Providers that wait for what is done with them, of which none is in force."""
    for name in PROVIDERS:
        world.ids[name] = await world.insert(
            "identity_provider",
            name=name.replace("_", " ").title(),
            issuer="https://login.example.org",
            client_id="wardship",
            client_secret=b"sealed",
            second_step="own",
            admits="members",
            address_key=f"{name}-{world.organisation.slug}-and-more",
            state=name.partition("_")[0],
            state_since=NOW,
        )


def _in_state(state: str) -> Callable[[World], AbstractAsyncContextManager[None]]:
    """Bring the provider that was tested into a state for the time of a call; all people have signed in by it."""

    @asynccontextmanager
    async def arrange(world: World) -> AsyncIterator[None]:
        change = "update identity_provider set state = $2 where id = $1"
        await world.owner.execute(change, world.ids["tested_provider"], state)
        await world.owner.execute(_KNOWN, world.organisation.id)
        yield
        await world.owner.execute(change, world.ids["tested_provider"], "tested")
        await world.owner.execute("delete from identity where organisation_id = $1", world.organisation.id)

    return arrange


def _input(name: str) -> Callable[[World], dict[str, object]]:
    return lambda world: {"providerId": world.id_of("IdentityProvider", name)}


_FIELDS = (
    "id createdAt name state stateSince issuer clientId secondStep acrValues hostedDomain admits testedAt trouble"
    " troubleSince addresses { redirectUrl backChannelLogoutUrl postLogoutRedirectUrl signInUrl testUrl }"
)
_NEW = {
    "name": "Harbour Login",
    "issuer": "https://login.example.org/harbour",
    "clientId": "wardship",
    "clientSecret": "a secret of the provider",
}

SAMPLES = [
    query("identityProviders", f"{{ identityProviders {{ edges {{ node {{ {_FIELDS} }} }} }} }}"),
    query(
        "identityProvider",
        f"query($id: ID!) {{ identityProvider(id: $id) {{ {_FIELDS} }} }}",
        lambda world: {"id": world.id_of("IdentityProvider", "draft_provider")},
    ),
    mutation("createIdentityProvider", "CreateIdentityProviderInput", lambda _: _NEW),
    mutation(
        "updateIdentityProvider",
        "UpdateIdentityProviderInput",
        lambda world: _input("draft_provider")(world) | {"name": "Another name"},
    ),
    mutation("activateIdentityProvider", "IdentityProviderInput", _input("tested_provider")),
    mutation("enforceIdentityProvider", "IdentityProviderInput", _input("tested_provider"), _in_state("active")),
    mutation("relaxIdentityProvider", "IdentityProviderInput", _input("tested_provider"), _in_state("enforced")),
    mutation("turnOffIdentityProvider", "IdentityProviderInput", _input("draft_provider")),
    mutation("endMemberSessions", "MemberSessionsInput", on_subject),
    mutation("disconnectMember", "MemberSessionsInput", on_subject),
]


KEYS = {"IdentityProvider": "s"}


CROWD = """
insert into identity_provider (organisation_id, id, created_at, name, issuer, client_id, client_secret, second_step,
    admits, address_key, state, state_since)
    select organisation_id, key('s', place, n), at, 'Provider ' || n, 'https://login.example.org', 'wardship',
        'sealed'::bytea, 'own', 'members', 'k-' || key('s', place, n)::text, 'off', at
    from number;
"""
