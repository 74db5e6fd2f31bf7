"""This deployment as an organisation's provider knows it."""

from __future__ import annotations

from wardship.core.keys import KeyRing
from wardship.core.openid.client import Registration
from wardship.core.settings import Settings
from wardship.tenants.single_sign_on.addresses import redirect_uri
from wardship.tenants.single_sign_on.records import ProviderRecord
from wardship.tenants.single_sign_on.registering import SEALED_AS


def registration_of(settings: Settings, keys: KeyRing, provider: ProviderRecord) -> Registration:
    """Return what is needed to speak with a provider; its secret is decrypted for that.

    Raises:
        UnreadableSecretError: the secret was encrypted under a key that is gone: it has to be entered again.
    """
    bound_to = provider.organisation_id.bytes + provider.id.bytes
    secret = keys.decrypt(SEALED_AS, provider.client_secret, bound_to=bound_to).decode()
    return Registration(provider.issuer, provider.client_id, secret, redirect_uri(settings, provider.id))
