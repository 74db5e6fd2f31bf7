"""What lets this deployment in at a vendor that demands OAuth 2.0, as far as a call needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wardship.core.outbound.pacing import PacedPlace
from wardship.plugins.api import AuthorisationExpired, IntegrationError, OAuth


class NotConnectedError(AuthorisationExpired):
    """Nobody has let this deployment in at the vendor, or that has ended: an administrator connects it."""


@dataclass(frozen=True, slots=True)
class VendorTokens:
    """What one consent gave; the refresh token is empty where the vendor gives none."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HeldAccess:
    """What lets this deployment in at one place, by one authorization server.

    Attributes:
        oauth: the server that gave the tokens, as it was approved then.
        client_id: what the vendor calls this deployment.
        client_secret: what it has given to it.
        tokens: of each consent, the present one first: an earlier one may still be good.
    """

    oauth: OAuth
    client_id: str
    client_secret: str = field(repr=False)
    tokens: tuple[VendorTokens, ...] = ()


class AccessTokens(Protocol):
    """The tokens of all places, as every process sees them."""

    async def fresh(self, place: PacedPlace, *, lasts_s: float, refused: str = "") -> str:
        """Return an access token of a place that is good for some seconds more, renewed where that is needed.

        Args:
            place: which.
            lasts_s: how long it has to be good.
            refused: a token that the vendor has refused: another one is wanted.

        Raises:
            NotConnectedError: nobody has connected it, or that has ended.
            TemporarilyUnavailable: the vendor does not renew it now.
            Rejected: the vendor's answer is none.
        """
        ...

    async def held(self, place: PacedPlace) -> Sequence[HeldAccess]:
        """Return what is to be ended at a place, by the server that gave it, the present one first.

        Raises:
            NotConnectedError: the operator's client has gone, so that nothing can be ended by it.
        """
        ...


@dataclass(slots=True)
class CallAccess:
    """What one call has of it.

    Attributes:
        token: the present one; empty where there is none.
        reason: why there is none.
        held: where the host ends the access, all that is held.
        is_known: whether that was found out.
        is_used: the connector has asked for the token.
    """

    token: str = field(default="", repr=False)
    reason: IntegrationError | None = None
    held: tuple[HeldAccess, ...] = ()
    is_known: bool = False
    is_used: bool = False

    async def access_token(self) -> str:
        """Return the token to the connector; raises why there is none."""
        self.is_used = True
        if self.reason is not None:
            raise self.reason
        return self.token

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated."""
        values = (value for held in self.held for value in (held.client_secret, *_all_of(held.tokens)))
        return tuple(value for value in (self.token, *values) if value)


def _all_of(tokens: tuple[VendorTokens, ...]) -> tuple[str, ...]:
    return tuple(value for each in tokens for value in (each.access_token, each.refresh_token))
