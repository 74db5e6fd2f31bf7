"""What a provider says of a person, in one form whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

_LONGEST: Final = 400
_ENTRA: Final = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"})
_ENTRA_VERIFIED: Final = "xms_edov"
"""Entra says no `email_verified`, but, by this optional claim, that the address's domain was verified there."""

_TRUE: Final = frozenset({"True", "true", "1"})


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """Somebody for whom a provider vouches, at one moment.

    Attributes:
        issuer: the provider.
        subject: who it is there: with the issuer, the identity.
        email: the address as the provider writes it; empty when it says none. It identifies nobody.
        is_email_verified: whether the provider says that it has proven the address.
        name: how the person is called; empty when it says none.
        authenticated_at: when the person last signed in at the provider, if it says so.
        acr: how, as a level that the provider has named.
        amr: how, as methods (RFC 8176).
        provider_session: the provider's own session (``sid``), which a logout there names.
        hosted_domain: Google's ``hd``: the Workspace to which the account belongs.
        id_token: what was signed, for the sign-out there.
    """

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    name: str
    authenticated_at: datetime | None
    acr: str
    amr: frozenset[str]
    provider_session: str
    hosted_domain: str
    id_token: str


def read_identity(issuer: str, claims: dict[str, Any], id_token: str) -> ProvenIdentity:
    """Return what claims, which were checked, say of a person."""
    given = " ".join(filter(None, (_text(claims, "given_name"), _text(claims, "family_name"))))
    amr = claims.get("amr")
    return ProvenIdentity(
        issuer=issuer,
        subject=claims["sub"],
        email=_text(claims, "email"),
        is_email_verified=_is_verified(issuer, claims),
        name=_text(claims, "name") or given,
        authenticated_at=_moment(claims.get("auth_time")),
        acr=_text(claims, "acr"),
        amr=frozenset(item for item in amr if isinstance(item, str)) if isinstance(amr, list) else frozenset(),
        provider_session=_text(claims, "sid"),
        hosted_domain=_text(claims, "hd").lower(),
        id_token=id_token,
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) and len(value) <= _LONGEST else ""


def _is_verified(issuer: str, claims: dict[str, Any]) -> bool:
    """Return whether the address is said to be proven; some write the truth as text, some as a number."""
    names = ["email_verified"]
    if urlsplit(issuer).hostname in _ENTRA:
        names.append(_ENTRA_VERIFIED)
    return any(str(claims.get(name)) in _TRUE for name in names)


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
