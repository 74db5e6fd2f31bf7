"""Who asks the provider about the own account: people who belong to no organisation (requirements A6 and D2).

They ask by the same requests as members. The privacy team decides from the start, since nobody else could.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from wardship.core.accounts.accounts import account_summary
from wardship.core.actor import CredentialKind
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.members.customers import enter_customer
from wardship.tenants.notices import tell_by_mail
from wardship.tenants.requests.identity import mail_identity_code
from wardship.tenants.requests.notices import ASKED_OF_PROVIDER
from wardship.tenants.requests.records import LockedRequest
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.telling import kinds_of

_ASKED: Final = frozenset(
    {RightKind.ACCESS, RightKind.PORTABILITY, RightKind.CORRECTION, RightKind.DEACTIVATION, RightKind.ERASURE}
)
"""What the provider can be asked for: it shares an account with nobody, so there is nothing to object to."""

_HELD: Final = frozenset({"display_name"})
"""What of a profile the provider holds, and can correct: addresses are changed by their owner, who proves them."""


async def become_customer(access: Access) -> UUID:
    """Return the caller's membership at the provider, made when it is first needed, name and address as they are now.

    Raises:
        PermissionDeniedError: the caller is nobody who could ask here.
    """
    account_id = access.actor.account_id
    if account_id is None or access.actor.credential is not CredentialKind.SESSION:
        raise PermissionDeniedError("Only a signed-in person can ask the provider about the own account.")
    async with in_directory(access):
        account = await account_summary(access.transaction, account_id)
    if account is None:
        raise PermissionDeniedError("Only a signed-in person can ask the provider about the own account.")
    name = account.display_name or account.address.partition("@")[0] or "Customer"
    member_id = await enter_customer(access, account_id, display_name=name, email=account.address)
    access.become_member(member_id)
    return member_id


def require_held_by_provider(kind: RightKind, details: Mapping[str, object]) -> None:
    """Refuse what the provider can't be asked for.

    Args:
        kind: of the right.
        details: its particulars, checked.

    Raises:
        InvalidInputError: it shares with nobody, or doesn't hold the field.
    """
    if kind not in _ASKED:
        raise InvalidInputError(
            "The provider shares your account with nobody: ask for a copy, correction, closing or erasure.",
            path=("rights",),
        )
    fields = details.get("fields")
    if isinstance(fields, Mapping) and (unknown := sorted(set(fields) - _HELD)):
        raise InvalidInputError(
            f"The provider does not hold {unknown[0]}: ask it to correct `display_name`; change addresses yourself.",
            path=("fields",),
        )


async def tell_taken_in(access: Access, locked: LockedRequest, reference: str, *, is_proven: bool) -> None:
    """Mail the reference of the certificate to who asked, while there is an address; with a code that shows who asks.

    Args:
        access: the person's.
        locked: the request.
        reference: which is told once.
        is_proven: whether the second factor was shown, so that no code is needed.
    """
    request = locked.request
    values = {"kinds": kinds_of(locked.rights), "date": request.due_at, "reference": reference}
    if is_proven:
        target = ("data_request", request.id)
        await tell_by_mail(access, ASKED_OF_PROVIDER, request.member_id, target=target, **values)
    else:
        await mail_identity_code(access, locked, ASKED_OF_PROVIDER, **values)
