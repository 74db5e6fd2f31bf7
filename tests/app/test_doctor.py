"""`wardship doctor`: sound where all is, and for each thing that is broken the finding that says what to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests.app.conftest import Deployed
from tests.app.programs import free_port, rows, run
from tests.fixed_clock import FixedClock
from wardship.app import deployment
from wardship.app.doctor import Finding, examine
from wardship.core.clock import SystemClock
from wardship.core.database.embedded import ROLE_OWNER, EmbeddedPostgres
from wardship.core.settings import Settings

CHECKS = [
    "pooler", "PostgreSQL", "letters", "clocks", "migrations", "tenant isolation", "organisations", "privacy team",
    "mail queue", "obligations", "keys", "integrations", "development mode", "resolvers",
    "mail",
]  # fmt: skip
INSTALLATION = """
    with made as (
        insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest, plan,
            declaration_digest, audience, state, place_id)
        select id, id, now(), 'calendar', '1', '{}', '{}', '', 'organisation', 'active', id from organisation
        where kind = 'customer'
    )
    insert into installation_place (organisation_id, id, created_at, installation_id)
        select id, id, now(), id from organisation where kind = 'customer'
"""
OBLIGATION = """
    insert into obligation (organisation_id, id, created_at, installation_id, place_id, verb, dedupe_key,
        submitted_at, due_at, next_at)
    select organisation_id, id, now(), id, id, 'check', 'key', now() - interval '1 hour', now(),
        now() - interval '6 minutes'
    from installation
"""
MAIL = """
    insert into outgoing_mail (id, created_at, recipient, content, next_at)
    select gen_random_uuid(), now(), 'a@b.example', 'sealed', now() - interval '6 minutes'
"""
AWAITED = """
    insert into appointment (id, created_at, address, staff_role, expires_at)
    select gen_random_uuid(), now(), 'pat@provider.example', 'privacy_team', now() + interval '1 day'
"""
# What is broken by which statements, how it is mended, which check finds it, and words of what is said.
BREAKAGES = {
    "a migration has not run": (
        ["delete from migration where name = (select max(name) from migration)"],
        "migrations", ["1 to run", "`wardship migrate`"],
    ),
    "a policy was dropped": (
        ["drop policy tenant_isolation on post"],
        "tenant isolation", ["post has no policy", "docs/deployment.md"],
    ),
    "row-level security is not forced": (
        ["alter table member no force row level security"],
        "tenant isolation", ["member does not force", "docs/deployment.md"],
    ),
    "the serving role bypasses policies": (
        ["alter role wardship_serve bypassrls"],
        "tenant isolation", ["is, or can become, wardship_serve", "docs/deployment.md"],
    ),
    "nobody is of the privacy team": (
        ["delete from staff where role = 'privacy_team'"],
        "privacy team", ["nobody decides", "`wardship staff add EMAIL` appoints somebody"],
    ),
    "who was appointed to the privacy team has not come": (
        ["delete from staff where role = 'privacy_team'", AWAITED],
        "privacy team", ["nobody decides", "`wardship staff add EMAIL` writes again"],
    ),
    "mail is overdue": ([MAIL], "mail queue", ["1 overdue", "worker", "WARDSHIP_SMTP_URL"]),
    "obligations are overdue": ([INSTALLATION, OBLIGATION], "obligations", ["2 overdue", "is a worker running?"]),
}  # fmt: skip


@pytest.fixture
def database(deployed: Deployed) -> Iterator[EmbeddedPostgres]:
    """The deployment's server, held so that it isn't started for every look."""
    with EmbeddedPostgres.start(deployed.data / "postgres") as server:
        yield server


def examined(deployed: Deployed, **changes) -> list[Finding]:
    return asyncio.run(examine(Settings(data_dir=deployed.data, **changes)))


def faults(findings: list[Finding]) -> list[str]:
    return [finding.subject for finding in findings if not finding.is_sound]


@pytest.mark.parametrize(
    ("servers", "is_sound", "words"),
    [
        (["192.0.2.1", "192.0.2.2"], True, "two can agree"),
        (["validating@127.0.0.1"], True, "one signs it"),
        (["192.0.2.1"], False, "WARDSHIP_DNS_SERVERS"),
        (["192.0.2.1", "192.0.2.1:53"], False, "name two"),
    ],
)
def test_resolvers_that_can_prove_no_domain_are_told(deployed: Deployed, servers, is_sound, words):
    findings = examined(deployed, dns_servers=servers)
    assert faults(findings) == ([] if is_sound else ["resolvers"])
    [says] = [finding.message for finding in findings if finding.subject == "resolvers"]
    assert words in says


def test_sound_deployment_is_found_sound_and_every_check_is_told(deployed: Deployed):
    done = run("doctor", "--json", env=deployed.env)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [item["subject"] for item in told] == CHECKS
    assert all(item["is_sound"] for item in told)


def test_unsound_deployment_is_status_1_with_what_to_do(deployed: Deployed):
    rows(deployed.data, "drop policy tenant_isolation on post")
    (deployed.data / "secret-key").chmod(0o644)
    done = run("doctor", env=deployed.env)
    assert (done.returncode, done.stderr) == (1, "")
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert [line.split(":")[0] for line in failed] == ["FAIL tenant isolation", "FAIL keys"]
    assert "docs/deployment.md" in failed[0]
    assert "chmod 600" in failed[1]
    assert len(done.stdout.splitlines()) == len(CHECKS)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("what", BREAKAGES)
def test_each_broken_thing_is_found_and_nothing_else(deployed: Deployed, what: str):
    statements, check, words = BREAKAGES[what]
    for statement in statements:
        rows(deployed.data, statement)
    findings = examined(deployed)
    assert faults(findings) == [check]
    [says] = [finding.message for finding in findings if finding.subject == check]
    assert [word for word in words if word not in says] == []


def test_address_of_the_owner_in_place_of_the_serving_role_is_found(deployed: Deployed, database):
    url = f"postgresql://{ROLE_OWNER}@/wardship?host={database.socket_dir}"
    findings = examined(deployed, database_url=url, secret_key="x" * 40)
    assert "tenant isolation" in faults(findings)
    [says] = [finding.message for finding in findings if finding.subject == "tenant isolation"]
    assert "belongs to the serving role" in says


@pytest.mark.usefixtures("database")
def test_clocks_that_differ_are_found(deployed: Deployed, monkeypatch: pytest.MonkeyPatch):
    late = FixedClock(SystemClock().now().replace(year=2020))
    monkeypatch.setattr(deployment, "SystemClock", lambda: late)
    findings = examined(deployed)
    assert faults(findings) == ["clocks"]
    assert "NTP" in findings[CHECKS.index("clocks")].message


@pytest.mark.usefixtures("database")
def test_integration_that_does_not_load_is_found(deployed: Deployed, monkeypatch, tmp_path: Path):
    metadata = tmp_path / "site" / "broken_integration-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-integration\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[wardship.integrations]\nbroken = there_is_no_such_module\n")
    monkeypatch.syspath_prepend(metadata.parent)
    findings = examined(deployed)
    assert faults(findings) == ["integrations"]
    says = findings[CHECKS.index("integrations")].message
    assert "broken (" in says
    assert "mend or uninstall" in says


def test_development_mode_and_unsent_mail_are_found_with_a_database_of_ones_own(deployed: Deployed, database):
    url = f"postgresql://wardship_serve@/wardship?host={database.socket_dir}"
    findings = examined(deployed, database_url=url, secret_key="x" * 40, development=True)
    assert faults(findings) == ["development mode", "mail"]
    assert "unset WARDSHIP_DEVELOPMENT" in findings[CHECKS.index("development mode")].message
    assert "set WARDSHIP_SMTP_URL" in findings[CHECKS.index("mail")].message


@pytest.mark.usefixtures("database")
def test_mail_server_is_asked(deployed: Deployed):
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        url = f"smtp://127.0.0.1:{server.port}"
        assert faults(examined(deployed, smtp_url=url)) == []
    finally:
        server.stop()
    findings = examined(deployed, smtp_url=url)
    assert faults(findings) == ["mail"]
    assert "look at WARDSHIP_SMTP_URL" in findings[CHECKS.index("mail")].message


@pytest.mark.usefixtures("database")
def test_words_about_the_mail_server_hold_no_password(deployed: Deployed):
    findings = examined(deployed, smtp_url=f"smtp://me:hunter2hunter2@127.0.0.1:{free_port()}")
    assert faults(findings) == ["mail"]
    assert "hunter2" not in json.dumps([finding.message for finding in findings])
