"""The way of a delivery is as `docs/delivery.md` tells it: the modules that run, in number, and what is handed on."""

from __future__ import annotations

import re
import sys
import threading
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from types import FrameType

import pytest

from tests.builders import access_for
from tests.fakes.recorder import RECEIVES, recorder
from wardship.tenants.obligations.for_member import bring_in_line

TOLD = (Path(__file__).resolve().parents[3] / "docs" / "delivery.md").read_text("utf-8")
COUNTED = re.compile(r"wardship\.(tenants\.\w+\.\w+|plugins\.host\.\w+)$")


class Trace:
    """What runs in all threads: the functions of each counted module, and the classes whose instances are made."""

    def __init__(self) -> None:
        self.functions: defaultdict[str, set[str]] = defaultdict(set)
        self.made: set[type] = set()

    def note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call" or not (found := COUNTED.match(frame.f_globals.get("__name__", ""))):
            return
        if frame.f_code.co_name == "__init__":
            self.made.add(type(frame.f_locals["self"]))
        if frame.f_code.co_filename != "<string>":  # where a dataclass's own constructor is
            self.functions[found[1].replace(".", "/")].add(frame.f_code.co_qualname)


@pytest.fixture
async def trace(connections, integrations, ada):
    """The trace of one delivery to a vendor that keeps nothing, from the worker's claim to the settlement."""
    at_once = tuple(entry.model_copy(update={"retention_days": 0}) for entry in RECEIVES)
    integrations.register(recording := recorder("prompt", receives=at_once), "prompt")
    await connections.connect("prompt")
    recording.heard.clear()
    async with access_for(connections.services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    connections.services.dispatcher.close()  # so that the plugin's thread is a new one, which is traced
    worker, found = connections.worker(), Trace()
    threading.setprofile(found.note)
    sys.setprofile(found.note)
    try:
        served = await worker.run_once()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert (served, len(recording.heard)) == (1, 1)
    return found


async def test_modules_that_run_are_those_of_the_page(trace):
    told = re.findall(r"^\d+\. `([\w/]+)`", TOLD, re.MULTILINE)
    assert set(trace.functions) == set(told)
    assert len(told) == _headline("modules") <= 17


async def test_classes_that_are_made_are_those_of_the_page(trace):
    carriers = dict(re.findall(r"^\| `(\w+)` \| `([\w/]+)` \|", TOLD, re.MULTILINE))
    for name, module in carriers.items():
        assert isinstance(getattr(import_module(f"wardship.{module.replace('/', '.')}"), name), type)
    used_up = set(re.findall(r"`(\w+)`", TOLD[TOLD.index("Made and used up") :]))
    assert {made.__name__ for made in trace.made} == set(carriers) | used_up
    assert len(carriers) == _headline("carrier classes") <= 9


def _headline(what: str) -> int:
    found = re.search(rf"(\d+) {what}", TOLD)
    assert found
    return int(found[1])
