"""Which hosts a manifest and its settings name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import httpx2

from wardship.plugins.api import Manifest, Rejected, Settings

_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Reach:
    """The hosts, with their ports, that one installation's client may speak to."""

    places: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, manifest: Manifest, settings: Settings) -> Self:
        """Return what the manifest declares, literally or by a URL in the settings."""
        urls = (str(getattr(settings, name)) for name in manifest.host_settings if getattr(settings, name, None))
        return cls(frozenset((*map(_declared, manifest.hosts), *_places(urls))))

    def require(self, url: httpx2.URL) -> None:
        """Raise ``Rejected`` unless the URL is plain, absolute and within reach."""
        if url.userinfo:
            raise Rejected("a URL must not hold a user name or password")
        place = (url.raw_host.decode("ascii"), url.port or _DEFAULT_PORTS.get(url.scheme, 0))
        if url.scheme not in _DEFAULT_PORTS or place not in self.places:
            raise Rejected(f"{place[0] or 'the address'} is not among the hosts that the integration declares")


def _declared(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    return name, int(port or 443)


def _places(urls: Iterable[str]) -> Iterable[tuple[str, int]]:
    for text in urls:
        url = urlsplit(text)
        if url.hostname and url.scheme in _DEFAULT_PORTS:
            # httpx2 writes a name as it goes over the wire (IDNA), which is what is compared.
            yield httpx2.URL(text).raw_host.decode("ascii"), url.port or _DEFAULT_PORTS[url.scheme]
