"""Samples of the caller's own account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.sessions import token_hash


@asynccontextmanager
async def _second_address(world: World) -> AsyncIterator[None]:
    world.ids["address"] = uuid7()
    await world.owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at) values ($1, $2, $3, $4, $2)",
        world.ids["address"],
        NOW,
        world.people["owner"].account_id,
        f"second@{world.organisation.slug}.example.net",
    )
    yield
    account_id = world.people["owner"].account_id
    await world.owner.execute("delete from account_email where id = $1", world.ids["address"])
    await world.owner.execute("update account_email set is_primary = true where account_id = $1", account_id)


@asynccontextmanager
async def _waiting_address(world: World) -> AsyncIterator[None]:
    address = f"waiting@{world.organisation.slug}.example.net"
    await world.owner.execute(
        "insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at)"
        " values ($1, $2, $3, $4, 'add_address', $5, $6)",
        uuid7(),
        NOW,
        world.people["owner"].account_id,
        address,
        token_hash(address),
        NOW + timedelta(days=400),
    )
    yield
    await world.owner.execute("delete from sign_in_link where address = $1", address)
    await world.owner.execute("delete from account_email where address = $1", address)


def _address_id(world: World) -> dict[str, str]:
    return {"addressId": gid("AccountAddress", world.ids["address"])}


@asynccontextmanager
async def _recovery(world: World, *, of: str = "member") -> AsyncIterator[None]:
    world.ids["recovery"] = uuid7()
    account_id = world.people[of].account_id
    await world.owner.execute(
        "insert into account_recovery (id, created_at, account_id, organisation_id, state, state_since, asked_by,"
        " address_id, acts_at) select $1, $2, $3, $4, 'asked', $2, $3, e.id, $5 from account_email e"
        " where e.account_id = $3 and e.is_primary",
        world.ids["recovery"],
        NOW,
        account_id,
        world.organisation.id,
        NOW + timedelta(days=7),
    )
    yield
    await _forget_recoveries(world)


@asynccontextmanager
async def _own_recovery(world: World) -> AsyncIterator[None]:
    async with _recovery(world, of="owner"):
        yield


@asynccontextmanager
async def _no_recovery(world: World) -> AsyncIterator[None]:
    yield
    await _forget_recoveries(world)


async def _forget_recoveries(world: World) -> None:
    await world.owner.execute("delete from account_recovery where organisation_id = $1", world.organisation.id)


@asynccontextmanager
async def _without_organisation(world: World) -> AsyncIterator[None]:
    """Take the owner's account out of the organisation for a moment."""
    account_id, member_id = world.people["owner"].account_id, world.people["owner"].member_id
    world.ids["loner"] = uuid7()
    email = f"{world.ids['loner']}@example.net"
    before = await world.owner.fetchval(
        "select address from account_email where account_id = $1 and is_primary", account_id
    )
    await world.owner.execute("update member set account_id = null where id = $1", member_id)
    await world.owner.execute(
        "update account_email set address = $2 where account_id = $1 and is_primary", account_id, email
    )
    yield
    await world.owner.execute(
        "update account_email set address = $2 where account_id = $1 and is_primary", account_id, before
    )
    await world.owner.execute("update member set account_id = $2 where id = $1", member_id, account_id)
    await world.owner.execute("update account set closes_at = null where id = $1", account_id)


@asynccontextmanager
async def _passkey(world: World) -> AsyncIterator[None]:
    """Give the owner a passkey for a moment, and an authenticator, so that it can be removed."""
    account_id = world.people["owner"].account_id
    world.ids["passkey"] = uuid7()
    await world.owner.execute(
        "insert into passkey (id, created_at, account_id, credential_id, public_key, user_handle, sign_count, name,"
        " transports, is_backup_eligible, is_backed_up)"
        " values ($1, $2, $3, $4, 'key', 'handle', 0, 'Phone', '{}', false, false)",
        world.ids["passkey"],
        NOW,
        account_id,
        world.ids["passkey"].bytes,
    )
    await world.owner.execute(
        "insert into totp_credential (id, created_at, account_id, secret, confirmed_at)"
        " values (gen_random_uuid(), $1, $2, 'secret', $1) on conflict do nothing",
        NOW,
        account_id,
    )
    yield
    await world.owner.execute("delete from passkey where account_id = $1", account_id)
    await world.owner.execute("delete from totp_credential where account_id = $1", account_id)


def _passkey_id(world: World) -> dict[str, str]:
    return {"passkeyId": gid("AccountPasskey", world.ids["passkey"])}


@asynccontextmanager
async def _identity(world: World) -> AsyncIterator[None]:
    """Link two providers with the owner's account for a moment, so that one can be unlinked."""
    account_id, issuer = world.people["owner"].account_id, f"https://{world.organisation.slug}.example.net"
    world.ids["identity"], other = uuid7(), uuid7()
    for identity_id, subject in ((world.ids["identity"], "one"), (other, "two")):
        await world.owner.execute(
            "insert into identity (id, created_at, account_id, issuer, subject, used_at)"
            " values ($1, $2, $3, $4, $5, $2)",
            identity_id,
            NOW,
            account_id,
            issuer,
            subject,
        )
    yield
    await world.owner.execute("delete from identity where account_id = $1 and issuer = $2", account_id, issuer)


def _identity_id(world: World) -> dict[str, str]:
    return {"identityId": gid("AccountIdentity", world.ids["identity"])}


def _of_outsider(world: World) -> dict[str, str]:
    return {"memberId": world.id_of("Member", "outsider")}


def _recovery_id(world: World) -> dict[str, str]:
    return {"recoveryId": gid("AccountRecovery", world.ids["recovery"])}


SAMPLES = [
    query("accountRecoveries", "{ accountRecoveries { edges { node { id state member { displayName } } } } }"),
    mutation("beginAccountRecovery", "BeginAccountRecoveryInput", _of_outsider, _no_recovery),
    mutation("approveAccountRecovery", "ApproveAccountRecoveryInput", _recovery_id, _recovery),
    mutation("declineAccountRecovery", "AccountRecoveryInput", _recovery_id, _recovery),
    mutation("cancelMyAccountRecovery", "AccountRecoveryInput", _recovery_id, _own_recovery),
    mutation("updateMyAccount", "UpdateMyAccountInput", lambda _: {"timeZone": "Europe/Berlin"}),
    mutation("updateMyPreferences", "UpdateMyPreferencesInput", lambda _: {"language": "de", "theme": "DARK"}),
    mutation("addMyAddress", "AddMyAddressInput", lambda _: {"email": f"new-{uuid7()}@example.net"}),
    mutation(
        "verifyMyAddress",
        "VerifyMyAddressInput",
        lambda world: {"token": f"waiting@{world.organisation.slug}.example.net"},
        _waiting_address,
    ),
    mutation(
        "closeMyAccount",
        "CloseMyAccountInput",
        lambda world: {"email": f"{world.ids['loner']}@example.net"},
        _without_organisation,
    ),
    mutation("makeMyAddressPrimary", "MyAddressInput", _address_id, _second_address),
    mutation("removeMyAddress", "MyAddressInput", _address_id, _second_address),
    mutation(
        "renameMyPasskey", "RenameMyPasskeyInput", lambda world: _passkey_id(world) | {"name": "Telefon"}, _passkey
    ),
    mutation("removeMyPasskey", "MyPasskeyInput", _passkey_id, _passkey),
    mutation("unlinkMyIdentity", "MyIdentityInput", _identity_id, _identity),
]

CROWD = """
insert into account (id, created_at, display_name) select key('A', place, n), at, 'Person' from number where place = 0;
insert into account_email (id, created_at, account_id, address, is_primary, verified_at)
    select key('E', place, n), at, key('A', place, n), 'person' || n || '@example.org', true, at from number
    where place = 0;
insert into account_recovery (id, created_at, account_id, organisation_id, state, state_since, asked_by, address_id,
        is_announced, acts_at, ended_at)
    select key('R', place, n), at, key('A', place, n), organisation_id,
        case when is_last then 'declined' when n % 3 = 0 then 'expired' else 'asked' end, at, key('A', place, n),
        key('E', place, n), true, '2099-01-01T00:00:00Z', case when is_last or n % 3 = 0 then at end
    from number where place = 0;
insert into account_event (id, created_at, account_id, kind, network, user_agent)
    select key('v', place, n), at, key('A', place, 1 + n % 2), 'signed_in', '192.0.2.0/24', 'Browser' from number;
"""

FILTERS = {
    "Query.accountRecoveries(states)": ("states: [DECLINED]", "states: [ASKED, EXPIRED]"),
}
