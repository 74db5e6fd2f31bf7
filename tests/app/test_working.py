"""The worker that lives as long as its process: what ends it unasked is followed by another."""

from __future__ import annotations

import asyncio

import pytest

from wardship.app import worker
from wardship.app.nouns import domain_nouns
from wardship.app.worker import work_until
from wardship.core.mail import MailText, QueuedMail, queue_mail


class FailingOnce:
    """In place of the worker: ends by a fault the first time, and works until told to stop the second."""

    runs = 0

    def __init__(self, _services, *, duties) -> None:
        assert duties is domain_nouns().duties

    async def run(self, stop: asyncio.Event) -> None:
        type(self).runs += 1
        if self.runs == 1:
            raise ConnectionError("the database is away")
        stop.set()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> type[FailingOnce]:
    monkeypatch.setattr(FailingOnce, "runs", 0)
    monkeypatch.setattr(worker, "Worker", FailingOnce)
    return FailingOnce


async def test_worker_that_ends_by_a_fault_is_followed_by_another(failing, services):
    await work_until(asyncio.Event(), services, pause_s=0.001)
    assert failing.runs == 2


async def test_pause_after_a_fault_ends_when_told_to_stop(failing, services):
    stopping = asyncio.Event()
    working_on = asyncio.create_task(work_until(stopping, services, pause_s=3600))
    for _ in range(3):
        await asyncio.sleep(0)  # lets the worker end and the pause begin
    stopping.set()
    await asyncio.wait_for(working_on, 10)
    assert failing.runs == 1


async def test_every_sweep_runs_and_mail_goes_out(services, owner):
    mail = QueuedMail(account_id=None, recipient="a@b.example", text=MailText("subject", "body"))
    async with services.database.directory() as transaction:
        await queue_mail(transaction, services.keys, mail, at=services.clock.now())
    for sweep in domain_nouns().duties.sweeps:
        await sweep(services)
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0
    assert len(list((services.settings.data_dir / "mail").rglob("*.eml"))) == 1
