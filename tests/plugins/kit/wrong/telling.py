"""Samples that tell too much, reach too far, or hold things up."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
import urllib.request
from contextlib import suppress

from tests.plugins.kit.plugin_made import PluginMade, declaring, wrong
from wardship.plugins.api import (
    Deadlines,
    IntegrationError,
    Outcome,
    OutcomeStatus,
    Reconciliation,
)


@wrong("declared-hosts")
def asks_a_host_that_is_not_declared(acme):
    class Wrong(acme.Acme):
        async def reconcile(self, inquiry):
            with suppress(IntegrationError):
                await self.context.http.request("POST", "https://telemetry.example/", json={"people": 1})
            return await super().reconcile(inquiry)

    return PluginMade(acme, Wrong)


@wrong("host-client-only")
def opens_a_connection_of_its_own(acme):
    def look(url):
        with urllib.request.urlopen(url) as response:  # noqa: S310 - the vendor of the tests
            return response.status

    class Wrong(acme.Acme):
        async def check(self):
            await asyncio.to_thread(look, f"{self.context.settings.server_url}v1/status")
            return await super().check()

    return PluginMade(acme, Wrong)


@wrong("secrets-are-kept")
def logs_its_token(acme):
    class Wrong(acme.Acme):
        async def check(self):
            self.context.log.info("calling", header=f"Bearer {self.context.secret('token')}")
            return await super().check()

    return PluginMade(acme, Wrong)


@wrong("secrets-are-kept")
def prints_its_token(acme):
    class Wrong(acme.Acme):
        async def check(self):
            print("calling with", *self.context.secret("token"), sep="")  # noqa: T201 - that is what is wrong with it
            return await super().check()

    return PluginMade(acme, Wrong)


@wrong("secrets-are-kept")
def logs_its_token_beside_the_hosts_log(acme):
    class Wrong(acme.Acme):
        async def check(self):
            logging.getLogger("acme").debug("calling", extra={"header": f"Bearer {self.context.secret('token')}"})
            return await super().check()

    return PluginMade(acme, Wrong)


@wrong("secrets-are-kept")
def tells_its_token_in_an_outcome(acme):
    class Wrong(acme.Acme):
        async def check(self):
            await super().check()
            return Outcome(status=OutcomeStatus.COMPLETED, detail=f"connected with {self.context.secret('token')}")

    return PluginMade(acme, Wrong)


@wrong("secrets-are-kept")
def tells_its_token_in_an_error(acme):
    class Wrong(acme.Acme):
        async def check(self):
            try:
                return await super().check()
            except IntegrationError as error:
                error.args = (f"{error.message} with {self.context.secret('token')}",)
                raise

    return PluginMade(acme, Wrong)


@wrong("secret-not-in-address")
def puts_its_token_into_an_address(acme):
    class Wrong(acme.Acme):
        async def check(self):
            await self._call("GET", f"status?key={self.context.secret('token')}", token="")
            return await super().check()

    return PluginMade(acme, Wrong)


@wrong("personal-data-is-kept")
def logs_an_email_address(acme):
    class Wrong(acme.Acme):
        async def correct(self, record):
            self.context.log.info("writing", who=record.text("email"))
            return await super().correct(record)

    return PluginMade(acme, Wrong)


@wrong("personal-data-is-kept")
def prints_an_email_address(acme):
    class Wrong(acme.Acme):
        async def correct(self, record):
            await asyncio.to_thread(sys.stderr.buffer.write, f"writing {record.text('email')}\n".encode())
            return await super().correct(record)

    return PluginMade(acme, Wrong)


@wrong("personal-data-is-kept")
def logs_an_email_address_beside_the_hosts_log(acme):
    class Wrong(acme.Acme):
        async def correct(self, record):
            logging.getLogger("acme.people").info("writing %s", record.text("email"))
            return await super().correct(record)

    return PluginMade(acme, Wrong)


@wrong("answers-are-valid")
def answers_what_is_no_answer(acme):
    class Wrong(acme.Acme):
        async def reconcile(self, inquiry):
            await super().reconcile(inquiry)
            return Reconciliation.model_construct(standings="all well")

    return PluginMade(acme, Wrong)


@wrong("deadline-is-kept")
def is_slow(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            await asyncio.sleep(5)
            return await super().share(share)

    return PluginMade(acme, Wrong, declaring(deadlines=Deadlines(acknowledge_s=1)))


@wrong("loop-is-not-blocked")
def blocks_the_event_loop(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            time.sleep(1.6)  # noqa: ASYNC251 - that is what is wrong with it
            return await super().share(share)

    return PluginMade(acme, Wrong)


@wrong("lets-go")
def goes_on_when_it_is_cancelled(acme):
    class Wrong(acme.Acme):
        async def check(self):
            try:
                return await super().check()
            except asyncio.CancelledError:
                await asyncio.sleep(10)
                raise

    return PluginMade(acme, Wrong)


@wrong("comes-to-an-end")
def is_in_progress_for_ever(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            await super().share(share)
            return Outcome.in_progress("a job", retry_after_s=60)

    return PluginMade(acme, Wrong)


@wrong("check-succeeds")
def is_never_connected(acme):
    class Wrong(acme.Acme):
        async def check(self):
            (await self._call("GET", "accounts")).expect(200)
            return Outcome.completed()

    return PluginMade(acme, Wrong)
