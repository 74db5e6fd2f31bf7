"""Samples that make the wrong thing of a vendor that is down, slow, garbled, or no longer accepts them."""

from __future__ import annotations

import asyncio
import json
import uuid

from tests.plugins.kit.plugin_made import PluginMade, separate, wrong
from wardship.plugins.api import (
    Attestation,
    Export,
    IntegrationError,
    Outcome,
    Rejected,
    TemporarilyUnavailable,
)


@wrong("errors-are-told")
def swallows_errors(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            try:
                return await super().share(share)
            except IntegrationError:
                return Outcome.completed(len(share.records))

    return PluginMade(acme, Wrong)


@wrong("errors-are-told")
def does_not_look_at_the_status(acme):
    class Wrong(separate(acme)):
        async def erase(self, subject):
            await self._call("GET", f"subjects/{subject.id}")
            response = await self._call("DELETE", f"subjects/{subject.id}")
            return Outcome.completed(1 if response.status == 204 else 0)

    return PluginMade(acme, Wrong)


@wrong("errors-are-told")
def takes_no_answer_for_a_good_one(acme):
    class Wrong(separate(acme)):
        async def correct(self, record):
            values = {field.name: field.value for field in record.fields}
            try:
                response = await self._call("PUT", f"subjects/{record.subject.id}", values)
            except TemporarilyUnavailable:
                return Outcome.completed(1)
            response.expect(200)
            return Outcome.completed(1)

    return PluginMade(acme, Wrong)


@wrong("proof-needs-an-answer")
def takes_a_broken_server_for_an_empty_one(acme):
    class Wrong(acme.Acme):
        async def attest(self, claim):
            if claim.everything:
                return await super().attest(claim)
            await self._call("GET", "me")
            statuses = [(await self._call("GET", f"subjects/{subject.id}")).status for subject in claim.subjects]
            left = tuple("still there" for status in statuses if status == 200)
            return Attestation.probed(at=self.context.now(), method="looked", evidence=str(statuses), residual=left)

    return PluginMade(acme, Wrong)


@wrong("only-three-errors")
def crashes_at_what_it_does_not_expect(acme):
    class Wrong(acme.Acme):
        async def export(self, subject):
            response = (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
            if response.status == 200:
                json.loads(response.body)
            return await super().export(subject)

    return PluginMade(acme, Wrong)


@wrong("garbage-is-no-answer")
def takes_a_page_for_an_empty_answer(acme):
    class Wrong(acme.Acme):
        async def export(self, subject):
            response = (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
            if response.headers.get("content-type") != "application/json":
                return Export(outcome=Outcome.completed())
            return await super().export(subject)

    return PluginMade(acme, Wrong)


def with_check(acme, judge):
    """Return a plugin whose `check` makes something of its own of the vendor's answer."""

    class Wrong(acme.Acme):
        async def check(self):
            response = await self._call("GET", "me")
            await judge(response)
            response.expect(200)
            return Outcome.completed()

    return PluginMade(acme, Wrong)


@wrong("refused-credentials")
def takes_a_refused_token_for_an_outage(acme):
    async def judge(response):
        if response.status == 401:
            raise TemporarilyUnavailable("perhaps later")

    return with_check(acme, judge)


@wrong("outage-is-no-refusal")
def takes_an_outage_for_a_refusal(acme):
    async def judge(response):
        if response.status >= 500:
            raise Rejected("the vendor does not want it")

    return with_check(acme, judge)


@wrong("slower-pace")
def takes_a_pace_for_a_refusal(acme):
    async def judge(response):
        if response.status == 429:
            raise Rejected("too many")

    return with_check(acme, judge)


@wrong("slower-pace")
def leaves_out_how_long_to_wait(acme):
    async def judge(response):
        if response.status == 429:
            raise TemporarilyUnavailable("too many")

    return with_check(acme, judge)


@wrong("slower-pace")
def waits_by_itself(acme):
    async def judge(response):
        if response.status == 429:
            await asyncio.sleep(2.5)

    return with_check(acme, judge)


@wrong("no-own-retries")
def repeats_what_has_failed(acme):
    class Wrong(acme.Acme):
        async def _call(self, *arguments, **named):
            for _ in range(4):
                response = await super()._call(*arguments, **named)
                if response.status != 500:
                    break
            return response

    return PluginMade(acme, Wrong)


@wrong("lost-answer")
def refuses_a_correction_that_changes_nothing(acme):
    class Wrong(separate(acme)):
        async def correct(self, record):
            found = (await self._call("GET", f"subjects/{record.subject.id}")).expect(200, 404)
            if found.status == 200 and found.json() == {field.name: field.value for field in record.fields}:
                raise Rejected("there is nothing to correct")
            return await super().correct(record)

    return PluginMade(acme, Wrong)


def with_key(acme, key):
    """Return a plugin that sends idempotency keys of its own."""

    class Wrong(acme.Acme):
        async def _call(self, method, path, json=None, token=None):
            url = f"{self.context.settings.server_url}v1/{path}"
            token = self.context.secret("token") if token is None else token
            headers = {"authorization": f"Bearer {token}"} if token else {}
            headers["idempotency-key"] = key(self.context)
            return await self.context.http.request(method, url, headers=headers, json=json)

    return PluginMade(acme, Wrong)


@wrong("idempotency-keys")
def has_one_key_for_all_requests(acme):
    return with_key(acme, lambda context: context.obligation_id)


@wrong("idempotency-keys")
def has_another_key_each_time(acme):
    return with_key(acme, lambda _context: str(uuid.uuid4()))
