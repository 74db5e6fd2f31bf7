"""Sign in by a mailed link in place of the password: the first step only, once, within a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.addresses import mark_proven
from wardship.core.database.engine import Transaction
from wardship.core.errors import PermissionDeniedError
from wardship.core.settings import Settings
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.links import LinkPurpose, LinkRefusedError, link_of_proven, mail_link, use_link
from wardship.core.sign_in.notices import NO_ACCOUNT_TO_SIGN_IN, SIGN_IN_LINK
from wardship.core.sign_in.sessions import (
    OpenedSession,
    SignInMethod,
    Stage,
    end_cookie,
    note_method,
    open_session,
)

SIGN_IN_LASTS: Final = timedelta(minutes=15)
_SUBJECT: Final = "select has_second_factor(id) as has_second_factor from account where id = $1 and state = 'active'"


class SignInByMailOffError(PermissionDeniedError):
    """This deployment does not let people sign in by mail: use your password, or a passkey."""

    code: ClassVar[str] = "SIGN_IN_BY_MAIL_OFF"


async def ask_sign_in_link(call: Call, email: str) -> None:
    """Mail a link that signs in, or, where the address has no account, a mail that says so.

    Raises:
        SignInByMailOffError: this deployment does not let people sign in so.
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this address or network.
    """
    require_sign_in_by_mail(call.settings)
    kinds = (NO_ACCOUNT_TO_SIGN_IN, SIGN_IN_LINK)
    await mail_link(call, email, link_of_proven(LinkPurpose.SIGN_IN), SIGN_IN_LASTS, kinds)


async def sign_in_by_link(call: Call, token: str, *, old_cookie: str | None = None) -> OpenedSession:
    """Use a mailed link up and open a session that waits for the second factor, or for one to be set up.

    Args:
        call: who asks, of which deployment, when.
        token: of the link.
        old_cookie: the session that the browser had before; it ends.

    Raises:
        SignInByMailOffError: this deployment does not let people sign in so, or no longer.
        LinkRefusedError: the link doesn't work any more.
    """
    require_sign_in_by_mail(call.settings)
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.SIGN_IN, at=call.now)
        subject = await transaction.fetchrow(_SUBJECT, link.account_id)
        if link.account_id is None or subject is None:
            raise LinkRefusedError
        await mark_proven(transaction, link.account_id, EmailAddress(link.address), at=call.now)
        await end_cookie(transaction, old_cookie)
        await _end_other_links(transaction, link.account_id)
        stage = Stage.SECOND_STEP if subject["has_second_factor"] else Stage.ENROLMENT
        opened = await open_session(transaction, link.account_id, stage, call.client, at=call.now)
        return await note_method(transaction, opened, SignInMethod.MAILED_LINK)


def require_sign_in_by_mail(settings: Settings) -> None:
    """Refuse where people may not sign in by mail; asked when a link is made and when it is used.

    Raises:
        SignInByMailOffError: they may not.
    """
    if not settings.sign_in_by_mail:
        raise SignInByMailOffError("Signing in by mail is turned off here: use your password, or a passkey.")


async def _end_other_links(transaction: Transaction, account_id: UUID) -> None:
    """Make the other links of this kind useless: who asked twice needs one."""
    await transaction.execute(
        "delete from sign_in_link where account_id = $1 and purpose = 'sign_in' and used_at is null", account_id
    )
