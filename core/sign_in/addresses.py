"""Add an address to an account by a mailed link, make it the primary one, or remove it.

Nothing exists of an address before its link is used by the account that asked, so that nobody occupies another's. What
the caller is told and shown is the same whether the address has an account or not; its owner is told by mail.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts import tombstones
from wardship.core.accounts.address import EmailAddress, canonical_address, mailbox
from wardship.core.accounts.addresses import (
    delete_address,
    held_addresses,
    insert_address,
    lock_address,
    set_primary,
)
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.core.mail import forget_account_mail
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call, link_url
from wardship.core.sign_in.links import (
    VERIFY_LASTS,
    LinkPurpose,
    LinkRefusedError,
    require_link,
    use_link,
)
from wardship.core.sign_in.notices import ADD_ADDRESS, ADDRESS_IS_YOURS
from wardship.core.sign_in.sessions import end_sessions, token_hash

MOST_ADDRESSES: Final = 10
"""So many addresses an account has at most, those that wait for their link included."""

_OWNER: Final = "select account_id from account_email where address = $1 and verified_at is not null"
_WAITING: Final = """
select count(*) from sign_in_link
where account_id = $1 and purpose = 'add_address' and used_at is null and expires_at > $2 and address <> $3
"""
_MAKE_LINK: Final = """
with former as (delete from sign_in_link where account_id = $3 and purpose = 'add_address' and address = $4)
insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at)
values ($1, $2, $3, $4, 'add_address', $5, $6)
"""


class AddressHeldError(ConflictError):
    """The account has this address already."""

    code: ClassVar[str] = "ADDRESS_HELD"


class TooManyAddressesError(ConflictError):
    """The account has as many addresses as it may: remove one first."""

    code: ClassVar[str] = "TOO_MANY_ADDRESSES"


async def add_address(transaction: Transaction, call: Call, account_id: UUID, email: str) -> None:
    """Mail a link to an address that the account shall have; its owner is told instead where another has it.

    The caller has shown the second factor.

    Args:
        transaction: it reaches the directory.
        call: who asks, of which deployment, when.
        account_id: whose account.
        email: the address as typed.

    Raises:
        InvalidAddressError: that is no address.
        AddressHeldError: the account has it.
        TooManyAddressesError: the account has as many as it may.
        TooManyAttemptsError: for this address, account or network.
    """
    address, now, token = canonical_address(email, call.settings.internal_domains), call.now, secrets.token_urlsafe(32)
    held = await held_addresses(transaction, account_id)
    if any(item.address == address for item in held):
        raise AddressHeldError("Your account has this address already.", path=("email",))
    waiting = await transaction.fetchval(_WAITING, account_id, now, address)
    if len(held) + waiting >= MOST_ADDRESSES:
        raise TooManyAddressesError(f"Have at most {MOST_ADDRESSES} addresses: remove one first.", path=("email",))
    await throttle.admit(transaction, call, throttle.ADDRESSES, str(account_id))
    await throttle.admit(transaction, call, throttle.MAIL, mailbox(address))
    if call.session_id is None:  # else the device is not at hand, and the account is counted all the same
        await throttle.admit_client(transaction, call)
    await transaction.execute(_MAKE_LINK, uuid7(), now, account_id, address, token_hash(token), now + VERIFY_LASTS)
    owner_id = await transaction.fetchval(_OWNER, address)
    await call.mail(
        transaction,
        ADD_ADDRESS if owner_id is None else ADDRESS_IS_YOURS,
        address,
        owner_id or account_id,
        link=link_url(call.settings, token),
        hours=VERIFY_LASTS // timedelta(hours=1),
        primary=held[0].address if held else "",
    )
    await call.record(transaction, account_id, EventKind.ADDRESS_ASKED)


async def verify_added_address(transaction: Transaction, call: Call, account_id: UUID, token: str) -> EmailAddress:
    """Use the mailed link: the address becomes the account's; all its addresses are told.

    The link works for the account that asked and for no other: who is misled to open it can't give away the own
    address. What was erased with a former account may be used again; organisations that erased it keep to that.

    Raises:
        LinkRefusedError: the link doesn't work any more, is another account's, or another account has proven the
            address meanwhile.
    """
    link = await require_link(transaction, token, LinkPurpose.ADD_ADDRESS, at=call.now)
    if link.account_id != account_id:
        raise LinkRefusedError("Another account asked for this: sign in with that one, then open the link again.")
    address = EmailAddress(link.address)
    await lock_address(transaction, address)
    await use_link(transaction, token, LinkPurpose.ADD_ADDRESS, at=call.now)
    if not await insert_address(transaction, account_id, address, at=call.now):
        raise LinkRefusedError("Another account has this address already.")
    await tombstones.lift_erased_account(transaction, call.keys, address, at=call.now)
    await transaction.execute("delete from sign_in_link where address = $1 and used_at is null", address)
    await call.record(transaction, account_id, EventKind.ADDRESS_ADDED)
    await call.notify_all(transaction, account_id, "An address was added to your account")
    return address


async def make_primary(transaction: Transaction, call: Call, account_id: UUID, address_id: UUID) -> EmailAddress:
    """Send mail to another of the account's addresses from now on; all of them are told.

    Raises:
        NotFoundError: the account has no such address.
    """
    address = await set_primary(transaction, account_id, address_id)
    await call.record(transaction, account_id, EventKind.PRIMARY_ADDRESS_CHANGED)
    await call.notify_all(transaction, account_id, "Another of your addresses became the primary one")
    return address


async def remove_address(
    transaction: Transaction, call: Call, account_id: UUID, address_id: UUID, *, session_id: UUID | None
) -> None:
    """Remove an address, or one that waits for its link.

    The links that were mailed to it, its waiting mail, and all sessions but the caller's end; all addresses are told,
    the removed one too.

    Raises:
        NotFoundError: the account has no such address.
        LastAddressError: mail goes to it.
    """
    if await transaction.execute(
        "delete from sign_in_link where account_id = $1 and id = $2 and purpose = 'add_address' and used_at is null",
        account_id,
        address_id,
    ):
        return
    address = await delete_address(transaction, account_id, address_id)
    await transaction.execute(
        "delete from sign_in_link where account_id = $1 and (address = $2 or address = '')", account_id, address
    )
    await end_sessions(transaction, account_id, but=session_id)
    await forget_account_mail(transaction, account_id, address)
    await call.record(transaction, account_id, EventKind.ADDRESS_REMOVED)
    await call.notify_all(transaction, account_id, "An address was removed from your account", also=(address,))
