"""Samples whose declaration is wrong, or whose code and declaration differ."""

from __future__ import annotations

import itertools

from tests.plugins.kit.plugin_made import PluginMade, declaring, separate, supporting, wrong
from wardship.plugins.api import (
    Connector,
    Identifier,
    IdentifierType,
    Outcome,
    Received,
    Rejected,
)


@wrong("loads")
def has_no_revocation_plan(acme):
    class Incomplete:
        wardship_receives = staticmethod(acme.wardship_receives)
        wardship_connector = staticmethod(acme.wardship_connector)

    return Incomplete()


@wrong("hooks-are-pure")
def declares_another_version_each_time(acme):
    numbers = itertools.count(1)
    return PluginMade(acme, change=lambda manifest: manifest.model_copy(update={"version": f"1.{next(numbers)}"}))


@wrong("loads")
def promises_a_method_that_is_missing(acme):
    return PluginMade(acme, change=supporting(grant=True))


@wrong("methods-as-promised")
def promises_a_method_that_is_missing_where_the_host_cannot_look(acme):
    class Wrong(acme.Acme):
        def __init__(self, context):
            super().__init__(context)
            # Without an installation there are no settings: the host makes no connector when it loads.
            self.place = f"{context.settings.server_url}v1/"

    return PluginMade(acme, Wrong, change=supporting(grant=True))


@wrong("no-more-methods")
def has_a_method_that_it_does_not_promise(acme):
    return PluginMade(acme, change=supporting(reconcile=False))


@wrong("undeclared-data")
def asks_for_a_field_that_is_not_declared(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            assert [each.text("phone") for each in share.records] == [""] * len(share.records)
            return await super().share(share)

    return PluginMade(acme, Wrong)


@wrong("undeclared-data")
def asks_for_an_identifier_that_is_not_declared(acme):
    class Wrong(acme.Acme):
        async def export(self, subject):
            assert subject.identifier(IdentifierType.EMAIL) is None
            return await super().export(subject)

    return PluginMade(acme, Wrong)


@wrong("fields-are-used")
def declares_a_field_that_it_never_reads(acme):
    class Wrong(acme.Acme):
        async def correct(self, record):
            values = {name: record.text(name) for name in ("email", "first_name") if record.text(name)}
            (await self._call("PUT", f"subjects/{record.subject.id}", values)).expect(200)
            return Outcome.completed(1)

    return PluginMade(acme, Wrong)


@wrong("fields-are-used")
def declares_an_identifier_that_it_never_reads(acme):
    return PluginMade(acme, change=declaring(identifiers=(Identifier(type=IdentifierType.EMAIL),)))


@wrong("hosts-are-used")
def declares_a_host_that_it_never_asks(acme):
    return PluginMade(acme, change=declaring(hosts=("api.acme.example",)))


@wrong("present-contract")
def states_no_version_of_the_contract(acme):
    return PluginMade(acme, change=declaring(contract=1))


@wrong("vendor-says-more")
def names_no_agreement(acme):
    def without(manifest):
        return manifest.model_copy(update={"vendor": manifest.vendor.model_copy(update={"agreement_url": None})})

    return PluginMade(acme, change=without)


@wrong("nothing-by-hand")
def leaves_corrections_to_a_person(acme):
    class Wrong(separate(acme)):
        correct = Connector.correct

    return PluginMade(acme, Wrong, supporting(correct=False))


@wrong("unsigned-is-refused")
def takes_calls_from_anybody(acme):
    class Wrong(acme.Acme):
        async def receive(self, _call):
            return Received(outcome=Outcome.completed())

    return PluginMade(acme, Wrong, supporting(receive=True))


@wrong("unsigned-is-refused")
def takes_any_signature_for_a_valid_one(acme):
    class Wrong(acme.Acme):
        async def receive(self, call):
            if not call.header("webhook-signature"):
                raise Rejected("the call is not signed")
            return Received(outcome=Outcome.completed())

    return PluginMade(acme, Wrong, supporting(receive=True))
