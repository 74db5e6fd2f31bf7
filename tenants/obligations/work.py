"""One call to be made: what the worker takes from the transaction that prepared it into the one that settles it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from wardship.plugins.api import SubjectRef, Verb
from wardship.plugins.host import Installed
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.leased import Leased


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One call.

    Attributes:
        verb: the connector's method; another than the obligation's where one does the duty of the other.
        argument: what it is called with.
        subject: whom it is about; None for what concerns the installation.
        is_delivery: whether a record goes out, so that the ledger has a row to settle.
    """

    leased: Leased
    installation: InstallationRecord
    installed: Installed
    verb: Verb
    argument: BaseModel | None = None
    subject: SubjectRef | None = None
    is_delivery: bool = False
