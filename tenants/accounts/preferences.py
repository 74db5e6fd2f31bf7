"""The caller's preferences: those of the account, in every organisation."""

from __future__ import annotations

from wardship.core.accounts.preferences import Preferences, Theme, account_preferences, set_preferences
from wardship.core.actor import CredentialKind
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import require_own_account


async def own_preferences(access: Access) -> Preferences | None:
    """Return the caller's preferences; None for a token or a session by a provider, which are one organisation's."""
    actor = access.actor
    if actor.credential is not CredentialKind.SESSION or actor.is_bound or actor.account_id is None:
        return None
    return await account_preferences(access.transaction, actor.account_id)


async def update_own_preferences(
    access: Access, *, language: str | None = None, theme: Theme | None = None, has_letter_keys: bool | None = None
) -> Preferences | None:
    """Change some of the caller's preferences, and return them all; None leaves each as it is.

    Raises:
        SessionRequiredError: the caller showed a token, or a session that an organisation's provider opened.
        UnknownLanguageError: the console does not speak it.
    """
    account_id = require_own_account(access)
    async with in_directory(access):
        await set_preferences(
            access.transaction, account_id, language=language, theme=theme, has_letter_keys=has_letter_keys
        )
    return await own_preferences(access)
