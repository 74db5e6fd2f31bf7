from __future__ import annotations

from tests.builders import NOW, make_organisation
from wardship.core.accounts.tombstones import is_suppressed, lift, suppress
from wardship.core.keys import KeyRing

ADDRESS = "ann@example.org"


async def test_a_tombstone_of_one_organisation_holds_there_alone(database, keys):
    here, elsewhere = await make_organisation(database), await make_organisation(database)
    async with database.tenant(here.id) as transaction:
        await suppress(transaction, keys, {"email": [ADDRESS]}, organisation_id=here.id, at=NOW)
        assert await is_suppressed(transaction, keys, here.id, ADDRESS)
        assert not await is_suppressed(transaction, keys, elsewhere.id, ADDRESS)
        assert not await is_suppressed(transaction, keys, None, ADDRESS)


async def test_a_tombstone_of_the_account_holds_everywhere(database, keys):
    anywhere = await make_organisation(database)
    async with database.directory() as transaction:
        await suppress(transaction, keys, {"email": [ADDRESS]}, organisation_id=None, at=NOW)
    async with database.tenant(anywhere.id) as transaction:
        assert await is_suppressed(transaction, keys, anywhere.id, ADDRESS)
        assert await is_suppressed(transaction, keys, None, ADDRESS)


async def test_each_is_looked_up_by_itself_in_one_statement(database, keys):
    async with database.directory() as transaction:
        await suppress(transaction, keys, {"email": [ADDRESS, "bob@example.org", ""]}, organisation_id=None, at=NOW)
        before = transaction.statements
        assert await is_suppressed(transaction, keys, None, ADDRESS)
        assert await is_suppressed(transaction, keys, None, "bob@example.org")
        assert not await is_suppressed(transaction, keys, None, "eve@example.org")
        assert transaction.statements == before + 3


async def test_kinds_are_told_apart(database, keys):
    async with database.directory() as transaction:
        await suppress(transaction, keys, {"username": ["ann"]}, organisation_id=None, at=NOW)
        assert await is_suppressed(transaction, keys, None, "ann", kind="username")
        assert not await is_suppressed(transaction, keys, None, "ann", kind="external")


async def test_it_holds_no_identifier(database, keys, owner):
    async with database.directory() as transaction:
        await suppress(transaction, keys, {"email": [ADDRESS]}, organisation_id=None, at=NOW)
    row = await owner.fetchrow("select tombstone::text as text, identifier_hash from tombstone")
    assert "ann" not in row["text"]
    assert len(row["identifier_hash"]) == 32


async def test_it_holds_after_the_key_was_changed(database, owner):
    old, new = (
        KeyRing("an old secret of this deployment"),
        KeyRing("a new secret", ["an old secret of this deployment"]),
    )
    async with database.directory() as transaction:
        await suppress(transaction, old, {"email": [ADDRESS]}, organisation_id=None, at=NOW)
        assert await is_suppressed(transaction, new, None, ADDRESS)
        await lift(transaction, new, ADDRESS, at=NOW)
        assert not await is_suppressed(transaction, new, None, ADDRESS)
    assert await owner.fetchval("select count(*) from tombstone") == 1


async def test_a_second_erasure_buries_again_what_was_lifted(database, keys):
    async with database.directory() as transaction:
        for _ in range(2):
            await suppress(transaction, keys, {"email": [ADDRESS]}, organisation_id=None, at=NOW)
            assert await is_suppressed(transaction, keys, None, ADDRESS)
            await lift(transaction, keys, ADDRESS, at=NOW)
            assert not await is_suppressed(transaction, keys, None, ADDRESS)
