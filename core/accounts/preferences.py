"""How a person wants the console to look and speak, in all organisations."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from wardship.core.database.engine import Transaction
from wardship.core.errors import InvalidInputError

LANGUAGES: Final = ("en", "de")
"""Those into which the console is translated as a whole."""


class Theme(StrEnum):
    """How bright the console is."""

    SYSTEM = ""
    LIGHT = "light"
    DARK = "dark"


class UnknownLanguageError(InvalidInputError):
    """The console does not speak this language: choose one that the message names."""

    code: ClassVar[str] = "UNKNOWN_LANGUAGE"


class Preferences(msgspec.Struct, frozen=True):
    """What a person has chosen.

    Attributes:
        language: one of ``LANGUAGES``; empty: as the browser asks.
        theme: how bright.
        has_letter_keys: whether single letters are shortcuts.
    """

    language: str
    theme: Theme
    has_letter_keys: bool


async def account_preferences(transaction: Transaction, account_id: UUID) -> Preferences | None:
    """Return the preferences of an active account; None when it is gone."""
    row = await transaction.fetchrow("select * from account_preferences($1)", account_id)
    return None if row is None else msgspec.convert(dict(row), Preferences)


async def set_preferences(
    transaction: Transaction,
    account_id: UUID,
    *,
    language: str | None = None,
    theme: Theme | None = None,
    has_letter_keys: bool | None = None,
) -> None:
    """Change preferences of an account; None leaves each as it is; needs the directory's scope.

    Raises:
        UnknownLanguageError: the console does not speak it.
    """
    if language and language not in LANGUAGES:
        raise UnknownLanguageError(f"Choose one of {', '.join(LANGUAGES)}, or none.", path=("language",))
    await transaction.execute(
        "update account set language = coalesce($2, language), theme = coalesce($3, theme),"
        " has_letter_keys = coalesce($4, has_letter_keys) where id = $1 and state = 'active'",
        account_id,
        language,
        None if theme is None else theme.value,
        has_letter_keys,
    )
