from __future__ import annotations

import sys
import types
from importlib.metadata import EntryPoint, entry_points

import pytest

from tests.fakes import vendor_plugin
from tests.fakes.vendor_plugin import MANIFEST, PLAN, write_distribution
from tests.plugins.shipped import shipped
from wardship.plugins.api import Manifest, RevocationPlan, Settings, hookimpl
from wardship.plugins.host.registry import IntegrationUnavailableError, LoadState, Registry

GROUP = "wardship.integrations"


class Plugin:
    """The strict vendor's plugin, with parts that a test replaces."""

    def __init__(self, manifest: object = MANIFEST, plan: object = PLAN) -> None:
        self.manifest, self.plan = manifest, plan

    @hookimpl
    def wardship_receives(self):
        if isinstance(self.manifest, BaseException):
            raise self.manifest
        return self.manifest

    @hookimpl
    def wardship_revokes(self):
        return self.plan

    @hookimpl
    def wardship_connector(self, context):
        return vendor_plugin.FakeVendor(context)


class WithoutPlan:
    @hookimpl
    def wardship_receives(self):
        return MANIFEST

    @hookimpl
    def wardship_connector(self, context):
        return vendor_plugin.FakeVendor(context)


class UnknownHook(Plugin):
    @hookimpl
    def wardship_steals(self):
        return None


class UnknownArgument(WithoutPlan):
    @hookimpl
    def wardship_revokes(self, everything):
        return everything


def changed(**parts: object) -> Manifest:
    return MANIFEST.model_copy(update=parts)


class NestedSecret(Settings):
    server_url: vendor_plugin.HttpUrl
    nested: dict[str, vendor_plugin.SecretStr]


class Thawed(Settings, frozen=False):
    server_url: vendor_plugin.HttpUrl


def reason_of(plugin: object) -> str:
    registry = Registry()
    registry.register(vendor_plugin, "neighbour_is_broken_too")
    loaded = registry.register(plugin, vendor_plugin.KEY)
    assert loaded.state is LoadState.LOAD_FAILED
    assert loaded.manifest is None
    assert registry.get(vendor_plugin.KEY) is loaded
    assert loaded.reason is not None
    return loaded.reason


def test_what_ships_is_found_by_entry_point():
    registry = Registry.load()
    assert {each.key: each.state for each in registry.all()} == dict.fromkeys(shipped(), LoadState.LOADED)
    assert registry.require("calendar").distribution == "wardship"


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (object(), "the plugin does not implement wardship_receives; mark it with @hookimpl"),
        (WithoutPlan(), "the plugin does not implement wardship_revokes; mark it with @hookimpl"),
        (Plugin(manifest=RuntimeError("boom")), "RuntimeError: boom"),
        (Plugin(manifest=SystemExit(3)), "SystemExit: 3"),
        (Plugin(manifest=GeneratorExit()), "GeneratorExit: "),
        (Plugin(manifest=None), "wardship_receives returned NoneType instead of Manifest"),
        (Plugin(manifest={"key": "x"}), "wardship_receives returned dict instead of Manifest"),
        (Plugin(plan="none"), "wardship_revokes returned str instead of RevocationPlan"),
        (Plugin(changed(contract=3)), "contract version 3 is not supported; this host serves 1, 2"),
        (Plugin(changed(contract=0)), "contract version 0 is not supported; this host serves 1, 2"),
        (Plugin(changed(key="other")), "the manifest's key 'other' must equal the entry point's name 'fake_vendor'"),
        (
            Plugin(changed(host_settings=("token",))),
            "host_settings names 'token', which is not a URL field of the settings",
        ),
        (
            Plugin(changed(place_settings=("list_id",))),
            "place_settings names 'list_id', which is not a field of the settings",
        ),
        (
            Plugin(changed(place_settings=("token",))),
            "place_settings names 'token', which is a secret; name what can be shown",
        ),
        (
            Plugin(changed(settings=NestedSecret)),
            "settings.nested: secrets are declared at the top level only, as SecretStr",
        ),
        (Plugin(changed(settings=Thawed)), "the settings model must stay frozen"),
        (
            Plugin(changed(name="Vendor\u202e")),
            "name: This holds U+202E, a sign that nobody sees: type it again without.",
        ),
        (
            Plugin(changed(vendor=MANIFEST.vendor.model_copy(update={"legal_name": "\u2800"}))),
            "vendor.legal_name: This shows nothing: type at least one sign that is seen.",
        ),
        (
            Plugin(changed(transfer=MANIFEST.transfer.model_copy(update={"country_setting": "where"}))),
            "transfer.country_setting names 'where', which is not a field of the settings",
        ),
        (
            Plugin(changed(supports=MANIFEST.supports.model_copy(update={"erase": "manual"}))),
            "supports.erase and the plan's steps for erase disagree on what is manual",
        ),
        (
            Plugin(changed(supports=MANIFEST.supports.model_copy(update={"attest": "none"}))),
            "the plan promises proof by probe, but supports.attest does not",
        ),
    ],
)
def test_a_broken_plugin_is_a_state_with_a_reason(plugin, reason):
    assert reason_of(plugin) == reason


@pytest.mark.parametrize("plugin", [UnknownHook(), UnknownArgument()])
def test_a_hook_that_the_contract_does_not_know_is_refused(plugin):
    assert reason_of(plugin).startswith("PluginValidationError: ")


def test_a_subclass_of_the_declaration_is_refused():
    class Sly(Manifest):
        pass

    sly = Sly.model_validate(MANIFEST.model_dump() | {"settings": MANIFEST.settings})
    assert reason_of(Plugin(sly)) == "wardship_receives returned Sly instead of Manifest"

    class SlyPlan(RevocationPlan):
        pass

    assert (
        reason_of(Plugin(plan=SlyPlan(steps=PLAN.steps)))
        == "wardship_revokes returned SlyPlan instead of RevocationPlan"
    )


def test_a_declaration_assembled_without_validation_is_checked_all_the_same():
    assert reason_of(Plugin(changed(deadlines="soon"))).startswith("deadlines: ")
    without_steps = reason_of(Plugin(plan=PLAN.model_copy(update={"steps": ()})))
    assert without_steps.endswith("the plan has no step for revoke; say how it is done, if only by hand")


def test_an_interrupt_by_the_operator_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        Registry().register(Plugin(manifest=KeyboardInterrupt()), vendor_plugin.KEY)


def points(*pairs: tuple[str, str]) -> list[EntryPoint]:
    return [EntryPoint(name=name, value=value, group=GROUP) for name, value in pairs]


@pytest.fixture
def broken_modules(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    (tmp_path / "module_that_exits.py").write_text("import sys; sys.exit('gone')")
    (tmp_path / "module_that_raises.py").write_text("raise RuntimeError('at import')")
    (tmp_path / "module_with_syntax_error.py").write_text("def (")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("broken_modules")
def test_a_plugin_that_fails_to_import_harms_no_other():
    registry = Registry.load(
        points(
            ("absent", "no_such_module"),
            ("exits", "module_that_exits"),
            ("raises", "module_that_raises"),
            ("unparsable", "module_with_syntax_error"),
            (vendor_plugin.KEY, "tests.fakes.vendor_plugin"),
        )
    )
    reasons = {each.key: each.reason for each in registry.all() if each.state is LoadState.LOAD_FAILED}
    assert sorted(reasons) == ["absent", "exits", "raises", "unparsable"]
    assert reasons["absent"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert reasons["exits"] == "SystemExit: gone"
    assert reasons["raises"] == "RuntimeError: at import"
    assert (reasons["unparsable"] or "").startswith("SyntaxError: ")
    assert registry.require(vendor_plugin.KEY).manifest == MANIFEST


def test_a_package_on_the_path_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path):
    write_distribution(tmp_path, "tests.fakes.vendor_plugin")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = [point for point in entry_points(group=GROUP) if point.name == vendor_plugin.KEY]
    loaded = Registry.load(found).require(vendor_plugin.KEY)
    assert loaded.distribution == "fake-vendor"


def test_a_clash_leaves_the_first_and_shows_the_second(monkeypatch: pytest.MonkeyPatch, tmp_path):
    write_distribution(tmp_path, "tests.fakes.vendor_plugin", key="calendar", name="impostor")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry = Registry.load()
    assert registry.require("calendar").distribution == "wardship"
    refused = registry.get("calendar@impostor")
    assert refused.state is LoadState.LOAD_FAILED
    assert refused.reason == (
        "the key 'calendar' is already taken by wardship; rename the entry point and the manifest's key"
    )


def test_registering_a_taken_key_is_refused_and_changes_nothing():
    registry = Registry()
    first = registry.register(vendor_plugin, vendor_plugin.KEY)
    assert registry.register(Plugin(), vendor_plugin.KEY).state is LoadState.LOAD_FAILED
    assert registry.get(vendor_plugin.KEY) is first


def test_an_absent_package_is_a_failed_state_and_can_not_be_required():
    registry = Registry()
    gone = registry.get("departed")
    assert gone.state is LoadState.LOAD_FAILED
    assert gone.reason == "no package on this server provides the integration 'departed'"
    assert registry.all() == ()
    with pytest.raises(IntegrationUnavailableError, match="departed can't be used: no package"):
        registry.require("departed")
    with pytest.raises(LookupError):
        _ = gone.declaration


def test_a_long_reason_is_cut():
    assert len(reason_of(Plugin(manifest=RuntimeError("x" * 5000)))) == 500


def test_a_module_is_a_plugin():
    module = types.ModuleType("made_up")
    assert module not in sys.modules.values()
    module.wardship_receives = vendor_plugin.wardship_receives
    module.wardship_revokes = vendor_plugin.wardship_revokes
    module.wardship_connector = vendor_plugin.wardship_connector
    assert Registry().register(module, vendor_plugin.KEY).state is LoadState.LOADED
