"""Registration: an address, then a mailed link, then a password, then a second factor.

Nothing exists before the link is used, so nobody can occupy another's address or prepare an account for somebody else.
The answer, the number of statements and the number of mails are the same whether the address is known or not.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from wardship.core.accounts import tombstones
from wardship.core.accounts.accounts import create_account, verified_addresses, void_claim
from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.addresses import lock_address, mark_proven
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.errors import InvalidInputError
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.first_step import set_password
from wardship.core.sign_in.links import VERIFY_LASTS, LinkPurpose, LinkRefusedError, mail_link, require_link, use_link
from wardship.core.sign_in.newcomers import Newcomer
from wardship.core.sign_in.notices import ALREADY_REGISTERED, VERIFY_ADDRESS
from wardship.core.sign_in.passwords import check_strength, hash_password
from wardship.core.sign_in.providers import keep_identity
from wardship.core.sign_in.sessions import OpenedSession, SignInMethod, Stage, note_method, open_session
from wardship.core.text import one_line


class InvalidNameError(InvalidInputError):
    """A name is empty, too long, not one line of text, or holds signs that nobody sees."""

    code: ClassVar[str] = "INVALID_NAME"


_MAKE_LINK = """
insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at)
select $1, $2, known.account_id, $3,
    case when known.account_id is null then 'verify_address' else 'return_after_erasure' end, $4, $5
from (select 1) as once
    left join (select e.account_id from account_email e join account a on a.id = e.account_id and a.state = 'active'
        where e.address = $3 and e.verified_at is not null) as known on true
returning account_id
"""


async def register(call: Call, email: str) -> None:
    """Mail a link to an address: one that verifies it, or, where it has an account, one that lets it return.

    Raises:
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this address or network.
    """
    await mail_link(call, email, _MAKE_LINK, VERIFY_LASTS, (VERIFY_ADDRESS, ALREADY_REGISTERED))


async def verify(
    call: Call, token: str, password: str, display_name: str, *, newcomer: Newcomer | None = None
) -> OpenedSession:
    """Use the mailed link: make the account with its password, and open a session that waits for a second factor.

    Args:
        call: who, of which deployment, when.
        token: of the link.
        password: as typed; who comes from a provider may leave it empty.
        display_name: as typed.
        newcomer: whom a provider has proven in this browser; linked if its address is that of the link, and else let
            alone.

    Raises:
        IdentityHeldError: it opens another account meanwhile.
        LinkRefusedError: the link doesn't work any more.
        WeakPasswordError: the password is guessed first.
        InvalidNameError: the name is empty or too long.
    """
    now = call.now
    name = checked_name(display_name)
    async with call.database.directory(read_only=True) as transaction:
        link = await require_link(transaction, token, LinkPurpose.VERIFY_ADDRESS, at=now)
    if newcomer is not None and newcomer.address != link.address:
        newcomer = None
    password_hash = await _checked_hash(password, (link.address, name), is_needed=newcomer is None)
    async with call.database.directory() as transaction:
        # Of two links to one address one wins; without the lock each would wait for the other's row.
        await lock_address(transaction, EmailAddress(link.address))
        link = await use_link(transaction, token, LinkPurpose.VERIFY_ADDRESS, at=now)
        await tombstones.lift(transaction, call.keys, link.address, at=now)
        account_id = await _account(transaction, call, EmailAddress(link.address), name)
        if password_hash is not None:
            await set_password(transaction, account_id, password_hash, at=now)
        if newcomer is not None:
            await keep_identity(transaction, call, account_id, (newcomer.issuer, newcomer.subject))
        await transaction.execute("delete from sign_in_link where address = $1", link.address)
        await call.record(transaction, account_id, EventKind.REGISTERED)
        opened = await open_session(transaction, account_id, Stage.ENROLMENT, call.client, at=call.now)
        return await note_method(transaction, opened, SignInMethod.REGISTRATION)


async def return_after_erasure(call: Call, token: str) -> None:
    """Use the link that a registration mails to a known address: organisations that erased it may have it again.

    Raises:
        LinkRefusedError: the link doesn't work any more.
    """
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.RETURN_AFTER_ERASURE, at=call.now)
        if link.account_id is None:
            return
        await mark_proven(transaction, link.account_id, EmailAddress(link.address), at=call.now)
        for address in await verified_addresses(transaction, link.account_id):
            await tombstones.lift(transaction, call.keys, address, at=call.now)


def checked_name(display_name: str) -> str:
    """Return a name in the form in which it is kept: NFC, without surrounding and doubled spaces and idle joiners.

    Raises:
        InvalidNameError: it is empty or too long, shows nothing, or has characters that aren't printed.
    """
    try:
        return one_line(" ".join(display_name.split()), "display_name", least=1)
    except InvalidInputError as error:
        raise InvalidNameError(error.message, path=error.path) from None


async def _checked_hash(password: str, names: tuple[str, ...], *, is_needed: bool) -> str | None:
    if not password and not is_needed:
        return None
    check_strength(password, *names)
    return await hash_password(password)


async def _account(transaction: Transaction, call: Call, address: EmailAddress, name: str) -> UUID:
    if not await void_claim(transaction, address):
        raise LinkRefusedError("This address has an account already: sign in.")
    return await create_account(transaction, call.keys, address, display_name=name, at=call.now)
