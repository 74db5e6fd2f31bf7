"""Serve the built console: two pages, and the assets that they load."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import File, Redirect
from litestar.types import BeforeRequestHookHandler

ASSETS: Final = "assets"
MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
HEADERS: Final = {"Referrer-Policy": "same-origin"}
# A page names its assets by the digest of their content: the page is requested again each time, an asset never changes.
PAGE_CACHING: Final = {"Cache-Control": "no-cache"}
ASSET_CACHING: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

_LOCKED: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
)
# The one picture that is not a file is the QR code of a second factor, which is made for one person.
CONSOLE_POLICY: Final = _LOCKED + "style-src 'self'; img-src 'self' data:"
# Monaco, the explorer's editor, sets styles on elements and brings its fonts and pictures inside its style sheet.
EXPLORER_POLICY: Final = (
    _LOCKED + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self'"
)

NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Wardship: the console has not been built</title></head>
<body><h1>The console has not been built</h1>
<p>Run <code>make console</code> in the checkout, then start Wardship again.
The API at <code>/graphql</code> works without it.</p>
</body></html>
"""


def built_console() -> Path:
    """Return the folder of the built console: inside the package in a wheel, `build/console` in a checkout."""
    packaged = Path(__file__).parent / "built"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "build" / "console"


def console_routes(assets: Path, before_page: BeforeRequestHookHandler | None = None) -> Router:
    """Make the routes of `/console`, and the one that leads there from `/`.

    Args:
        assets: the folder that the console was built into. When it is missing, the pages say how to build it.
        before_page: returns what is shown in place of a page, or None.
    """
    folder = assets / ASSETS
    # Only these names are served, so that no path can lead out of the folder.
    names = frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset[str]()

    @get(["/", "/explorer"], before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def not_built() -> Response[str]:
        policy = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
        return Response(NOT_BUILT, status_code=503, media_type="text/html", headers={**HEADERS, **policy})

    @get("/", before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def console() -> File:
        return _page(assets / "index.html", CONSOLE_POLICY)

    @get("/explorer", before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def explorer() -> File:
        return _page(assets / "explorer.html", EXPLORER_POLICY)

    @get("/", before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def front_door() -> Redirect:
        return Redirect("/console")

    @get("/assets/{name:str}", include_in_schema=False, sync_to_thread=False)
    def asset(name: FromPath[str]) -> File:
        if name not in names:
            raise NotFoundException(detail="There is no such file.")
        # A worker's policy is that of its own answer, not of the page that starts it.
        return _file(folder / name, {**ASSET_CACHING, "Content-Security-Policy": EXPLORER_POLICY})

    handlers = [console, explorer, asset] if names else [not_built]
    return Router("/", route_handlers=[front_door, Router("/console", route_handlers=handlers)], tags=["console"])


def _page(path: Path, policy: str) -> File:
    return _file(path, {**PAGE_CACHING, "Content-Security-Policy": policy})


def _file(path: Path, headers: dict[str, str]) -> File:
    return File(
        path,
        content_disposition_type="inline",
        media_type=MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        headers={**HEADERS, **headers},
    )
