"""A plugin that does what a test says, and a dispatcher around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.fakes.vendor_plugin import MANIFEST, PLAN, record
from tests.fixed_clock import FixedClock
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import (
    Connector,
    Outcome,
    Share,
    SubjectRef,
    Verb,
    hookimpl,
)
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.plugins.host.reply import Reply

SHARE = Share(records=(record(first_name="Ada", email="ada@example.org"),))
SUBJECT = SubjectRef(id="subject-0001")
SETTINGS: dict[str, object] = {"server_url": "http://127.0.0.1:1/"}
HERE = Installed(id="here", integration="scripted", public_settings=SETTINGS, secrets={"token": "s3cret"})
THERE = Installed(id="there", integration="scripted", public_settings=SETTINGS, secrets={"token": "s3cret"})


class Scripted(Connector[Any]):
    """Does in every method what the test says."""

    script: Callable[[Connector[Any]], Any]

    async def check(self) -> Outcome:
        return Outcome.completed()

    async def _do(self, *_argument: object) -> Any:
        done = type(self).script(self)
        return await done if asyncio.iscoroutine(done) else done

    grant = share = revoke = export = correct = restrict = erase = attest = reconcile = _do


class Plugin:
    """A loadable plugin around a script."""

    def __init__(self, connector: object = None, **parts: object) -> None:
        self.manifest = MANIFEST.model_copy(update={"key": "scripted", **parts})
        self.connector = connector

    @hookimpl
    def wardship_receives(self):
        return self.manifest

    @hookimpl
    def wardship_revokes(self):
        return PLAN

    @hookimpl
    def wardship_connector(self, context):
        return self.connector(context) if callable(self.connector) else self.connector


class Bench:
    """A dispatcher with one scripted plugin."""

    def __init__(self, clock: FixedClock, timeout_s: float = 0.2) -> None:
        self.clock, self.registry = clock, Registry()
        limits = DispatchLimits(network=NetworkPolicy.development(), timeout_s=timeout_s)
        self.dispatcher = Dispatcher(self.registry, clock, limits)

    def plug(self, script: Callable[[Any], Any], **parts: object) -> None:
        connector = type("Script", (Scripted,), {"script": staticmethod(script)})
        loaded = self.registry.register(Plugin(connector, **parts), "scripted")
        assert loaded.reason is None

    async def call(self, verb: Verb = Verb.SHARE, argument: Any = SHARE, installed: Installed = HERE) -> Reply:
        return await self.dispatcher.call(installed, verb, argument, obligation_id="o-1")


def raising(error: BaseException) -> Callable[[Any], Any]:
    def script(_connector: object) -> Any:
        raise error

    return script
