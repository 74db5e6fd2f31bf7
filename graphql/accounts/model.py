"""The caller's own account, as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from wardship.core.accounts.events import DESCRIPTIONS, AccountEvent, EventKind
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field
from wardship.graphql.organisations.model import Viewer
from wardship.tenants.accounts.own import (
    AccountRecord,
    AddressRecord,
    IdentityRecord,
    PasskeyRecord,
    own_account,
    own_events,
)


def _described(kind: EventKind) -> str:
    return DESCRIPTIONS[kind]


@object_type(AddressRecord)
class AccountAddress:
    """An address of your account, or one that waits for its mailed link."""

    id: strawberry.ID = global_id_field("AccountAddress")
    created_at: datetime = field("When it was added, or asked for.")
    address: str = field("The address.")
    is_primary: bool = field("Whether mail to you goes there.")
    verified_at: datetime | None = field("When its link was used; null while it waits.")
    expires_at: datetime | None = field("Until when its link can be used; null when it was.")


@object_type(PasskeyRecord)
class AccountPasskey:
    """A passkey of your account: the second step of a sign-in, or both where it makes sure that it is you."""

    id: strawberry.ID = global_id_field("AccountPasskey")
    created_at: datetime = field("When it was added.")
    name: str = field("How you call it.")
    last_used_at: datetime | None = field("When it was used last; null before the first time.")
    is_backup_eligible: bool = field(
        "Whether it can be kept in step across devices, by a password manager for example."
    )
    is_backed_up: bool = field("Whether it was, when it was used last: losing a device then does not lose it.")


@object_type(IdentityRecord)
class AccountIdentity:
    """An account at a provider of the deployment, such as Google, that passes the first step of your sign-in."""

    id: strawberry.ID = global_id_field("AccountIdentity")
    created_at: datetime = field("When you linked it.")
    provider: str = field("The provider, as people know it here; its address where it is set up no more.")
    used_at: datetime = field("When you signed in by it last, or linked it.")


@object_type(AccountEvent)
class AccountActivity:
    """Something that happened to your account."""

    at: datetime = field("When it happened.", source="created_at")
    kind: str = field("What happened, as a code.", source="kind", convert=str)
    text: str = field("What happened, in words.", source="kind", convert=_described)
    organisation_name: str = field("The organisation that it is about; empty where it is about none.")
    network: str = field("From which network, shortened; empty where it was no device of yours.")
    user_agent: str = field("What the browser or program called itself.")
    method: str = field(
        "Of a sign-in, by what its first step was passed, as a code: `password`, `passkey`; else empty."
    )


@object_type(AccountRecord)
class Account:
    """Your account: who you are in all organisations."""

    id: strawberry.ID = global_id_field("Account")
    created_at: datetime = field("When you registered.")
    display_name: str = field("How you want to be called; may be empty.")
    time_zone: str = field("Your time zone, such as `Europe/Berlin`: dates are told to you in it.")
    residence_country: str = field(
        "Where you live (ISO 3166, two letters): the law whose times your requests have; empty where you have not said."
    )
    recovery_codes_left: int = field("How many recovery codes you have not used yet.")
    closes_at: datetime | None = field("When the account is erased, as you asked; null otherwise.")
    addresses: list[AccountAddress] = field("Your addresses, the primary one first.", size=5)
    has_authenticator: bool = field("Whether an authenticator is set up, whose codes are a second step.")
    passkeys: list[AccountPasskey] = field("Your passkeys, the oldest first.", size=5)
    identities: list[AccountIdentity] = field(
        "Accounts at providers of the deployment that pass your first step, the oldest first.", size=5
    )

    @batch_field(cost=2)
    @staticmethod
    async def activity(
        parents: Sequence[AccountRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[AccountActivity]]:
        """What happened to your account in the last year, latest first: sign-ins, credentials, looks of staff."""
        request = page_request(first, after)
        found = connection(await own_events(info.context.access, request), request)
        return [found for _ in parents]


@extends(Viewer)
class ViewerAccount:
    """The account of the caller."""

    @batch_field(cost=2)
    @staticmethod
    async def account(parents: Sequence[Viewer], info: BatchInfo[ApiContext]) -> Sequence[Account | None]:
        """Your account; null for a token, which belongs to one organisation."""
        return cast("list[Account | None]", [await own_account(info.context.access)] * len(parents))
