"""What lets the kit in at a vendor that demands OAuth 2.0: tokens of an account for tests, given with its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field, ValidationError

from wardship.core.outbound.pacing import PacedPlace
from wardship.plugins.api import ContractModel, Manifest, OAuth
from wardship.plugins.host.authorisations import HeldAccess, NotConnectedError, VendorTokens
from wardship.plugins.kit.findings import KitSetupError

SETTING: Final = "oauth"
"""Beside the settings of the form: they have no field for what the host keeps."""
Token = Annotated[str, Field(min_length=1, max_length=8_000)]


class _Given(ContractModel):
    access_token: Token
    refresh_token: str = ""
    client_id: str = ""
    client_secret: str = ""


@dataclass(frozen=True, slots=True)
class GivenAccess:
    """One account's tokens, which the kit neither obtains nor renews: a token that is refused is not replaced."""

    oauth: OAuth
    given: _Given

    @property
    def secrets(self) -> Mapping[str, str]:
        """What an integration must not repeat, by what it is."""
        named = self.given.model_dump(include={"access_token", "refresh_token", "client_secret"})
        return {f"{SETTING}.{name}": value for name, value in named.items() if value}

    async def fresh(self, place: PacedPlace, *, lasts_s: float, refused: str = "") -> str:
        """Return the access token; raises ``NotConnectedError`` once the vendor has refused it."""
        del place, lasts_s
        if refused:
            raise NotConnectedError("the vendor does not accept the access token that the kit was given")
        return self.given.access_token

    async def held(self, place: PacedPlace) -> tuple[HeldAccess, ...]:
        """Return what is ended where the host ends the access."""
        del place
        given = self.given
        tokens = VendorTokens(given.access_token, given.refresh_token)
        return (HeldAccess(self.oauth, given.client_id, given.client_secret, (tokens,)),)


def split_access(manifest: Manifest, values: Mapping[str, object]) -> tuple[dict[str, object], GivenAccess | None]:
    """Return the settings of the form, and the access beside them where the vendor demands OAuth 2.0.

    Raises:
        KitSetupError: it demands it, and there is none.
    """
    form = dict(values)
    if manifest.oauth is None:
        return form, None
    try:
        return form, GivenAccess(manifest.oauth, _Given.model_validate(form.pop(SETTING, {})))
    except ValidationError as error:
        place = ".".join((SETTING, *map(str, error.errors(include_url=False, include_input=False)[0]["loc"])))
        raise KitSetupError(
            f"the vendor of {manifest.key} demands OAuth 2.0: give {place} of an account for tests with the settings"
            f' (`"{SETTING}": {{"access_token": …, "refresh_token": …, "client_id": …, "client_secret": …}}`)'
        ) from None
