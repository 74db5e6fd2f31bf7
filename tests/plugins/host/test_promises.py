"""A declaration says only what holds: what does not is refused, or under contract 1 warned of, when it loads."""

from __future__ import annotations

import json

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN, FakeVendor
from wardship.app.commands.plugin import list_plugins
from wardship.plugins.api import (
    STANDARD_FIELDS,
    Connector,
    Identifier,
    Outcome,
    Provides,
    Receives,
    Recipient,
    hookimpl,
)
from wardship.plugins.host.registry import LoadState, Registry
from wardship.tenants.members.fields import member_fields

NAME, CONTACT = MANIFEST.receives
HERE = "tests/plugins/host/test_promises.py"


class Sparse(Connector):
    """Has none of the methods that the manifest promises."""

    async def check(self) -> Outcome:
        return Outcome.completed()


class NeedsSettings(Sparse):
    def __init__(self, context) -> None:
        super().__init__(context)
        self.url = context.settings.server_url


class Plugin:
    def __init__(self, connector=FakeVendor, **parts: object) -> None:
        self.manifest, self.connector = MANIFEST.model_copy(update=parts), connector

    @hookimpl
    def wardship_receives(self):
        return self.manifest

    @hookimpl
    def wardship_revokes(self):
        return PLAN

    @hookimpl
    def wardship_connector(self, context):
        return self.connector(context)


def loaded(contract: int, connector=FakeVendor, **parts: object):
    return Registry().register(Plugin(connector, contract=contract, **parts), MANIFEST.key)


def entry(**changes: object) -> tuple[Receives, ...]:
    return (NAME, CONTACT.model_copy(update=changes))


def about(category: str, *fields: str) -> tuple[Receives, ...]:
    return (NAME, CONTACT, CONTACT.model_copy(update={"category": category, "fields": fields, "purpose": "sales"}))


UNKEPT = [
    (
        {"receives": about("user.contact.address", "street")},
        (
            "receives[2].fields: 'street' is kept of nobody, so it is never sent;"
            " declare postal_address as user.contact.address"
        ),
    ),
    (
        {"receives": about("user.contact.url", "website")},
        "receives[2].fields: 'website' is kept of nobody, so it is never sent; take it out",
    ),
    (
        {"receives": entry(audience="groups")},
        "receives[1].audience: nothing about groups is sent; declare members: who installs it may choose one group",
    ),
    (
        {"receives": entry(audience="contacts")},
        "receives[1].audience: no kind of contact is named, so nobody's is sent; name them in contacts",
    ),
    (
        {"contacts": ("billing",)},
        "contacts: no entry is about contacts, so none is sent; give an entry audience=contacts",
    ),
    (
        {"identifiers": (Identifier(type="username"),)},
        (
            "identifiers[0]: the username is no field that is received, so it is never sent;"
            " declare the field too, or take the identifier out"
        ),
    ),
    (
        {"provides": (Provides(category="user.behavior", fields=("visits",), purpose="analytics"),)},
        "provides: nothing can come in; implement receive and set supports.receive, or take it out",
    ),
    (
        {"receives": entry(onward_recipients=("Broker Inc",))},
        (
            "receives[1].onward_recipients[0]: 'Broker Inc' says neither country nor safeguard;"
            " write Recipient(name=…, country=…, safeguard=…)"
        ),
    ),
]


@pytest.mark.parametrize(("parts", "told"), UNKEPT)
def test_what_does_not_hold_is_refused_with_file_entry_and_remedy(parts, told):
    found = loaded(2, **parts)
    assert (found.state, found.reason) == (LoadState.LOAD_FAILED, f"{HERE}: {told}")


@pytest.mark.parametrize(("parts", "told"), UNKEPT)
def test_under_contract_1_it_is_loaded_with_a_warning(parts, told):
    found = loaded(1, **parts)
    assert (found.state, found.warnings) == (LoadState.LOADED, (f"{HERE}: {told}",))


def test_a_method_that_is_promised_and_missing_is_refused_by_name():
    found = loaded(2, Sparse)
    assert found.state is LoadState.LOAD_FAILED
    line = found.reason.split("\n")[0]
    assert line.startswith(f"{HERE}: receives: Sparse has no method share (line ")
    assert line.endswith("); write `async def share`, or promise less")
    assert [told.split(": ")[1] for told in loaded(1, Sparse).warnings] == [
        "receives",
        "supports.revoke",
        "supports.export",
        "supports.correct",
        "supports.restrict",
        "supports.erase",
        "supports.attest",
        "supports.reconcile",
    ]


def test_who_takes_objections_needs_restrict():
    class WithoutRestrict(FakeVendor):
        restrict = Connector.restrict

    supports = MANIFEST.supports.model_copy(update={"restrict": False, "object": True})
    found = loaded(2, WithoutRestrict, supports=supports)
    assert "supports.object: " in found.reason
    assert "has no method restrict" in found.reason
    assert loaded(1, WithoutRestrict, supports=supports).warnings == ()


def test_a_connector_that_reads_its_settings_when_it_is_made_is_not_looked_at():
    found = loaded(2, NeedsSettings)
    assert (found.state, found.warnings) == (LoadState.LOADED, ())


def test_a_sound_declaration_has_no_warning():
    recipient = Recipient(name="Broker Inc", country="US", safeguard="standard_clauses")
    found = loaded(2, receives=entry(onward_recipients=(recipient,)))
    assert (found.reason, found.warnings) == (None, ())


def test_what_can_be_sent_is_exactly_what_is_kept_of_members():
    assert {name for name, field in STANDARD_FIELDS.items() if field.is_kept} == set(member_fields())


def test_all_that_ship_say_only_what_holds():
    assert [(item.reason, item.warnings) for item in Registry.load().all()] == [(None, ())] * 2


def test_the_command_line_shows_warnings(monkeypatch, capsys):
    registry = Registry()
    registry.register(Plugin(contract=1, contacts=("billing",)), MANIFEST.key)
    monkeypatch.setattr(Registry, "load", lambda: registry)
    words = "contacts: no entry is about contacts, so none is sent; give an entry audience=contacts"
    capsys.readouterr()
    list_plugins(as_json=False)
    assert f"  warning: {HERE}: {words}\n" in capsys.readouterr().out
    list_plugins(as_json=True)
    (item,) = json.loads(capsys.readouterr().out)
    assert item["warnings"] == [f"{HERE}: {words}"]
