"""How long a console takes from nothing to the first form that a person can type into, beside those of others.

Each is as published, from one static server, in a browser of its own without a cache, on the same slowed network and
processor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser

from bench.browser import slowed
from bench.place import BUILD, ROOT
from bench.static_server import Build, serving_build
from tools.prepare.steps import say

WARDSHIP, DIRECTUS, FIDES = "Wardship", "Directus", "Fides"
_NOBODY: Final = HTTPStatus.UNAUTHORIZED
_SESSION: Final[dict[str, Any]] = {
    "account": None,
    "stage": None,
    "csrf_token": "0",
    "organisations": [],
    "provider": None,
    "has_passkey": False,
    "stepped_up_at": None,
}
BUILDS: Final[Mapping[str, Build]] = {
    WARDSHIP: Build(
        ROOT / "build" / "console", "/console", "sign_in.html", "/console", {"/auth/session": (HTTPStatus.OK, _SESSION)}
    ),
    DIRECTUS: Build(
        BUILD / "consoles" / "node_modules" / "@directus" / "app" / "dist",
        "/admin",
        "index.html",
        "/admin/login",
        {
            "/server/info": (
                HTTPStatus.OK,
                {"data": {"project": {"project_name": "Directus", "default_language": "en-US"}}},
            ),
            "/auth": (HTTPStatus.OK, {"data": [], "disableDefault": False}),
            "/translations": (HTTPStatus.OK, {"data": []}),
            "/auth/refresh": (_NOBODY, {"errors": [{"message": "", "extensions": {"code": "INVALID_CREDENTIALS"}}]}),
            "/users/me": (_NOBODY, {"errors": [{"message": "", "extensions": {"code": "INVALID_CREDENTIALS"}}]}),
        },
    ),
    FIDES: Build(BUILD / "consoles" / "fides" / "ui-build" / "static" / "admin", "/", "login.html", "/login"),
}

_FORM: Final = "input:not([type=hidden], [type=checkbox])"
_FIRST_FORM: Final = f"""
(() => {{
  const look = () => {{
    const field = document.querySelector("{_FORM}");
    if (field?.checkVisibility() && field.getBoundingClientRect().height > 0) window.firstForm = performance.now();
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})();
"""


@dataclass(frozen=True, slots=True)
class Boot:
    """One cold boot.

    Attributes:
        form_ms: from the beginning of the navigation until a field is on the screen.
        kilobytes: that came over the network until then.
    """

    form_ms: float
    kilobytes: float


def measure_boots(browser: Browser, rounds: int) -> dict[str, list[Boot]]:
    """Boot each console in turn, as often as that; another one goes first each time."""
    found: dict[str, list[Boot]] = {name: [] for name in BUILDS}
    names = list(BUILDS)
    with ExitStack() as stack:
        origins = {name: stack.enter_context(serving_build(build)) for name, build in BUILDS.items()}
        for name in names:  # what is compressed once, and read from the disk, is so before
            _boot(browser, origins[name] + BUILDS[name].start)
        for number in range(rounds):
            for place in range(len(names)):
                name = names[(number + place) % len(names)]
                found[name].append(_boot(browser, origins[name] + BUILDS[name].start))
            say(
                f"  boot {number + 1} of {rounds}: "
                + ", ".join(f"{name} {found[name][-1].form_ms:.0f} ms" for name in names)
            )
    return found


def _boot(browser: Browser, address: str) -> Boot:
    with slowed(browser, script=_FIRST_FORM) as visit:
        visit.page.goto(address, wait_until="commit")
        visit.page.wait_for_function("() => window.firstForm !== undefined")
        return Boot(visit.page.evaluate("window.firstForm"), visit.received() / 1000)


def ratios(boots: Mapping[str, list[Boot]]) -> dict[str, float]:
    """How much of another's time ours takes, by its name: the median of the rounds."""
    own = boots[WARDSHIP]
    return {
        name: median(mine.form_ms / theirs.form_ms for mine, theirs in zip(own, boots[name], strict=True))
        for name in boots
        if name != WARDSHIP
    }


def boot_lines(boots: Mapping[str, list[Boot]]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'cold boot to the first form':30}{'ms':>8}{'kB':>8}   ours is of it"
    shares = ratios(boots)
    for name, found in boots.items():
        share = f"{shares[name]:.2f}" if name in shares else ""
        taken, size = (median(getattr(each, figure) for each in found) for figure in ("form_ms", "kilobytes"))
        yield f"  {name:28}{taken:>8.0f}{size:>8.0f}   {share}".rstrip()
    yield f"  wanted: at most 0.25 of {FIDES}"
