"""What a deployment offers to the domain, made once by the composition root and handed in."""

from __future__ import annotations

from dataclasses import dataclass

from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.keys import KeyRing
from wardship.core.settings import Settings
from wardship.plugins.host import Dispatcher, Registry


@dataclass(frozen=True, slots=True)
class Services:
    """The deployment's parts.

    Attributes:
        settings: what the operator set.
        database: the pool, under the serving role.
        clock: the present moment.
        keys: encryption, keyed hashes, signatures.
        integrations: the integrations that were found, loaded or not.
        dispatcher: calls connectors, each with its own timeout, limit and breaker.
    """

    settings: Settings
    database: Database
    clock: Clock
    keys: KeyRing
    integrations: Registry
    dispatcher: Dispatcher
