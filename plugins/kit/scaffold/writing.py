"""Writes a new integration into a folder of its own."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wardship.plugins.api import new_webhook_secret
from wardship.plugins.kit.findings import KitSetupError

_TEMPLATES: Final = Path(__file__).parent
_FILES: Final = {
    "pyproject.toml": "pyproject.txt",
    "README.md": "README.txt",
    ".gitignore": "gitignore.txt",
    "@MODULE@.py": "module.txt",
    "tests/vendor_server.py": "vendor_server.txt",
    "tests/test_conformance.py": "test_conformance.txt",
}
_REMOTE: Final = {
    "package.json": "package.txt",
    "README.md": "README.txt",
    ".gitignore": "gitignore.txt",
    ".env": "env.txt",
    "sandbox.json": "sandbox.txt",
    "server.mjs": "server.txt",
    "document.mjs": "document.txt",
    "product.mjs": "product.txt",
    "endpoint.mjs": "endpoint.txt",
    "webhooks.mjs": "webhooks.txt",
    "test/endpoint.test.mjs": "test.txt",
}
_PRIVATE: Final = 0o600
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONGEST: Final = 24


def write_scaffold(name: str, parent: Path) -> Path:
    """Write a package and return its folder, ``wardship-NAME``; see ``write_remote_scaffold`` for what is raised."""
    words = _words(name)
    if keyword.iskeyword(words["@KEY@"]) or words["@KEY@"] in sys.stdlib_module_names:
        raise KitSetupError(f"{name!r} is a word of Python's own: choose another name, such as {name}-service")
    return _written(parent, words, _FILES, _TEMPLATES)


def write_remote_scaffold(name: str, parent: Path) -> Path:
    """Write a server for Node.js, with a signing secret of its own, and return its folder, ``wardship-NAME``.

    Args:
        name: of the vendor's product, such as ``acme`` or ``acme-crm``: the key of the integration is made of it.
        parent: the folder in which it is made.

    Raises:
        KitSetupError: the name can't be a key, or there is such a folder; nothing was written.
    """
    words = {**_words(name), "@SECRET@": new_webhook_secret()}
    folder = _written(parent, words, _REMOTE, _TEMPLATES / "remote")
    (folder / ".env").chmod(_PRIVATE)
    return folder


def _written(parent: Path, words: dict[str, str], files: Mapping[str, str], templates: Path) -> Path:
    folder = parent / f"wardship-{words['@PROJECT@']}"
    if folder.exists():
        raise KitSetupError(f"{folder} is there already: choose another name, or another folder with --into")
    for path, template in files.items():
        target = folder / _filled(path, words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled((templates / template).read_text("utf-8"), words), "utf-8")
    return folder


def _words(name: str) -> dict[str, str]:
    """Return what stands for each placeholder."""
    if not _NAME.fullmatch(name) or not 1 < len(name) <= _LONGEST:
        raise KitSetupError(
            f"{name!r} can't be the key of an integration: give 2 to {_LONGEST} small letters and digits, the first a "
            "letter, with - or _ between words, such as acme or acme-crm"
        )
    key = name.replace("-", "_")
    title = key.replace("_", " ").title()
    return {
        "@KEY@": key,
        "@PROJECT@": name.replace("_", "-"),
        "@HOST@": name.replace("_", "-"),
        "@MODULE@": f"{key}_wardship",
        "@NAME@": title,
        "@CLASS@": title.replace(" ", ""),
    }


def _filled(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text
