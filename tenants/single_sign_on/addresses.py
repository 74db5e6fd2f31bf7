"""The addresses that belong to a provider, built from the deployment's own address and never from a request."""

from __future__ import annotations

from uuid import UUID

from wardship.core.settings import Settings


def redirect_uri(settings: Settings, provider_id: UUID) -> str:
    """Return where a provider sends people back to: no other provider's, so that none can answer for another."""
    return f"{settings.public_url}/auth/provider/{provider_id}/callback"


def logout_uri(settings: Settings, provider_id: UUID) -> str:
    """Return where a provider sends its logouts."""
    return f"{settings.public_url}/auth/provider/{provider_id}/logout"


def signed_out_uri(settings: Settings) -> str:
    """Return where a provider leads people back to after they signed out there."""
    return f"{settings.public_url}/auth/signed-out"


def test_address(settings: Settings, provider_id: UUID) -> str:
    """Return where who manages sign-in tries a provider."""
    return f"{settings.public_url}/auth/provider/{provider_id}/test"


def sign_in_address(settings: Settings, address_key: str) -> str:
    """Return the organisation's own sign-in address: nobody guesses it, so that it tells strangers nothing."""
    return f"{settings.public_url}/auth/at/{address_key}"
