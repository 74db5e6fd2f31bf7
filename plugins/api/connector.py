"""The vendor conversation: what an integration implements, and what it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from wardship.plugins.api.arguments import Cause, Claim, Grant, InboundCall, Inquiry, Restriction, Revocation, Share
from wardship.plugins.api.contract import Settings
from wardship.plugins.api.errors import AuthorisationExpired
from wardship.plugins.api.http import HttpClient
from wardship.plugins.api.outcome import Attestation, Continuation, Export, Outcome, Received, Reconciliation
from wardship.plugins.api.subjects import Record, SubjectRef

SettingsT = TypeVar("SettingsT", bound=Settings)


class Logger(Protocol):
    """Writes to the host's log, bound to the installation and the obligation; secrets and personal data are cut out."""

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        ...

    def warning(self, event: str, **fields: object) -> None:
        """Log what may need attention."""
        ...


def _no_secrets(name: str) -> tuple[str, ...]:
    raise LookupError(name)


async def no_access_token() -> str:
    """Raise: the manifest declares nothing that a token is for."""
    raise AuthorisationExpired("the manifest declares no oauth")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorContext(Generic[SettingsT]):
    """All that a connector has, for one call: no database, no other tenant.

    Attributes:
        installation_id: opaque, safe in a path; the same for every call of one installation.
        obligation_id: repeated calls with the same one must change nothing more.
        settings: validated and frozen; secrets are blank here.
        secret: returns a secret setting by its field name, and logs that it was read.
        secrets: returns the values of a secret setting that are valid at present, the newest first: more than one while
            an administrator rotates it. Logged as a read too.
        http: reaches the manifest's hosts only.
        deadline: when the host stops waiting, timezone-aware.
        now: the host's clock.
        log: bound logger.
        continuation: what earlier calls of the same obligation left to go on from; None where they left nothing.
        inbound_url: where the vendor's own calls come in, to be registered there; None unless ``receive`` is supported.
        cause: why ``erase`` or ``revoke`` takes back, ``restrict`` stops, and of what ``attest`` proves the end; None
            with every other method, and where the obligation is from before causes were kept.
        access_token: returns the access token of the account at which an administrator has let this deployment in, good
            for the whole call; raises ``AuthorisationExpired`` where nobody has, and ``TemporarilyUnavailable`` where
            the vendor does not renew it now: leave both to the host. Only with ``oauth`` in the manifest.
    """

    installation_id: str
    obligation_id: str
    settings: SettingsT
    secret: Callable[[str], str] = field(repr=False)
    http: HttpClient
    deadline: datetime
    now: Callable[[], datetime]
    log: Logger
    continuation: Continuation | None = None
    inbound_url: str | None = None
    cause: Cause | None = None
    secrets: Callable[[str], tuple[str, ...]] = field(default=_no_secrets, repr=False)
    access_token: Callable[[], Awaitable[str]] = field(default=no_access_token, repr=False)


class Connector(ABC, Generic[SettingsT]):
    """One installation's conversation with its vendor: one is made for each call.

    Methods are idempotent on ``context.obligation_id``; raise only ``TemporarilyUnavailable``, ``AuthorisationExpired``
    and ``Rejected``; and keep no state between calls. Implement those that the manifest says are supported.
    """

    def __init__(self, context: ConnectorContext[SettingsT]) -> None:
        self.context = context

    @abstractmethod
    async def check(self) -> Outcome:
        """Tell whether the vendor is reachable and accepts our credentials."""

    async def grant(self, grant: Grant) -> Outcome:
        """Connect an organisation, a group or a member."""
        raise NotImplementedError

    async def share(self, share: Share) -> Outcome:
        """Deliver records; each replaces all that the vendor holds on its subject from this installation."""
        raise NotImplementedError

    async def revoke(self, revocation: Revocation) -> Outcome:
        """Make the vendor's hold end at the vendor: deleting our copy of a token is not revoking."""
        raise NotImplementedError

    async def export(self, subject: SubjectRef) -> Export:
        """Return what the vendor holds on a subject, in rows tagged by category."""
        raise NotImplementedError

    async def correct(self, record: Record) -> Outcome:
        """Carry a correction: the record is complete, not a difference."""
        raise NotImplementedError

    async def restrict(self, restriction: Restriction) -> Outcome:
        """Stop the use of a subject's data at the vendor, or lift the stop."""
        raise NotImplementedError

    async def erase(self, subject: SubjectRef) -> Outcome:
        """Delete or anonymise at the vendor; a subject that is not found is completed with 0 records."""
        raise NotImplementedError

    async def attest(self, claim: Claim) -> Attestation:
        """Prove that something is erased or revoked, by looking it up or by the vendor's receipt."""
        raise NotImplementedError

    async def reconcile(self, inquiry: Inquiry) -> Reconciliation:
        """Return the state of many subjects at the vendor: this catches what notices missed."""
        raise NotImplementedError

    async def receive(self, call: InboundCall) -> Received:
        """Verify the signature of a call from the vendor and return what it brings."""
        raise NotImplementedError
