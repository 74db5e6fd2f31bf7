"""A worker that is killed while it groups accounts loses no account, and asks nobody twice (acceptance 6)."""

from __future__ import annotations

import os
import signal

from tests.conftest import SECRET
from tests.tenants.account_claims.people import insert_accounts
from tests.tenants.obligations.test_kill import comes_true, killable_workers, start
from wardship.core.database.embedded import ROLE_SERVE

ACCOUNTS, BATCH, KILLS = 2_000, 10, 8


async def test_grouping_goes_on_after_each_kill_and_asks_everybody_once(
    grouper, owner, postgres, database_name, tmp_path
):
    await insert_accounts(owner, ACCOUNTS)
    begun = await grouper.start()
    # The worker goes by the machine's clock, which is not that of the test.
    await owner.execute("update domain_grouping set state_until = 'infinity'")
    told = {
        "database": postgres.dsn(role=ROLE_SERVE, database=database_name),
        "secret": SECRET,
        "folder": str(tmp_path),
        "grouping_batch": BATCH,
    }
    come = []

    async def is_further() -> bool:
        come[-1] = await _progress(owner)
        return come[-1] >= min((2 * ACCOUNTS * len(come)) // (KILLS + 1), 2 * ACCOUNTS)

    with killable_workers(told) as process:
        for _ in range(KILLS):
            child = start(process)
            come.append(0)
            await comes_true(is_further)
            os.kill(child, signal.SIGKILL)
        assert await owner.fetchval("select state from domain_grouping") == "running"
        assert come == sorted(come)
        last = start(process)
        await comes_true(lambda: _is_done(owner))
        os.kill(last, signal.SIGKILL)
    row = await owner.fetchrow("select seen, notified from domain_grouping where id = $1", begun.id)
    assert tuple(row) == (ACCOUNTS, ACCOUNTS)
    told_of = "select count(*), count(distinct account_id) from account_notice where kind = 'account_claimed'"
    assert tuple(await owner.fetchrow(told_of)) == (ACCOUNTS, ACCOUNTS)
    states = await owner.fetch("select state, count(*) from account_claim group by 1")
    assert [tuple(row) for row in states] == [("notified", ACCOUNTS)]


async def _progress(owner) -> int:
    return await owner.fetchval("select seen + notified from domain_grouping")


async def _is_done(owner) -> bool:
    return await owner.fetchval("select state = 'done' from domain_grouping")
