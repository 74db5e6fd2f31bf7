"""The peer installs exactly what is locked, from whatever registry the machine uses."""

from __future__ import annotations

import json

from bench.peer import SOURCES


def test_every_package_of_the_peer_is_locked_by_hash_and_names_no_registry():
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    assert packages[""]["dependencies"] == json.loads((SOURCES / "package.json").read_text())["dependencies"]
    others = {name: found for name, found in packages.items() if name}
    assert len(others) > 50
    assert [name for name, found in others.items() if not found.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, found in others.items() if "resolved" in found] == []
