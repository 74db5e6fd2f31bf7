"""Serve the built console: the sign-in, the application's page at all its addresses, the explorer, and the assets."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from litestar import Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import File, Redirect
from litestar.types import BeforeRequestHookHandler

from wardship.graphql.console.assets import assets_handler, find_assets
from wardship.graphql.console.policies import EXPLORER_POLICY, NOTHING_POLICY, console_policy

NONCE_PLACE: Final = "__CSP_NONCE__"
"""What stands in the built page for the nonce of each answer."""
_NONCE_BYTES: Final = 18
"""144 random bits: more than the 128 that CSP 3 (section 2.3.1) asks for, and no padding in base64."""
HEADERS: Final = {"Referrer-Policy": "same-origin"}

NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Wardship: the console has not been built</title></head>
<body><h1>The console has not been built</h1>
<p>Run <code>make console</code> in the checkout, then start Wardship again.
The API at <code>/graphql</code> works without it.</p>
</body></html>
"""
CLOSED: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Wardship: the explorer is closed</title></head>
<body><h1>The explorer is closed here</h1>
<p>This deployment runs the console's own documents alone for whoever is signed in in a browser.
Programs call <code>/graphql</code> with an access token. <a href="/console">To the console</a></p>
</body></html>
"""


def built_console() -> Path:
    """Return the folder of the built console: inside the package in a wheel, `build/console` in a checkout."""
    packaged = Path(__file__).parent / "built"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "build" / "console"


def console_routes(
    built: Path, before_page: BeforeRequestHookHandler | None = None, *, has_explorer: bool = True
) -> Router:
    """Make the routes of `/console`, and the one that leads there from `/`.

    `/console` itself is where one signs in, with a page of its own: who isn't signed in waits for no more than that.
    Every address below it that is neither an asset nor the explorer is the application's, whose own routes say what is
    there and what is not.

    Args:
        built: the folder that the console was built into. When it is missing, the pages say how to build it.
        before_page: returns what is shown in place of a page, or None.
        has_explorer: whether sessions may send documents of their own; else its page says that they may not.
    """
    assets = find_assets(built / "assets")

    @get(["/", "/{path:path}"], before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def not_built() -> Response[str]:
        headers = {**HEADERS, "Content-Security-Policy": NOTHING_POLICY}
        return Response(NOT_BUILT, status_code=503, media_type="text/html", headers=headers)

    @get("/explorer", before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def explorer() -> File:
        # It names its assets by the digest of their content: it is asked for again each time.
        headers = {**HEADERS, "Cache-Control": "no-cache", "Content-Security-Policy": EXPLORER_POLICY}
        path = built / "explorer.html"
        return File(path, content_disposition_type="inline", media_type="text/html", headers=headers)

    @get("/explorer", before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def closed_explorer() -> Response[str]:
        headers = {**HEADERS, "Content-Security-Policy": NOTHING_POLICY}
        return Response(CLOSED, status_code=403, media_type="text/html", headers=headers)

    @get("/", before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def front_door() -> Redirect:
        return Redirect("/console")

    if assets:
        sign_in = _page("/", built / "sign_in.html", before_page)
        application = _page("/{path:path}", built / "index.html", before_page)
        handlers = [sign_in, application, explorer if has_explorer else closed_explorer, assets_handler(assets)]
    else:
        handlers = [not_built]
    return Router("/", route_handlers=[front_door, Router("/console", route_handlers=handlers)], tags=["console"])


def _page(path: str, file: Path, before_page: BeforeRequestHookHandler | None) -> HTTPRouteHandler:
    text = file.read_text("utf-8")

    @get(path, before_request=before_page, include_in_schema=False, sync_to_thread=False)
    def page() -> Response[str]:
        # It is kept nowhere: in a page that comes back, the nonce would be known.
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        headers = {**HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": console_policy(nonce)}
        return Response(text.replace(NONCE_PLACE, nonce), media_type="text/html", headers=headers)

    return page
