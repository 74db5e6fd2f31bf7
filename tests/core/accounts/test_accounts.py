from __future__ import annotations

import pytest

from tests.builders import NOW
from wardship.core.accounts.accounts import account_summary, create_account, find_account, verified_addresses
from wardship.core.accounts.address import canonical_address
from wardship.core.accounts.tombstones import ErasedAccountError, lift, suppress

ANN = canonical_address("ann@example.org", ())


async def test_an_account_is_found_by_its_verified_address_alone(database, keys, owner):
    async with database.directory() as transaction:
        account_id = await create_account(transaction, keys, ANN, display_name="Ann", at=NOW)
        assert await find_account(transaction, ANN) == account_id
        assert await verified_addresses(transaction, account_id) == [ANN]
        await transaction.execute("update account_email set verified_at = null")
        assert await find_account(transaction, ANN) is None
        assert await verified_addresses(transaction, account_id) == []
    assert await owner.fetchval("select count(*) from account") == 1


async def test_an_erased_account_is_not_found(database, keys):
    async with database.directory() as transaction:
        account_id = await create_account(transaction, keys, ANN, display_name="Ann", at=NOW)
        await transaction.execute("update account set state = 'erased'")
        assert await find_account(transaction, ANN) is None
        assert await account_summary(transaction, account_id) is None


async def test_an_erased_address_gets_no_account_until_it_is_lifted(database, keys, owner):
    async with database.directory() as transaction:
        await suppress(transaction, keys, {"email": [ANN]}, organisation_id=None, at=NOW)
        with pytest.raises(ErasedAccountError):
            await create_account(transaction, keys, ANN, display_name="Ann", at=NOW)
        assert await transaction.fetchval("select count(*) from account") == 0
        await lift(transaction, keys, ANN, at=NOW)
        await create_account(transaction, keys, ANN, display_name="Ann", at=NOW)
    assert await owner.fetchval("select count(*) from account") == 1


async def test_accounts_are_closed_to_a_transaction_without_the_directory(database, keys):
    async with database.directory() as transaction:
        await create_account(transaction, keys, ANN, display_name="Ann", at=NOW)
    async with database.tenant(await _any_organisation(database)) as transaction:
        assert await find_account(transaction, ANN) is None


async def _any_organisation(database):
    async with database.directory() as transaction:
        return await transaction.fetchval(
            "insert into organisation (id, created_at, slug, name) values (gen_random_uuid(), $1, 'a', 'A')"
            " returning id",
            NOW,
        )
