"""`wardship plugin new`, `check` and `call` as a vendor types them; none needs a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.programs import environment, run
from tests.plugins.kit.served import serving

SECRET = "whsec_" + "c2VjcmV0" * 5


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "untouched")


@pytest.fixture
def project(tmp_path: Path, env: dict[str, str]) -> Path:
    done = run("plugin", "new", "acme", "--into", str(tmp_path), env=env)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "wardship-acme"
    assert done.stdout.splitlines()[0] == f"Written to {folder}. Next:"
    return folder


def test_new_check_and_call_work_without_a_database(project, env, tmp_path):
    done = run("plugin", "check", str(project), "--level", "gold", env=env)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.splitlines()[-1] == "Level: gold."
    done = run("plugin", "call", "share", "erase", "attest", "--plugin", str(project), "--json", env=env)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert [each["verb"] for each in made] == ["share", "erase", "attest"]
    assert [request["method"] for request in made[1]["requests"]] == ["GET", "DELETE"]
    assert made[2]["basis"] == "absent_where_found"
    assert not (tmp_path / "untouched").exists()


def test_a_report_for_machines_is_one_json_value_and_a_failure_is_status_1(project, env):
    module = project / "acme_wardship.py"
    module.write_text(
        module.read_text().replace("at=self.context.now()", "at=__import__('datetime').datetime.now().astimezone()")
    )
    done = run("plugin", "check", str(project), "--json", "--level", "gold", env=env)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["level"] == "silver"
    assert [each["rule"] for each in told["rules"] if each["status"] == "failed"] == ["host-clock"]
    done = run("plugin", "check", str(project), "--level", "gold", "--exempt", "host-clock=no clock", env=env)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Level: gold, with 1 rules exempt.")


def test_a_call_about_somebody_says_what_went_over_the_wire(project, env):
    person = ("--subject", "person-00042", "--field", "email=ada@example.org")
    done = run("plugin", "call", "share", "export", "--plugin", str(project), *person, env=env)
    assert done.returncode == 0, done.stderr
    assert "share: completed, 1 records\n  PUT /v1/subjects/person-00042 -> 200\n" in done.stdout
    assert '"value":"ada@example.org"' in done.stdout


def test_a_crash_is_shown_with_its_traceback_and_is_status_1(project, env):
    module = project / "acme_wardship.py"
    module.write_text(module.read_text().replace("return Outcome.completed(len(share.records))", "return 1 / 0"))
    done = run("plugin", "call", "share", "--plugin", str(project), env=env)
    assert done.returncode == 1
    assert "share: failed (crash)" in done.stdout
    assert "ZeroDivisionError: division by zero" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "Acme Corp", "--remote"], "can't be the key of an integration"),
        (
            ["check", "http://127.0.0.1:1/x", "--signing-secret", SECRET],
            "can't be read (ConnectError): does the server",
        ),
        (["check", "http://8.8.8.8/x", "--signing-secret", SECRET], "can't be read: http to 8.8.8.8 is not allowed"),
        (["new", "Acme Corp"], "can't be the key of an integration"),
        (["check", "no.such.module"], "no.such.module can't be imported: ModuleNotFoundError"),
        (["check", "calendar", "--exempt", "slow"], "'slow' is not of the form NAME=VALUE"),
        (["call", "share", "--plugin", "calendar"], "say which account to use"),
    ],
)
def test_what_can_not_be_done_is_one_line(env, arguments, words):
    done = run("plugin", *arguments, env=env)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("wardship: ")
    assert words in line
    assert SECRET not in line


def test_a_field_that_is_not_declared_is_refused_with_those_that_are(project, env):
    done = run("plugin", "call", "share", "--plugin", str(project), "--field", "phone=1", env=env)
    assert done.returncode == 1
    assert "does not declare the field 'phone'; it declares: email, first_name, last_name" in done.stderr


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_secret_is_cut_out_of_what_a_call_shows(project, env, form):
    module = project / "acme_wardship.py"
    text = module.read_text()
    logged = "self.context.log.info('with', token=self.context.secret('token'))\n        for each in share.records:"
    module.write_text(text.replace("for each in share.records:", logged))
    done = run("plugin", "call", "share", "--plugin", str(project), *form, env=env)
    assert done.returncode == 0, done.stderr
    assert "with {'token': '[cut]'}" in done.stdout
    assert "token-for-tests" not in done.stdout + done.stderr


def test_describe_says_a_declaration_and_what_is_different_from_an_earlier_one(project, env, tmp_path):
    said = run("plugin", "describe", str(project), env=env)
    assert (said.returncode, said.stderr) == (0, "")
    assert "What it receives\n- " in said.stdout
    kept = tmp_path / "earlier.json"
    told = json.loads(run("plugin", "describe", str(project), "--json", env=env).stdout)
    assert "\n".join(f"- {line}" for line in told["words"]["sections"][0]["lines"]) in said.stdout
    told["manifest"]["receives"][0]["retention_days"] += 30
    kept.write_text(json.dumps(told))
    done = run("plugin", "describe", str(kept), "--against", str(project), env=env)
    assert done.returncode == 1, done.stderr
    *table, blank, sentence, _, conclusion = done.stdout.splitlines()
    assert table[2].startswith("| more | Keeping of ")
    assert (blank, conclusion) == ("", "1 of 1 have to be approved.")
    assert sentence.endswith("This takes more, or gives less.")
    back = run("plugin", "describe", str(project), "--against", str(kept), env=env)
    assert (back.returncode, back.stdout.splitlines()[-1]) == (0, "Nothing of it has to be approved.")
    (difference,) = json.loads(
        run("plugin", "describe", str(project), "--against", str(kept), "--json", env=env).stdout
    )
    assert (difference["kind"], difference["effect"]) == ("retention", "narrower")
    same = run("plugin", "describe", str(project), "--against", str(project), env=env)
    assert (same.returncode, same.stdout) == (0, "Nothing is different.\n")


def test_describe_says_what_is_wrong_in_a_file(env, tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text('{"manifest": {"key": "Acme"}}')
    done = run("plugin", "describe", str(kept), env=env)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "manifest.vendor: Field required" in done.stderr
    assert "revocation_plan: this part is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_remote_integration_is_written_checked_and_called(env, tmp_path):
    done = run("plugin", "new", "acme", "--remote", "--into", str(tmp_path), env=env)
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "wardship-acme"
    assert done.stdout.splitlines()[0] == f"Written to {folder}. Next:"
    settings = ("--settings", str(folder / "sandbox.json"))
    with serving(folder) as target:
        signed = env | {"WEBHOOK_SIGNING_SECRET": target.signing_secret}
        done = run("plugin", "check", target.url, *settings, "--level", "gold", env=signed)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert done.stdout.splitlines()[-1] == "Level: gold."
        other = ("--signing-secret", SECRET)
        done = run("plugin", "check", target.url, *settings, *other, env=signed)
        assert done.returncode == 1
        assert "FAILED  bronze  check-succeeds" in done.stdout
        for wrong in ((), ("--signing-secret", "hunter2")):
            done = run("plugin", "check", target.url, *settings, *wrong, env=env)
            assert (done.returncode, done.stdout) == (1, "")
            assert "give its secret, whsec_ and base64, in WEBHOOK_SIGNING_SECRET" in done.stderr
            assert "hunter2" not in done.stderr
        done = run("plugin", "call", "check", "--plugin", target.url, *settings, env=env)
        assert (done.returncode, done.stdout) == (1, "")
        assert "messages to a remote integration are signed" in done.stderr
        done = run("plugin", "describe", target.url, env=env)
        assert (done.returncode, done.stderr) == (0, "")
        assert "first name" in done.stdout.lower()
        done = run(
            "plugin", "call", "share", "export", "erase", "--plugin", target.url, *settings, "--json", env=signed
        )
    assert done.returncode == 0, done.stderr
    assert [each["outcome"]["status"] for each in json.loads(done.stdout)] == ["completed"] * 3
    for text in (done.stdout, done.stderr):
        assert target.signing_secret not in text
        assert "key-for-tests" not in text
