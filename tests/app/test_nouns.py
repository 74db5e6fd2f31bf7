"""Our own nouns: every folder is in the list, everything that they hold is registered once, in any order of imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pluggy
import pytest

from wardship.app.application import api_schema
from wardship.app.nouns import API_NOUNS, NOUNS, domain_nouns
from wardship.core.database.personal_data import DeclaredTable
from wardship.core.nouns import NounManager, RegisteredTwiceError, hookimpl
from wardship.graphql.api.nouns import ApiParts, api_parts
from wardship.plugins.api import Verb
from wardship.tenants.nouns import Nouns

ROOT = Path(__file__).resolve().parents[2]
NO_NOUNS = {f"tenants.{name}" for name in ("limitations", "matching", "migrations", "overview", "previews")}
BASES = {"DirectoryTable", "TenantRows", "TenantTable"}


def _folders() -> set[str]:
    """Return the folders that are nouns: those of the core that register something, and each of the domain."""
    core = {f"core.{path.parent.name}" for path in (ROOT / "core").glob("*/noun.py")}
    return core | {f"tenants.{path.parent.name}" for path in (ROOT / "tenants").glob("*/__init__.py")} - NO_NOUNS


def _folders_of_api() -> set[str]:
    """Return the folders of the API that have types, or what is asked and done."""
    found = [path for name in ("model", "mutations") for path in (ROOT / "graphql").glob(f"*/{name}.py")]
    return {f"graphql.{path.parent.name}" for path in found}


def _classes(*folders: str) -> list[tuple[str, ast.ClassDef]]:
    """Return each class of these folders with the module in which it stands."""
    found = []
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            module = "wardship." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
            tree = ast.parse(path.read_text("utf-8"))
            found += [(module, node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return found


def _names(items) -> list[tuple[str, str]]:
    return sorted((item.__module__, item.__name__) for item in items)


def test_every_folder_that_is_a_noun_is_in_the_list_once():
    assert sorted(NOUNS) == sorted(_folders())
    assert sorted(API_NOUNS) == sorted(_folders_of_api())


def test_every_table_class_is_registered_once():
    declared = [
        (module, node.name)
        for module, node in _classes("core", "tenants")
        if module != "wardship.core.database.tables"
        and {base.id for base in node.bases if isinstance(base, ast.Name)} & BASES
    ]
    assert _names(domain_nouns().tables) == sorted(declared)


def test_every_refusal_of_the_domain_is_known():
    declared = [(module, node.name) for module, node in _classes("tenants") if node.name.endswith("Error")]
    assert _names(domain_nouns().refusals) == sorted(declared)


def test_every_field_that_a_noun_of_the_api_declares_is_registered():
    declared = [
        (module, node.name)
        for module, node in _classes(*(name.replace(".", "/") for name in API_NOUNS))
        if node.name.endswith(("Queries", "Mutations", "Subscriptions"))
        or any(isinstance(found, ast.Call) and ast.unparse(found.func) == "extends" for found in node.decorator_list)
    ]
    parts = api_parts(API_NOUNS)
    registered = [*parts.queries, *parts.mutations, *parts.subscriptions, *parts.extensions]
    assert _names(registered) == sorted(declared)


def test_every_type_that_node_finds_has_its_loader():
    schema = api_schema()._schema
    found = {item.name for item in schema.get_possible_types(schema.type_map["Node"])}
    assert set(api_parts(API_NOUNS).node_loaders) == found


def test_nouns_are_asked_in_the_order_of_the_list():
    owners = [table.__module__.removeprefix("wardship.").removesuffix(".noun") for table in domain_nouns().tables]
    assert owners == sorted(owners, key=NOUNS.index)
    listeners = [listener.__module__.split(".")[2] for listener in domain_nouns().member_listeners]
    assert listeners == [
        "organisations",
        "members",
        "groups",
        "groups",
        "invitations",
        "provisioning",
        "account_claims",
        "account_claims",
        "single_sign_on",
        "content",
        "egress",
        "obligations",
        "installation_lifecycle",
        "requests",
    ]


def test_mail_is_sent_after_the_other_sweeps():
    assert domain_nouns().duties.sweeps[-1].__name__ == "deliver_mail"


@pytest.mark.parametrize("first", ["tenants.fulfilment.noun", "core.mail.noun", "tenants.members.read"])
def test_what_was_imported_before_makes_no_difference(first):
    program = (
        f"import wardship.{first}\nfrom wardship.app.nouns import domain_nouns\nnouns = domain_nouns()\n"
        "print([entry.name for entry in nouns.held], [str(item) for item in nouns.tables],"
        " [item.__qualname__ for item in (*nouns.member_listeners, *nouns.duties.sweeps)],"
        " sorted(item.__name__ for item in nouns.refusals))"
    )
    here = domain_nouns()
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - our own text
    assert done.stdout == (
        f"{[entry.name for entry in here.held]} {[str(item) for item in here.tables]}"
        f" {[item.__qualname__ for item in (*here.member_listeners, *here.duties.sweeps)]}"
        f" {sorted(item.__name__ for item in here.refusals)}\n"
    )


@pytest.mark.parametrize("first", ["graphql.requests.inputs", "graphql.invitations.model", "tenants.exports.download"])
def test_schema_does_not_depend_on_what_was_imported_before(first):
    program = f"import wardship.{first}\nfrom wardship.app.application import api_schema\nprint(api_schema().as_str())"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - our own text
    assert done.stdout == f"{api_schema().as_str()}\n"


def _noun(monkeypatch: pytest.MonkeyPatch, name: str, **hooks) -> str:
    module = SimpleNamespace(**{hook: hookimpl(function) for hook, function in hooks.items()})
    monkeypatch.setitem(sys.modules, name, module)
    return name


def test_table_that_two_nouns_bring_is_refused(monkeypatch):
    class Planted(DeclaredTable):
        pass

    names = [_noun(monkeypatch, name, wardship_tables=lambda: (Planted,)) for name in ("one", "another")]
    with pytest.raises(RegisteredTwiceError, match="Planted"):
        _ = NounManager(names).tables


def test_follow_up_for_one_verb_that_two_nouns_bring_is_refused(monkeypatch):
    for name in ("one", "another"):
        _noun(monkeypatch, f"wardship.{name}.noun", wardship_follow_ups=lambda: {Verb.EXPORT: lambda: None})
    with pytest.raises(RegisteredTwiceError, match="export"):
        _ = Nouns(["one", "another"]).duties


def test_loader_of_one_type_that_two_nouns_bring_is_refused(monkeypatch):
    for name in ("one", "another"):
        parts = ApiParts(node_loaders={"Member": lambda: None})
        _noun(monkeypatch, f"wardship.{name}", wardship_api=lambda parts=parts: parts)
    with pytest.raises(RegisteredTwiceError, match="Member"):
        api_parts(["one", "another"])


def test_hook_that_nothing_calls_is_refused(monkeypatch):
    with pytest.raises(pluggy.PluginValidationError, match="wardship_unheard"):
        NounManager([_noun(monkeypatch, "one", wardship_unheard=lambda: ())])
