"""How somebody signs in with an address: the same answer for every address, and the way goes to its mailbox alone."""

from __future__ import annotations

from typing import Final

from wardship.core.accounts.address import canonical_address, mailbox
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.tenants.domains.names import InvalidDomainError, canonical_domain, names_above
from wardship.tenants.single_sign_on.addresses import sign_in_address
from wardship.tenants.single_sign_on.notices import NO_WAY_TO_SIGN_IN, WAY_TO_SIGN_IN

_FIND: Final = "select organisation_name, address_key from way_to_sign_in($1, $2, $3, $4)"


async def mail_way_to_sign_in(call: Call, email: str, slug: str | None = None) -> None:
    """Mail how to sign in with an address: the statements are the same whoever it belongs to, and whatever is named.

    Args:
        call: who asks, of which deployment, when.
        email: the address as typed.
        slug: of the organisation whose page asked; others are passed over.

    Raises:
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this mailbox or network.
    """
    address = canonical_address(email, call.settings.internal_domains)
    domain = _domain(address.rpartition("@")[2])
    async with call.database.directory() as transaction:
        await throttle.admit(transaction, call, throttle.MAIL, mailbox(address))
        await throttle.admit_client(transaction, call)
        way = await transaction.fetchrow(_FIND, address, domain, names_above(domain), slug)
        kind = NO_WAY_TO_SIGN_IN if way is None else WAY_TO_SIGN_IN
        key = "" if way is None else way["address_key"]
        organisation = "" if way is None else way["organisation_name"]
        await call.mail(
            transaction, kind, address, None, organisation=organisation, link=sign_in_address(call.settings, key)
        )


def _domain(text: str) -> str:
    """Return a domain as claims name it; one that nobody can claim stays as it is, and is held by nobody."""
    try:
        return canonical_domain(text)
    except InvalidDomainError:
        return text
