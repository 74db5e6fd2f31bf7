"""Providers' documents and signing keys, kept for a while; a key that is not known is asked for once, then no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from wardship.core.clock import Clock
from wardship.core.openid.metadata import Metadata, document_url, read_metadata
from wardship.core.openid.provider_http import ProviderHttp
from wardship.core.openid.refusals import ProofRefusedError, ProviderUnavailableError

KEPT: Final = timedelta(hours=1)
"""How long documents and keys are used without asking again."""
PAUSE: Final = timedelta(minutes=1)
"""A provider's keys are asked for again at most so often, however many unknown ones are shown."""
MOST_PROVIDERS: Final = 10_000
ALGORITHMS: Final = MappingProxyType(
    {
        **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
        **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
        **dict.fromkeys(("EdDSA", "Ed25519"), "OKP"),
    }
)
"""The signatures that count, each with the kind of key it takes: no unsigned text, and none signed with a shared
secret."""
_KINDS: Final[Mapping[str, type[RSAKey | ECKey | OKPKey]]] = MappingProxyType(
    {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
)
_SHORTEST_RSA: Final = 2048


class PublishedKey(msgspec.Struct, frozen=True):
    """One key of a provider's set (RFC 7517), as far as it is chosen by."""

    kty: str
    kid: str | None = None
    use: str | None = None
    alg: str | None = None


@dataclass(slots=True)
class _Known:
    metadata: Metadata
    keys: list[dict[str, Any]]
    fetched_at: datetime
    asked_at: datetime


class ProviderKeys:
    """The documents and keys of all providers that this process has met, by issuer.

    Args:
        http: asks providers.
        clock: the present moment.
        development: whether plain http to this machine is allowed.
    """

    def __init__(self, http: ProviderHttp, clock: Clock, *, development: bool) -> None:
        self._http = http
        self._clock = clock
        self._development = development
        self._known: dict[str, _Known] = {}

    async def metadata(self, issuer: str) -> Metadata:
        """Return what a provider says of itself.

        Raises:
            ProviderUnavailableError: it can't be reached or used, and nothing is known of it from before.
        """
        return (await self._provider(issuer)).metadata

    async def keys_for(self, issuer: str, algorithm: str, kid: str | None) -> list[Key]:
        """Return the keys by which a text may be signed, asking the provider again where none fits.

        Args:
            issuer: the provider.
            algorithm: of the text's header.
            kid: the key's id in the header; all that fit the algorithm are tried without one.

        Raises:
            ProofRefusedError: the algorithm does not count, or the provider has no such key.
            ProviderUnavailableError: it can't be asked.
        """
        if algorithm not in ALGORITHMS:
            raise ProofRefusedError(f"The provider signs with {algorithm[:20]}, which does not count.")
        known = await self._provider(issuer)
        found = _fitting(known.keys, algorithm, kid) or await self.newer_keys_for(issuer, algorithm, kid)
        if not found:
            raise ProofRefusedError("The provider has published no key that fits this signature: try again shortly.")
        return found

    async def newer_keys_for(self, issuer: str, algorithm: str, kid: str | None) -> list[Key]:
        """Ask a provider for its keys again, since those known do not do; none within a minute of that.

        Raises:
            ProviderUnavailableError: it can't be asked.
        """
        known = await self._provider(issuer)
        if self._clock.now() - known.asked_at < PAUSE:
            return []
        known.asked_at = self._clock.now()
        return _fitting((await self._refresh(issuer)).keys, algorithm, kid)

    async def _provider(self, issuer: str) -> _Known:
        known = self._known.get(issuer)
        now = self._clock.now()
        if known is None:
            return await self._refresh(issuer)
        if now - known.fetched_at < KEPT or now - known.asked_at < PAUSE:
            return known
        known.asked_at = now
        try:
            return await self._refresh(issuer)
        except ProviderUnavailableError:
            return known  # what was good an hour ago is better than nobody signing in

    async def _refresh(self, issuer: str) -> _Known:
        metadata = read_metadata(issuer, await self._http.get_json(document_url(issuer)), development=self._development)
        keys = (await self._http.get_json(metadata.jwks_uri)).get("keys")
        if not isinstance(keys, list):
            raise ProviderUnavailableError("The provider publishes no keys.")
        now = self._clock.now()
        known = _Known(metadata, [key for key in keys if isinstance(key, dict)], now, now)
        self._known.pop(issuer, None)
        while len(self._known) >= MOST_PROVIDERS:
            del self._known[next(iter(self._known))]
        self._known[issuer] = known
        return known


def _fitting(keys: list[dict[str, Any]], algorithm: str, kid: str | None) -> list[Key]:
    return [made for item in keys if _fits(item, algorithm, kid) and (made := _made(item)) is not None]


def _fits(item: dict[str, Any], algorithm: str, kid: str | None) -> bool:
    try:
        key = msgspec.convert(item, PublishedKey)
    except msgspec.ValidationError:
        return False
    is_for_it = key.kty == ALGORITHMS[algorithm] and key.use in {None, "sig"} and key.alg in {None, algorithm}
    return is_for_it and (kid is None or key.kid == kid)


def _made(item: dict[str, Any]) -> Key | None:
    """Return a key of the set; None of one that can't be used, which others of the set need not suffer from."""
    try:
        key = _KINDS[item["kty"]].import_key(
            {name: value for name, value in item.items() if name not in {"x5c", "x5t"}}
        )
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    is_short = isinstance(key, RSAKey) and key.raw_value.key_size < _SHORTEST_RSA
    return None if is_short else key
