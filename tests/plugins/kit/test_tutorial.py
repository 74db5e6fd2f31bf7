"""The tutorials are followed literally, from `plugin new` to a load in the host."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.plugins.kit.followed import BLOCK, DOCS, Follower, prepare, steps
from tests.plugins.kit.served import serving
from wardship.plugins.host.registry import LoadState, Registry
from wardship.plugins.kit.target import find_target

PACKAGE, REMOTE = ((DOCS / f"{name}.md").read_text("utf-8") for name in ("tutorial", "tutorial-remote"))
CHECK = "wardship plugin check http://127.0.0.1:8787/wardship.json --settings sandbox.json"
PORT = "8787"


def test_the_tutorial_leads_to_an_integration_that_the_host_loads(tmp_path):
    def prepared(command: str, folder: Path) -> None:
        if command.startswith("python -m venv "):
            prepare(folder / command.rsplit(maxsplit=1)[-1])

    follower = Follower(tmp_path, tmp_path / "data", after=prepared)
    follower.follow(PACKAGE)
    said = follower.said
    assert said["wardship plugin check ."].endswith("Level: gold.\n")
    assert "No badge" in said["! wardship plugin check ."]
    assert re.search(r"^acme  loaded  0\.1\.0$", said["../trial/bin/wardship plugin list"], re.MULTILINE)
    checked = said["../trial/bin/wardship plugin check acme --server tests/vendor_server.py:running --level gold"]
    assert checked.endswith("Level: gold.\n")
    installed = tmp_path / "trial" / "lib"
    assert len(list(installed.rglob("acme_wardship.py"))) == 1
    assert not (tmp_path / "data").exists()


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_tutorial_for_another_language_leads_to_an_integration_that_the_host_loads(tmp_path):
    """At another port than the page names, which may be taken here."""
    port = free_port()

    def at_another_port(command: str, folder: Path) -> None:
        if command == "cd wardship-acme":
            text = (folder / ".env").read_text("utf-8")
            (folder / ".env").write_text(text.replace(f"PORT={PORT}\n", f"PORT={port}\n"), "utf-8")

    follower = Follower(tmp_path, tmp_path / "data", lambda text: text.replace(PORT, port), at_another_port)
    follower.follow(REMOTE)
    said = follower.said
    assert said[f"env $(cat .env) {CHECK}"].endswith("Level: gold.\n")
    found = said[f"! env $(cat .env) {CHECK} --level gold"]
    assert re.findall(r"^FAILED +\w+ +(\S+)$", found, re.MULTILINE) == ["replay-changes-nothing"]
    assert said[f"env $(cat .env) {CHECK} --level gold"].endswith("Level: gold.\n")
    (called,) = (text for command, text in said.items() if "plugin call" in command)
    assert re.findall(r"^(\w+): completed", called, re.MULTILINE) == ["share", "erase", "attest"]
    assert "basis of the grade: receipt" in called
    with serving(follower.folder) as target:
        loaded = Registry().register(find_target(target).plugin, "acme")
    assert (loaded.state, loaded.reason) == (LoadState.LOADED, None)
    assert "phone" in loaded.manifest.field_names
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("page", "least"), [(PACKAGE, 11), (REMOTE, 9)], ids=["package", "remote"])
def test_no_block_of_a_page_is_left_out(page, least):
    assert len(list(BLOCK.finditer(page))) == page.count("```") / 2
    assert sum(not step.file for step in steps(page)) >= least


@pytest.mark.parametrize("page", ["rules.md", "contract.md", "installing.md", "contract-changes.md", "remote.md"])
def test_the_pages_beside_them_are_there(page):
    assert (DOCS / page).is_file()
