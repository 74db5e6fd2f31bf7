"""A plugin's crash is in the log: in production by type and place, in development with its traceback."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from tests.plugins.host.scripted import Bench, raising
from wardship.app.deployment import make_services
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings
from wardship.plugins.api import AuthorisationExpired, Rejected, TemporarilyUnavailable
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.reply import Fault


def crash(_connector: object) -> None:
    raise RuntimeError("no room for ada@example.org, asked with s3cret")


async def logged(bench: Bench, *, shows_tracebacks: bool, script=crash) -> list[dict]:
    bench.plug(script)
    network = NetworkPolicy.development()
    bench.dispatcher._limits = DispatchLimits(network=network, timeout_s=0.2, shows_tracebacks=shows_tracebacks)
    with capture_logs() as lines:
        reply = await bench.call()
    assert reply.fault is (Fault.CRASH if script is crash else reply.fault)
    assert "ada@" not in reply.outcome.detail
    return [line for line in lines if line["event"] == "integration.crashed"]


async def test_in_production_a_crash_says_its_type_and_place_alone(bench):
    (line,) = await logged(bench, shows_tracebacks=False)
    place = f"test_crashes.py:{crash.__code__.co_firstlineno + 1} in crash"
    assert line == {
        "event": "integration.crashed",
        "log_level": "error",
        "integration": "scripted",
        "installation_id": "here",
        "obligation_id": "o-1",
        "verb": "share",
        "error": "RuntimeError",
        "at": place,
    }


async def test_in_development_it_shows_its_traceback_without_values_of_the_call(bench):
    (line,) = await logged(bench, shows_tracebacks=True)
    assert line["traceback"].startswith("Traceback (most recent call last)")
    assert line["traceback"].endswith("RuntimeError: no room for [cut], asked with [cut]\n")
    assert "in crash" in line["traceback"]


@pytest.mark.parametrize("error", [Rejected("no"), TemporarilyUnavailable("later"), AuthorisationExpired("who?")])
async def test_what_a_connector_may_raise_is_no_crash(bench, error):
    assert await logged(bench, shows_tracebacks=True, script=raising(error)) == []


@pytest.mark.parametrize("development", [True, False])
def test_the_settings_say_which(tmp_path, development):
    settings = Settings(data_dir=tmp_path, development=development, secret_key="k" * 64)
    services = make_services(settings)
    assert services.dispatcher._limits.shows_tracebacks is development
    services.dispatcher.close()
