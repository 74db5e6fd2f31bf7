"""The caller's own account: what the person sees of it, what happened to it, and how it is changed and closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from wardship.core.accounts.events import AccountEvent, account_events
from wardship.core.accounts.residence import set_residence_country
from wardship.core.accounts.time_zone import set_time_zone
from wardship.core.actor import CredentialKind
from wardship.core.errors import PermissionDeniedError
from wardship.core.http.credentials import Client
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.closing import close_account
from wardship.core.sign_in.providers import provider_name
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.paging import Page, PageRequest, page_of_rows


class SessionRequiredError(PermissionDeniedError):
    """The account is its owner's alone: a token, or a session by an organisation's provider, is one organisation's."""

    code = "SESSION_REQUIRED"


class AddressRecord(msgspec.Struct, frozen=True):
    """An address of an account, or one that waits for its mailed link until ``expires_at``."""

    id: UUID
    created_at: datetime
    address: str
    is_primary: bool
    verified_at: datetime | None
    expires_at: datetime | None


class PasskeyRecord(msgspec.Struct, frozen=True):
    """A passkey of an account, as its owner recognises it."""

    id: UUID
    created_at: datetime
    name: str
    last_used_at: datetime | None
    is_backup_eligible: bool
    is_backed_up: bool


class IdentityRecord(msgspec.Struct, frozen=True):
    """An account at a provider of the deployment that opens this one; ``provider`` is its name here, or its issuer."""

    id: UUID
    created_at: datetime
    provider: str
    used_at: datetime


class _Linked(msgspec.Struct, frozen=True):
    """An identity as it is stored."""

    id: UUID
    created_at: datetime
    issuer: str
    used_at: datetime


class AccountRecord(msgspec.Struct, frozen=True):
    """What a person sees of the own account.

    Attributes:
        id: the account.
        created_at: when it was registered.
        display_name: how the person wants to be called; may be empty.
        time_zone: of the IANA database; dates are told in it.
        residence_country: where the person lives (ISO 3166, two letters); empty where that was not said.
        recovery_codes_left: how many were not used yet.
        closes_at: when the account is erased, as its owner has asked; None otherwise.
        addresses: the primary one first; at most twenty.
        has_authenticator: whether one is set up.
        passkeys: the oldest first; at most twenty.
        identities: at providers of the deployment, likewise; those of organisations are theirs.
    """

    id: UUID
    created_at: datetime
    display_name: str
    time_zone: str
    residence_country: str
    recovery_codes_left: int
    closes_at: datetime | None
    addresses: list[AddressRecord]
    has_authenticator: bool
    passkeys: list[PasskeyRecord]
    identities: list[IdentityRecord]


def require_own_account(access: Access) -> UUID:
    """Return the caller's account, for acts on it.

    Raises:
        SessionRequiredError: the caller showed a token, or a session that an organisation's provider opened.
    """
    if access.actor.is_bound:
        raise SessionRequiredError("Sign in with your own password: your provider's sign-in is one organisation's.")
    if access.actor.credential is not CredentialKind.SESSION or access.actor.account_id is None:
        raise SessionRequiredError("Sign in to change your account: a token belongs to one organisation.")
    return access.actor.account_id


async def own_account(access: Access) -> AccountRecord | None:
    """Return the caller's account; None for a token or a session by a provider, which are one organisation's."""
    if access.actor.credential is not CredentialKind.SESSION or access.actor.is_bound:
        return None
    row = await access.transaction.fetchrow(
        "select * from account_details($1, $2)", access.actor.account_id, access.now
    )
    if row is None:
        return None
    addresses = msgspec.json.decode(row["addresses"], type=list[AddressRecord])
    passkeys = msgspec.json.decode(row["passkeys"], type=list[PasskeyRecord])
    identities = [
        IdentityRecord(each.id, each.created_at, provider_name(access.services.settings, each.issuer), each.used_at)
        for each in msgspec.json.decode(row["identities"], type=list[_Linked])
    ]
    return AccountRecord(**{**row, "addresses": addresses, "passkeys": passkeys, "identities": identities})


async def own_events(access: Access, page: PageRequest) -> Page[AccountEvent]:
    """Return a page of what happened to the caller's account, latest first."""
    before = None if page.after is None else page.after[1]
    account_id = require_own_account(access)
    found = await account_events(access.transaction, account_id, before=before, ceiling=page.limit)
    return page_of_rows(found, page)


def own_call(access: Access) -> Call:
    """Return the call of a command of sign-in: the device is that of the caller's session."""
    return Call(access.services, Client(""), access.actor.credential_id)


async def update_own_account(
    access: Access, *, time_zone: str | None = None, residence_country: str | None = None
) -> AccountRecord | None:
    """Change what the caller says of himself or herself in all organisations, and return the account.

    Args:
        access: the person.
        time_zone: of the IANA database; None leaves it.
        residence_country: two letters of ISO 3166; an empty text says nothing, None leaves it.

    Raises:
        SessionRequiredError: the caller showed a token.
        InvalidTimeZoneError: there is no such zone.
        InvalidInputError: there is no such country.
    """
    account_id = require_own_account(access)
    async with in_directory(access):
        if time_zone is not None:
            await set_time_zone(access.transaction, account_id, time_zone)
        if residence_country is not None:
            await set_residence_country(access.transaction, account_id, residence_country)
    return await own_account(access)


async def close_own_account(access: Access, email: str) -> AccountRecord | None:
    """Close the caller's account, which belongs to no organisation, and return it; see ``close_account``.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        AccountInUseError: it belongs to an organisation, or to the staff.
    """
    account_id = require_own_account(access)
    access.require_step_up()
    async with in_directory(access):
        await close_account(access.transaction, own_call(access), account_id, email)
    return await own_account(access)
