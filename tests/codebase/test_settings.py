"""What can be set is read by something, and what is read can be set: both are derived from the sources."""

from __future__ import annotations

import dataclasses
import re
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from tools.check import length
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings
from wardship.graphql.engine import Limits
from wardship.graphql.organisations.model import OrganisationSettings as ShownSettings
from wardship.graphql.organisations.mutations import UpdateOrganisationSettingsInput
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.client import ClientLimits
from wardship.tenants.organisations.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
SOURCES = {
    path.as_posix(): (ROOT / path).read_text("utf-8")
    for path in length.tracked_files()
    if path.suffix == ".py" and path.parts[0] in FOLDERS
}


def attributes(*without: str) -> set[str]:
    """Return the names of all attributes that the sources read, leaving out some files."""
    text = "\n".join(source for path, source in SOURCES.items() if not path.startswith(without))
    return set(re.findall(r"\.([a-z_0-9]+)\b", text))


def test_every_setting_of_a_deployment_is_read():
    read = set(re.findall(r"\bsettings\.([a-z_]+)", "\n".join(SOURCES.values())))
    assert set(Settings.model_fields) - read == set()


def test_every_variable_that_the_sources_name_can_be_set():
    named = set(re.findall(r"\bWARDSHIP_([A-Z_]+[A-Z])\b", "\n".join(SOURCES.values())))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_setting_of_an_organisation_can_be_set_is_shown_and_is_read():
    given = {item.name for item in dataclasses.fields(UpdateOrganisationSettingsInput)}
    shown = {item.name for item in dataclasses.fields(ShownSettings)}
    assert given == shown == set(SETTINGS)
    elsewhere = attributes("tenants/organisations/", "graphql/organisations/") | named_in_data()
    assert set(SETTINGS) <= elsewhere


def named_in_data() -> set[str]:
    """Return the settings of organisations that are read by a name in a statement or a table."""
    text = "\n".join(SOURCES.values())
    regimes = msgspec.json.decode(files("wardship.tenants.requests").joinpath("regimes.json").read_bytes())["regimes"]
    by_table = {regime["days_setting"] for regime in regimes if "days_setting" in regime}
    assert by_table
    return by_table | set(re.findall(r"\bo(?:rganisation)?\.settings ->>? '([a-z_]+)'", text))


def test_every_setting_of_an_organisation_that_is_read_can_be_set():
    assert named_in_data() <= set(SETTINGS)


@pytest.mark.parametrize("limits", [Limits, DispatchLimits, ClientLimits, NetworkPolicy])
def test_every_limit_is_read(limits):
    assert {item.name for item in dataclasses.fields(limits)} <= attributes()
