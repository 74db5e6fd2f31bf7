"""What each page weighs on the wire, as the build lists it: gzip, of all that its first look loads, in English."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import ROOT

BUILD = ROOT / "build" / "console"
KILO = 1000
OF_ONESELF = {"asking", "certificate", "choices", "me", "my_requests", "notices", "security"}
ADMINISTRATORS_KB, MEMBERS_KB, FURTHER_KB, PLOT_KB, STYLES_KB = 230, 190, 45, 20, 15
SIGN_IN_KB = 82
PLOTS = ["src/pages/map/sankey.tsx"]
# Letters of languages that the console does not speak: Greek to Thai, and those of East Asia.
FOREIGN = re.compile(r"[\u0370-\u0e7f\u1100-\u11ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
DOCUMENT = re.compile(r"sha256:[0-9a-f]{64}")


@cache
def manifest() -> dict[str, dict[str, Any]]:
    return json.loads((BUILD / ".vite" / "manifest.json").read_text())


def pages() -> list[str]:
    return sorted(key for key in manifest() if key.startswith("src/pages/") and key.endswith("_page.tsx"))


def with_imports(*keys: str) -> set[str]:
    """What is loaded along with these."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += manifest()[key].get("imports", [])
    return found


def words(family: str) -> str:
    return f"src/language/locales/{family}/en.po"


@cache
def of_shell() -> set[str]:
    """What every page needs: the entry, the shell, and its words."""
    (shell,) = (key for key in manifest() if key.startswith("_shell-") and key.endswith(".js"))
    return with_imports("index.html", shell, words("shell"))


def of_page(page: str) -> set[str]:
    """What a page needs besides the shell."""
    family = words(page.split("/")[2])
    return with_imports(page, *([family] if family in manifest() else [])) - of_shell()


def size(file: str) -> int:
    """The bytes that are sent; what is short is sent as it is."""
    path = BUILD / file
    compressed = Path(f"{path}.gz")
    return (compressed if compressed.is_file() else path).stat().st_size


def scripts(keys: set[str]) -> float:
    files = {manifest()[key]["file"] for key in keys}
    return sum(size(file) for file in files if file.endswith(".js")) / KILO


def styles(keys: set[str]) -> float:
    return sum(size(file) for file in {css for key in keys for css in manifest()[key].get("css", [])}) / KILO


@pytest.mark.parametrize("page", pages())
def test_page_is_within_its_budgets(page):
    whole = of_shell() | of_page(page)
    budget = MEMBERS_KB if page.split("/")[2] in OF_ONESELF else ADMINISTRATORS_KB
    assert scripts(whole) <= budget
    assert scripts(of_page(page)) <= FURTHER_KB
    assert styles(whole) <= STYLES_KB


def test_sign_in_loads_nothing_of_the_pages():
    assert scripts(with_imports("sign_in.html")) <= SIGN_IN_KB


@pytest.mark.parametrize("plot", PLOTS)
def test_plot_is_within_its_budget(plot):
    assert 0 < scripts(with_imports(plot) - of_shell()) <= PLOT_KB


def test_every_page_of_the_sources_is_weighed():
    sources = (ROOT / "graphql" / "console" / "src" / "pages").rglob("*_page.tsx")
    assert pages() == sorted(str(path.relative_to(ROOT / "graphql" / "console")) for path in sources)


def own_scripts() -> dict[str, str]:
    """The texts of all scripts that pages load, now or when something is opened; the explorer's are apart."""
    found = of_shell().union(*map(of_page, pages()))
    waiting = list(found)
    while waiting:
        for key in manifest()[waiting.pop()].get("dynamicImports", []):
            for needed in with_imports(key) - found:
                found.add(needed)
                waiting.append(needed)
    files = {manifest()[key]["file"] for key in found if "?pseudo" not in key}
    return {file: (BUILD / file).read_text("utf-8") for file in files if file.endswith(".js")}


def test_no_words_of_a_third_language_are_bundled():
    found = {file: FOREIGN.search(text) for file, text in own_scripts().items()}
    assert {file: match[0] for file, match in found.items() if match} == {}


def test_all_documents_of_the_pages_are_known_to_the_server():
    known = json.loads((BUILD / "documents.json").read_text())
    used = {identifier for text in own_scripts().values() for identifier in DOCUMENT.findall(text)}
    assert len(used) > len(pages())
    assert used - set(known) == set()
