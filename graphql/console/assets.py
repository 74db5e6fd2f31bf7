"""The console's assets: files named by the digest of their content, in the codings that the build wrote beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from litestar import Request, Response, get
from litestar.datastructures import ETag
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import File

from wardship.graphql.console.encodings import IDENTITY, SUFFIXES, chosen_encoding
from wardship.graphql.console.policies import EXPLORER_POLICY

MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
# An asset never changes: a change gives it another name. A worker's policy is that of its own answer, not of the page
# that starts it. Bytes of a range would be those of one coding, so none are given.
HEADERS: Final = {
    "Accept-Ranges": "none",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": EXPLORER_POLICY,
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, and what the build made of it.

    Attributes:
        path: the file as it is.
        encoded: the same, by content coding.
    """

    path: Path
    encoded: Mapping[str, Path] = field(default_factory=dict)


def find_assets(folder: Path) -> dict[str, Asset]:
    """Return the assets of a folder by their names; none where the console was not built.

    Only these names are served, so that no path can lead out of the folder.
    """
    files = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    originals = {name: path for name, path in files.items() if path.suffix not in SUFFIXES.values()}
    return {name: Asset(path, _encoded(name, files)) for name, path in originals.items()}


def _encoded(name: str, files: Mapping[str, Path]) -> dict[str, Path]:
    return {coding: files[name + suffix] for coding, suffix in SUFFIXES.items() if name + suffix in files}


def assets_handler(assets: Mapping[str, Asset]) -> HTTPRouteHandler:
    """Return the route of the assets."""

    @get("/assets/{name:str}", include_in_schema=False, sync_to_thread=False)
    def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        if name not in assets:
            raise NotFoundException(detail="There is no such file.")
        return _answer(request, assets[name])

    return asset


def _answer(request: Request[Any, Any, Any], asset: Asset) -> Response[Any]:
    coding = chosen_encoding(_all(request, "accept-encoding"), asset.encoded)
    path = asset.encoded.get(coding, asset.path)
    # The name tells the content; the bytes of a coding are another server's only if it was built alike: a weak tag.
    tag = ETag(weak=True, value=path.name)
    headers = {**HEADERS, "Vary": "Accept-Encoding"} if asset.encoded else {**HEADERS}
    if _is_known(_all(request, "if-none-match"), tag.to_header()):
        return Response(None, status_code=304, headers={**headers, "ETag": tag.to_header()})
    if coding != IDENTITY:
        headers["Content-Encoding"] = coding
    media_type = MEDIA_TYPES.get(asset.path.suffix, "application/octet-stream")
    return File(path, content_disposition_type="inline", media_type=media_type, headers=headers, etag=tag)


def _all(request: Request[Any, Any, Any], name: str) -> str | None:
    """Return a header that may have been sent in several lines, which are one list (RFC 9110, section 5.3)."""
    lines = request.headers.getall(name, [])
    return ", ".join(lines) if lines else None


def _is_known(if_none_match: str | None, tag: str) -> bool:
    """Return whether the client has this already, by weak comparison (RFC 9110, section 13.1.2)."""
    known = {part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")}
    return "*" in known or tag.removeprefix("W/") in known
