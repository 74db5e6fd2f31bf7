"""How a plugin is named, and what is said where there is none."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext

import pytest

from wardship.plugins.kit import KitSetupError, check_conformance
from wardship.plugins.kit.scaffold.writing import write_scaffold
from wardship.plugins.kit.target import find_target, named_settings


def test_an_installed_key_a_module_and_a_file_are_found(right):
    assert find_target("calendar").key == "calendar"
    assert find_target("wardship.plugins.calendar").key == "calendar"
    assert find_target(right.module.__file__).key == "acme"
    assert find_target(right.module).plugin is right.module


def test_a_project_is_found_with_its_settings(tmp_path):
    found = find_target(str(write_scaffold("beta-mail", tmp_path)))
    assert (found.key, found.distribution) == ("beta_mail", "wardship-beta-mail")
    assert callable(found.settings)
    with found.settings() as values:
        assert values["token"] == "token-for-tests"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("no.such.module", "no.such.module can't be imported: ModuleNotFoundError"),
        ("nothing.py", "nothing.py is no Python file"),
    ],
)
def test_what_is_not_there_is_told_in_a_line(target, words):
    with pytest.raises(KitSetupError, match=words):
        find_target(target)


def test_a_project_without_an_entry_point_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    with pytest.raises(KitSetupError, match="names no entry point in the group"):
        find_target(str(tmp_path))


def test_a_file_that_fails_is_told_with_its_error(tmp_path):
    (tmp_path / "broken.py").write_text("raise RuntimeError('at import')")
    with pytest.raises(KitSetupError, match="can't be imported: RuntimeError: at import"):
        find_target(str(tmp_path / "broken.py"))


def test_a_server_that_is_not_there_is_told(tmp_path):
    (tmp_path / "server.py").write_text("")
    with pytest.raises(KitSetupError, match="name a file and a function in it"):
        named_settings("server.py:running", tmp_path)


def test_a_folder_without_a_project_and_a_project_that_is_none_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KitSetupError, match="is no project: there is no pyproject"):
        find_target(".")
    (tmp_path / "pyproject.toml").write_text("[project")
    with pytest.raises(KitSetupError, match="can't be read"):
        find_target(".")


def test_a_server_that_does_not_start_or_gives_no_settings_is_told(right):
    @contextmanager
    def broken():
        raise OSError("the port is taken")
        yield {}

    with pytest.raises(KitSetupError, match="the server for tests did not start: OSError: the port is taken"):
        check_conformance(right.module, broken)
    with pytest.raises(KitSetupError, match="settings are a dictionary of all fields, not str"):
        check_conformance(right.module, lambda: nullcontext("http://127.0.0.1"))


def test_a_class_of_plugins_is_taken_and_a_connector_is_refused(right):
    class Plugin:
        wardship_receives = staticmethod(right.module.wardship_receives)

    assert isinstance(find_target(Plugin).plugin, Plugin)
    with pytest.raises(KitSetupError, match="Acme is a connector: name the module"):
        find_target(right.module.Acme)


def test_a_project_is_its_own_although_another_of_its_name_was_imported(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        folder = write_scaffold("gamma", tmp_path / name)
        module = find_target(str(folder)).plugin
        assert module.__file__ == str(folder / "gamma_wardship.py")
