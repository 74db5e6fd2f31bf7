"""Keeps what the host saw of a vendor, about each person and about everything, as the product does between calls."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from wardship.plugins.api import Claim, Revocation, Verb
from wardship.plugins.host.call import Installed
from wardship.plugins.host.data_guards import people_in
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.exchanges import KeptExchange
from wardship.plugins.host.reply import Reply


class Remembering:
    """Calls an integration with the exchanges that were kept of earlier calls about the same."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self.kept: defaultdict[str, list[KeptExchange]] = defaultdict(list)

    async def call(self, installed: Installed, verb: Verb, argument: Any = None, obligation_id: str = "o-1") -> Reply:
        about = [f"{installed.id} {each}" for each in sorted(_about(argument))]
        earlier = [each for key in about for each in self.kept[key]]
        reply = await self.dispatcher.call(installed, verb, argument, obligation_id=obligation_id, earlier=earlier)
        for key in about:
            self.kept[key] += [each.kept() for each in reply.exchanges]
        return reply


def _about(argument: Any) -> frozenset[str]:
    if isinstance(argument, Claim | Revocation) and argument.everything:
        return frozenset({""})
    return people_in(argument) or frozenset({""})
