"""Where an installation's data goes, as its settings say it: pure functions of a declaration and of settings."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx2

from wardship.plugins.api import Manifest


def address_of(manifest: Manifest, settings: Mapping[str, object]) -> dict[str, str]:
    """Return what the settings say about where the data goes, by the name of the setting, in one form each.

    Addresses that are spelled differently and are the same are equal: letter case of scheme and host, the default
    port, the two forms of a name outside ASCII, a slash at the end.
    """
    urls = set(manifest.host_settings)
    named = (*manifest.host_settings, *getattr(manifest, "place_settings", ()))
    return {name: _canonical(settings[name], is_url=name in urls) for name in named if settings.get(name) is not None}


def recipient_name(manifest: Manifest, settings: Mapping[str, object]) -> str:
    """Return who receives the data: the vendor, with the server where the administrator named one."""
    named = (urlsplit(str(settings.get(name, ""))).hostname for name in manifest.host_settings)
    servers = sorted({server for server in named if server})
    vendor = manifest.vendor.legal_name
    return f"{vendor} ({', '.join(servers)})" if servers else vendor


def _canonical(value: object, *, is_url: bool) -> str:
    text = str(value)
    if not is_url:
        return text
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        return text
    port = f":{url.port}" if url.port else ""
    query = f"?{url.query.decode('ascii')}" if url.query else ""
    return f"{url.scheme}://{url.raw_host.decode('ascii')}{port}{url.path.rstrip('/')}{query}"
