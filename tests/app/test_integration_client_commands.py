"""`wardship integration-client` as an operator types it: the secret is asked for, kept, and shown to nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.conftest import Deployed
from tests.app.programs import ROOT, run
from tests.app.test_cli import one_line
from tests.fakes import let_in_plugin
from tests.fakes.vendor_plugin import write_distribution

SECRET = "s3cret-of-the-vendor"
SET = ("integration-client", "set", "let_in", "--client-id", "wardship")


@pytest.fixture
def env(shared: Deployed, tmp_path: Path) -> dict[str, str]:
    write_distribution(tmp_path, let_in_plugin.__name__, "let_in", "let-in")
    return {**shared.env, "PYTHONPATH": f"{tmp_path}:{ROOT}"}


def test_a_client_is_kept_listed_and_removed_and_its_secret_shown_nowhere(env):
    made = run(*SET, env=env, text=f"{SECRET}\n")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("Register this address with the vendor: http")
    assert made.stdout.rstrip().endswith("/oauth/connect/callback/let_in")
    listed = run("integration-client", "list", "--json", env=env)
    (known,) = json.loads(listed.stdout)
    assert (known["integration_key"], known["client_id"], known["is_set"]) == ("let_in", "wardship", False)
    removed = run("integration-client", "remove", "let_in", env=env)
    assert removed.returncode == 0, removed.stderr
    assert json.loads(run("integration-client", "list", "--json", env=env).stdout) == []
    for done in (made, listed, removed):
        assert SECRET not in done.stdout + done.stderr


def test_what_can_not_be_kept_is_refused_in_a_line(env):
    for arguments, words in (
        (("integration-client", "set", "address_book", "--client-id", "x"), "demands no OAuth of this deployment"),
        (("integration-client", "set", "nothing", "--client-id", "x"), "no package on this server provides"),
    ):
        done = run(*arguments, env=env, text="secret\n")
        assert done.returncode == 1
        assert words in one_line(done)
    done = run("integration-client", "remove", "let_in", env=env)
    assert "No client is kept for let_in" in one_line(done)
    wrong = '[{"integration": "let_in", "client_id": "a b ", "client_secret": "s"}]'
    done = run("integration-client", "list", env={**env, "WARDSHIP_OAUTH_CLIENTS": wrong})
    assert "WARDSHIP_OAUTH_CLIENTS" in one_line(done)
