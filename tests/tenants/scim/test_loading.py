"""The library's models are loaded without a walk through all modules, and its messages are made once."""

from __future__ import annotations

import gc
import inspect
import sys
from types import FrameType

import pytest
from scim2_models import BulkRequest, BulkResponse, ListResponse, PatchOp, ResponseParameters, SearchRequest

import wardship.tenants.scim
from tests.tenants.scim.directory import BULK, USER

pytestmark = pytest.mark.anyio

FROZEN = ("importlib._bootstrap", "importlib._bootstrap_external")


def _frame_of(file: str) -> FrameType:
    found: dict[str, FrameType] = {}
    exec(compile("frame = look()", file, "exec"), {"look": lambda: sys._getframe(1)}, found)  # noqa: S102 - our own line
    return found["frame"]


@pytest.mark.parametrize("name", FROZEN)
def test_frame_of_the_import_system_is_known_without_a_look_at_any_module(monkeypatch, name):
    assert wardship.tenants.scim.__doc__
    looked = []
    monkeypatch.setattr(inspect, "ismodule", lambda value: looked.append(value) or isinstance(value, type(sys)))
    assert inspect.getmodule(_frame_of(f"<frozen {name}>")) is sys.modules[name]
    assert len(looked) < 10


MESSAGES = (ListResponse, SearchRequest, BulkRequest, BulkResponse, PatchOp, ResponseParameters)


def _made() -> dict[str, int]:
    """What is made of each message and not forgotten again."""
    gc.collect()
    return {kind.__name__: id(kind) for message in MESSAGES for kind in message.__subclasses__()}


async def _ask_everything(directory, name: str) -> None:
    user = await directory.add(name)
    await directory.find("/Users", f'userName eq "{name}"')
    await directory.json("GET", "/Groups")
    await directory.json("GET", "/", filter=f'userName eq "{name}"')
    await directory.json("GET", f"/Users/{user['id']}", attributes="userName")
    await directory.patch(f"/Users/{user['id']}", {"op": "replace", "path": "displayName", "value": "Ann"})
    about = {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"schemas": [USER], "userName": f"b{name}"}}
    await directory.json("POST", "/Bulk", {"schemas": [BULK], "Operations": [about]})


async def test_no_request_makes_a_message_anew(directory):
    await _ask_everything(directory, "ann@example.org")
    before = _made()
    assert sum("User" in name for name in before) == len(MESSAGES) + 1, before  # a search of users, and one of all
    await _ask_everything(directory, "ben@example.org")
    assert _made() == before
