"""What is believed of a provider: whether a second factor was shown there, and whether an address is the person's."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Final

from wardship.core.accounts.address import EmailAddress, InvalidAddressError, canonical_address
from wardship.core.errors import PermissionDeniedError
from wardship.core.openid.claims import ProvenIdentity
from wardship.tenants.access import Access
from wardship.tenants.domains.directory import domain_holder
from wardship.tenants.domains.names import InvalidDomainError, canonical_domain
from wardship.tenants.single_sign_on.records import ProviderRecord, SecondStep

GOOGLE: Final = "https://accounts.google.com"
_SEVERAL: Final = "mfa"
_KINDS: Final = MappingProxyType(
    {
        **dict.fromkeys(("pwd", "pin", "kba"), "knows"),
        **dict.fromkeys(("otp", "hwk", "swk", "sc", "sms", "tel", "pop"), "has"),
        **dict.fromkeys(("fpt", "face", "iris", "retina", "vbm"), "is"),
    }
)
"""What a method shows (RFC 8176): two different ones are two factors."""


class NoUsableAddressError(PermissionDeniedError):
    """The provider names no address that counts here; the message says what an administrator changes."""

    code: ClassVar[str] = "PROVIDER_ADDRESS_REFUSED"


class OtherWorkspaceError(PermissionDeniedError):
    """The account belongs to another workspace of this provider: sign in with the one of your organisation."""

    code: ClassVar[str] = "OTHER_WORKSPACE"

    def __init__(self) -> None:
        super().__init__("Sign in with the account of your organisation: this one belongs to another workspace.")


def is_second_factor_shown(provider: ProviderRecord, person: ProvenIdentity) -> bool:
    """Return whether the second step was taken at the provider, as far as the organisation relies on it for that."""
    match provider.second_step:
        case SecondStep.OWN:
            return False
        case SecondStep.TRUSTED:
            return True
        case SecondStep.PROVEN:
            shown = {_KINDS[method] for method in person.amr if method in _KINDS}
            return _SEVERAL in person.amr or len(shown) > 1 or person.acr in provider.acr_values


def require_workspace(provider: ProviderRecord, person: ProvenIdentity) -> None:
    """Refuse somebody of another workspace, where many organisations share one provider.

    Raises:
        OtherWorkspaceError: as it says.
    """
    wanted = provider.hosted_domain
    if not wanted and provider.issuer == GOOGLE:
        wanted = person.email.rpartition("@")[2].lower()
    if wanted and _domain(person.hosted_domain) != _domain(wanted):
        raise OtherWorkspaceError


async def proven_address(access: Access, person: ProvenIdentity) -> EmailAddress:
    """Return the address that the provider names, where the organisation may speak for it.

    Raises:
        NoUsableAddressError: there is none, the provider does not say that it is proven, or the organisation does not
            hold its domain.
    """
    if not person.email:
        raise NoUsableAddressError("Your provider names no address: an administrator adds the claim `email` there.")
    if not person.is_email_verified:
        raise NoUsableAddressError(
            "Your provider does not say that your address is proven (`email_verified`; at Entra, `xms_edov`): an"
            " administrator adds that claim there, or invites you."
        )
    try:
        address = canonical_address(person.email, access.services.settings.internal_domains)
    except InvalidAddressError:
        raise NoUsableAddressError("Your provider names an address that is none: tell your administrator.") from None
    domain = _domain(address.rpartition("@")[2])
    holder = await domain_holder(access.transaction, domain) if domain else None
    if holder is None or holder.organisation_id != access.organisation_id:
        raise NoUsableAddressError(
            "Your address is at a domain that your organisation has not proven here: an administrator proves it, or"
            " invites you."
        )
    return address


def _domain(text: str) -> str:
    try:
        return canonical_domain(text)
    except InvalidDomainError:
        return ""
