"""How many invitations reach one mailbox, from one organisation and from all, and how many an organisation sends."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Final

from wardship.core.accounts.address import EmailAddress, mailbox
from wardship.core.errors import ConflictError
from wardship.core.sign_in.throttle import Limit, TooManyAttemptsError, admit
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import own_call

_A_DAY: Final = timedelta(days=1)
TO_MAILBOX_BY_ONE: Final = Limit("invitation", 3, _A_DAY, timedelta(hours=6), _A_DAY)
"""Letters from one organisation to one mailbox: the first, one after a mistake, and one more."""
TO_MAILBOX: Final = Limit("invitation_to_mailbox", 10, _A_DAY, timedelta(hours=6), _A_DAY)
"""Letters from all organisations to one mailbox; more than one of them may send, so that none keeps others out."""
BY_ORGANISATION: Final = Limit("invitations", 2000, _A_DAY, timedelta(minutes=15), timedelta(hours=6))
"""Letters from one organisation, to all mailboxes together."""


class TooManyInvitationsError(ConflictError):
    """Too many invitations were sent to this mailbox, or by this organisation: the message says when to try again."""

    code = "TOO_MANY_INVITATIONS"


async def admit_invitation(access: Access, address: EmailAddress) -> None:
    """Count one letter, in the transaction that queues it, so that inviting and revoking fills no mailbox.

    Raises:
        TooManyInvitationsError: nothing was counted.
    """
    call, own, box = own_call(access), str(access.organisation_id), mailbox(address)
    counted = ((TO_MAILBOX_BY_ONE, f"{own}:{box}"), (TO_MAILBOX, box), (BY_ORGANISATION, own))
    async with in_directory(access):
        for limit, subject in counted:
            try:
                await admit(access.transaction, call, limit, subject)
            except TooManyAttemptsError as error:
                raise _too_many(error.retry_after, to_mailbox=limit is not BY_ORGANISATION) from None


def _too_many(retry_after: int | None, *, to_mailbox: bool) -> TooManyInvitationsError:
    what = "to this mailbox" if to_mailbox else "by this organisation"
    hours = ceil((retry_after or 0) / 3600)
    return TooManyInvitationsError(
        f"Too many invitations were sent {what}: try again in {hours} hours.", path=("email",) if to_mailbox else ()
    )
