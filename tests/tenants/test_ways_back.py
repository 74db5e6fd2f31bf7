"""Every end of every machine has a way back where a person would look for one, or says why it has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tenants.machine import Operation, Route
from tests.tenants.state_machines import MACHINES
from tests.tenants.ways_back import WAYS_BACK
from wardship.app.application import application

MATRIX = Path(__file__).resolve().parents[1] / "graphql" / "operations.txt"


def test_every_end_has_a_way_back_or_the_reason_why_not():
    assert set(WAYS_BACK) == {(machine.table, str(end)) for machine in MACHINES for end in machine.ends}


@pytest.mark.parametrize("name", sorted({way.name for way in WAYS_BACK.values() if isinstance(way, Operation)}))
def test_somebody_may_take_the_way_back(name):
    (line,) = re.findall(rf"^{name} +sign-in .*$", MATRIX.read_text("utf-8"), re.MULTILINE)
    assert "yes" in line.split()


async def test_each_route_back_is_there(services):
    app = application(services, with_worker=False)
    found = {
        " ".join((method, re.sub(r"{(\w+):\w+}", r"{\1}", route.path)))
        for route in app.routes
        for method in getattr(route, "methods", ())
    }
    assert {way.name for way in WAYS_BACK.values() if isinstance(way, Route)} <= found
