"""One call of sign-in: the parts of a deployment that it uses, the device that asks, and the moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wardship.core.accounts.accounts import verified_addresses
from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.events import EventKind, Origin, record_account_event
from wardship.core.database.database import Database
from wardship.core.database.engine import Transaction
from wardship.core.http.credentials import Client
from wardship.core.keys import KeyRing
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices import Addressee, mail_letter, tell_account
from wardship.core.nouns import Deployment
from wardship.core.settings import Settings
from wardship.core.sign_in.notices import SECURITY_NOTICE


@dataclass(frozen=True, slots=True)
class Call:
    """What each command of sign-in is given: the deployment, the device that asks, and one moment for the whole call.

    Attributes:
        deployment: settings, database, clock, keys.
        client: the device that asks.
        session_id: the session in which it asks, where the device itself is not at hand.
        now: the moment of the call.
    """

    deployment: Deployment
    client: Client
    session_id: UUID | None = None
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", self.deployment.clock.now())

    @property
    def settings(self) -> Settings:
        """Return what the operator set."""
        return self.deployment.settings

    @property
    def database(self) -> Database:
        """Return the pool, under the serving role."""
        return self.deployment.database

    @property
    def keys(self) -> KeyRing:
        """Return the deployment's keys."""
        return self.deployment.keys

    async def record(
        self,
        transaction: Transaction,
        account_id: UUID,
        kind: EventKind,
        *,
        organisation_id: UUID | None = None,
        method: str = "",
    ) -> None:
        """Write into an account's own log what this device did, in the transaction of the act."""
        origin = Origin(
            at=self.now,
            organisation_id=organisation_id,
            network=self.client.shown_network,
            user_agent=self.client.shown_user_agent,
            session_id=self.session_id,
            method=method,
        )
        await record_account_event(transaction, account_id, kind, origin)

    async def notify(self, transaction: Transaction, account_id: UUID, what: str) -> None:
        """Tell an account of a change to what protects it, in the transaction of the change.

        Args:
            transaction: that of the change.
            account_id: whose account.
            what: what has changed of that which protects it, as a sentence without a full stop.
        """
        network = self.client.shown_network
        await tell_account(
            transaction, self.deployment, account_id, SECURITY_NOTICE, what=what, when=self.now, network=network
        )

    async def notify_all(
        self, transaction: Transaction, account_id: UUID, what: str, *, also: Collection[EmailAddress] = ()
    ) -> None:
        """Tell an account of a change as ``notify`` does, and mail it to its other addresses, and to ``also``."""
        await self.notify(transaction, account_id, what)
        others = [*(await verified_addresses(transaction, account_id))[1:], *also]
        change = {"what": what, "when": self.now, "network": self.client.shown_network}
        for address in others:
            await self.mail(transaction, SECURITY_NOTICE, address, account_id, **change)

    async def mail(
        self,
        transaction: Transaction,
        kind: NoticeKind,
        address: EmailAddress,
        account_id: UUID | None,
        **values: object,
    ) -> None:
        """Mail a letter to an address, in the transaction of what it is about."""
        await mail_letter(transaction, self.deployment, kind, Addressee(address, account_id), **values)


def link_url(settings: Settings, token: str) -> str:
    """Return the address of a link, built from the deployment's own address and never from a request."""
    return f"{settings.public_url}/auth/link/{token}"
