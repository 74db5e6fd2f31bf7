"""Give a role to an address: at once to an account that has proven it, else to who proves it in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.accounts.accounts import find_account
from wardship.core.accounts.address import EmailAddress, mailbox
from wardship.core.accounts.tombstones import ErasedAccountError, is_suppressed
from wardship.core.actor import StaffRole
from wardship.core.database.engine import Transaction
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices import Addressee, mail_letter
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.links import VERIFY_LASTS, make_registration_link
from wardship.tenants.access import Access
from wardship.tenants.appointments.carry_out import staff_role_in_words
from wardship.tenants.appointments.letters import OWNER_REGISTERS, OWNER_SIGNS_IN, STAFF_REGISTERS, STAFF_SIGNS_IN

OFFER_LASTS: Final = timedelta(days=30)
"""How long a role waits for somebody to prove the address; the letter can be sent again until then."""

_PROVEN: Final = (
    "select a.id from account_email e join account a on a.id = e.account_id and a.state = 'active'"
    " where e.address = $1 and e.verified_at is not null and has_second_factor(a.id)"
)
_INSERT: Final = (
    "insert into appointment (id, created_at, account_id, address, organisation_id, staff_role, expires_at)"
    " values ($1, $2, $3, $4, $5, $6, $7)"
)
_RENEW_OWNER: Final = " on conflict (organisation_id) where organisation_id is not null"
_RENEW_STAFF: Final = " on conflict (address, staff_role) where staff_role is not null"
_RENEWED: Final = " do update set account_id = excluded.account_id, expires_at = excluded.expires_at"


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who was written to.

    Attributes:
        address: where the letter went.
        until: how long the role waits.
        link: by which the address is proven and registered, for 24 hours; None where there is an account, which needs
            a second factor only. It is as good as the letter: it goes to nobody else.
    """

    address: EmailAddress
    until: datetime
    link: str | None


async def proven_account(transaction: Transaction, address: EmailAddress) -> UUID | None:
    """Return the account that has proven an address and has a second factor; the transaction reaches the directory."""
    account_id: UUID | None = await transaction.fetchval(_PROVEN, address)
    return account_id


async def require_not_erased(access: Access, address: EmailAddress) -> None:
    """Refuse the address of an account that was erased and has not registered again.

    Raises:
        ErasedAccountError: it was.
    """
    if await is_suppressed(access.transaction, access.services.keys, None, address):
        site = access.services.settings.public_url
        raise ErasedAccountError(
            f"The account with this address was erased: its owner registers again at {site}/auth/registration, then"
            " repeat this.",
            path=("email",),
        )


async def await_owner(access: Access, organisation_id: UUID, name: str, address: EmailAddress) -> Awaited:
    """Let an organisation wait for who proves an address, and write there; again, when it was done before.

    Raises:
        TooManyAttemptsError: too many letters to this address within an hour.
    """
    role = _Role(_RENEW_OWNER, organisation_id, None, OWNER_REGISTERS, OWNER_SIGNS_IN, {"organisation": name})
    return await _await(access, address, role)


async def await_staff(access: Access, staff_role: StaffRole, address: EmailAddress) -> Awaited:
    """Let a role among the staff wait for who proves an address, and write there; again, when it was done before.

    Raises:
        TooManyAttemptsError: too many letters to this address within an hour.
    """
    named = {"role": staff_role_in_words(staff_role)}
    role = _Role(_RENEW_STAFF, None, staff_role, STAFF_REGISTERS, STAFF_SIGNS_IN, named)
    return await _await(access, address, role)


async def cancel_owner(transaction: Transaction, organisation_id: UUID) -> None:
    """Wait for nobody any more at an organisation; the transaction reaches the directory."""
    await transaction.execute("delete from appointment where organisation_id = $1", organisation_id)


async def cancel_staff(transaction: Transaction, role: StaffRole, address: EmailAddress) -> bool:
    """Wait no more for somebody to join the staff; return whether anybody was waited for."""
    return bool(
        await transaction.execute("delete from appointment where address = $1 and staff_role = $2", address, role.value)
    )


async def owner_awaited(transaction: Transaction, organisation_id: UUID) -> str | None:
    """Return the address that an organisation waits for; the transaction reaches the directory."""
    address: str | None = await transaction.fetchval(
        "select address from appointment where organisation_id = $1", organisation_id
    )
    return address


@dataclass(frozen=True, slots=True)
class _Role:
    """What is waited with: how a second letter is kept, the letters without and with an account, and what they say."""

    renew: str
    organisation_id: UUID | None
    staff_role: StaffRole | None
    registers: NoticeKind
    signs_in: NoticeKind
    values: Mapping[str, str]


async def _await(access: Access, address: EmailAddress, role: _Role) -> Awaited:
    transaction, until = access.transaction, access.now + OFFER_LASTS
    await throttle.admit(transaction, Call(access.services, Client("")), throttle.APPOINTMENT, mailbox(address))
    account_id = await find_account(transaction, address)
    staff_role = role.staff_role and role.staff_role.value
    about = (account_id, address, role.organisation_id, staff_role)
    await transaction.execute(_INSERT + role.renew + _RENEWED, uuid7(), access.now, *about, until)
    link = None
    if account_id is None:
        link = await make_registration_link(transaction, access.services.settings, address, at=access.now)
    await mail_letter(
        transaction,
        access.services,
        role.registers if link else role.signs_in,
        Addressee(address, account_id),
        link=link,
        hours=VERIFY_LASTS // timedelta(hours=1),
        until=until,
        **role.values,
    )
    return Awaited(address, until, link)
