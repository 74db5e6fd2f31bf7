"""How the caller wants the console to look and speak, as the API shows and changes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import strawberry

from wardship.core.accounts.preferences import Preferences as PreferencesRecord
from wardship.core.accounts.preferences import Theme
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.relations import extends
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.organisations.model import Viewer
from wardship.tenants.access import Access
from wardship.tenants.accounts.preferences import own_preferences, update_own_preferences

strawberry.enum(Theme, name="Theme", description="How bright the console is.")


@object_type(PreferencesRecord)
class Preferences:
    """How you want the console to look and speak, in all organisations."""

    language: str = field("In which it speaks: `en` or `de`; empty: as your browser asks.")
    theme: Theme = field("How bright it is.")
    has_letter_keys: bool = field("Whether single letters are shortcuts.")


@extends(Viewer)
class ViewerPreferences:
    """The preferences of the caller."""

    @batch_field(cost=1)
    @staticmethod
    async def preferences(parents: Sequence[Viewer], info: BatchInfo[ApiContext]) -> Sequence[Preferences | None]:
        """Your preferences; null for a token, and where a provider signed you in, which is one organisation's."""
        return cast("list[Preferences | None]", [await own_preferences(info.context.access)] * len(parents))


@input_type
class UpdateMyPreferencesInput:
    """What changes of your preferences; what is left out stays."""

    language: str | None = field("`en` or `de`; an empty text: as your browser asks.", default=None)
    theme: Theme | None = field("How bright the console is.", default=None)
    has_letter_keys: bool | None = field("Whether single letters are shortcuts.", default=None)


PreferencesPayload = object_payload("PreferencesPayload", "preferences", Preferences)


@strawberry.type
class PreferenceMutations:
    """The caller's preferences."""

    @command(PreferencesPayload, cost=2)
    async def update_my_preferences(self, access: Access, input: UpdateMyPreferencesInput) -> PreferencesRecord | None:
        """Change how you want the console to look and speak."""
        return await update_own_preferences(
            access, language=input.language, theme=input.theme, has_letter_keys=input.has_letter_keys
        )
