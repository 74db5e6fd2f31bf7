"""What is killed while it serves comes back by itself, lost nothing acknowledged, and leaves no PostgreSQL behind."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path
from typing import Any

from tests.app.conftest import Deployed
from tests.app.gate import vendor_behind_gate
from tests.app.programs import (
    PROGRAM,
    Process,
    Programs,
    environment,
    postgres_processes,
    postmaster,
    rows,
    run,
    supervisor,
    until,
)
from tests.app.writers import Writers
from wardship.app.demo.radicale_server import PASSWORD, USERNAME

GONE_WITHIN_S = 30.0
SEED = 20261121
END_LEASES = "update obligation set next_at = now(), lease_until = now() where state = 'leased' returning id"
INSTALL = """
    mutation($input: InstallIntegrationInput!) {
        installIntegration(input: $input) { installation { id } errors { code message } }
    }
"""
OF_HARBOUR = "organisation_id = (select id from organisation where slug = 'harbour')"
DECLARED = "{ availableIntegrations { key declaration { digest receives { category purpose } } } }"


def ask(server: Process, deployed: Deployed, person: str, query: str, **variables: Any) -> Any:
    told = server.client.post(
        "/graphql", json={"query": query, "variables": variables}, headers=deployed.headers(person)
    ).json()
    assert "errors" not in told, told
    return told["data"]


def kill(server: Process, deployed: Deployed, victim: str) -> None:
    """Kill what is named without warning, and at last the server, so that the next start finds nobody there."""
    number = {"postmaster": postmaster, "supervisor": supervisor}.get(victim, lambda _: server.popen.pid)(deployed.data)
    os.kill(number, signal.SIGKILL)
    if victim == "postmaster":  # its supervisor starts another, and the server goes on
        until(lambda: number not in postgres_processes(deployed.data))
        server.ready()
    server.end(signal.SIGKILL)


def test_killed_server_postmaster_and_supervisor_lose_nothing_acknowledged(
    deployed: Deployed, programs: Programs, tmp_path: Path
):
    chance = random.Random(SEED)  # noqa: S311 - chooses when to kill, the same at every run
    acknowledged: list[str] = []
    for victim in ("server", "postmaster", "server", "supervisor"):
        server = programs.serve(env=deployed.env).ready()
        writers = Writers(server.port, deployed.headers(), deployed.prototype.group, f"before killing {victim}")
        with writers.writing():
            writers.wait_for(chance.randint(3, 25))
            kill(server, deployed, victim)
        until(lambda: not postgres_processes(deployed.data), patience_s=GONE_WITHIN_S)
        assert writers.acknowledged
        acknowledged += writers.acknowledged

    server = programs.serve(env=deployed.env).ready()
    exported = server.client.get("/audit/export", headers=deployed.headers("auda"))
    kept = {row["body"] for row in rows(deployed.data, "select body from post")}
    [(entries,)] = rows(deployed.data, f"select count(*) from audit_entry where {OF_HARBOUR}")
    assert server.end() == 0
    assert sorted(set(acknowledged) - kept) == []
    chain = tmp_path / "audit.jsonl"
    chain.write_bytes(exported.content)
    verified = run("audit", "verify", str(chain), "--json", env=deployed.env)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert json.loads(verified.stdout)["entries"] == entries >= len(acknowledged)
    until(lambda: not postgres_processes(deployed.data), patience_s=GONE_WITHIN_S)


def test_obligations_in_flight_are_picked_up_after_a_kill(deployed: Deployed, programs: Programs, tmp_path: Path):
    with vendor_behind_gate(tmp_path / "vendor") as (vendor, gate):
        env = {**deployed.env, "WARDSHIP_DEVELOPMENT": "true"}
        server = programs.serve(env=env).ready()
        install(server, deployed, gate.address + vendor.create("addressbook", "harbour").removeprefix(vendor.url))
        until(lambda: gate.held)
        server.end(signal.SIGKILL)
        gate.open()
        assert vendor.resources() == {}
        # What was leased is given back when its lease ends: here the rows are moved instead of the clock.
        leased = rows(
            deployed.data,
            "update obligation set next_at = now(), lease_until = now() where state = 'leased' returning id",
        )
        assert leased

        server = programs.serve(env=env).ready()
        [(members,)] = rows(deployed.data, f"select count(*) from member where {OF_HARBOUR}")
        until(lambda: len(vendor.resources()) == members)
        until(lambda: states_of_obligations(deployed) == {"completed"})
        assert server.end() == 0
        again = rows(deployed.data, "select attempt from obligation where id = any($1)", [row["id"] for row in leased])
        # At least once more: where a call is too slow for its time, again.
        assert min(row["attempt"] for row in again) >= 2


def test_first_start_killed_at_any_step_is_made_good_by_the_next(programs: Programs, tmp_path: Path):
    folder = tmp_path / "data"
    steps = ("cluster.new", "cluster", "provisioned")
    for step in steps:
        first = programs.start(PROGRAM, "migrate", "--json", env=environment(folder))
        until((folder / "postgres" / step).exists, patience_s=GONE_WITHIN_S)  # also: what was killed has ended by then
        first.end(signal.SIGKILL)
    until(lambda: not postgres_processes(folder), patience_s=GONE_WITHIN_S)
    done = run("doctor", env=environment(folder))
    assert "migrations" in done.stdout
    assert run("migrate", env=environment(folder)).returncode == 0
    assert run("doctor", env=environment(folder)).returncode == 0
    applied = [row["name"] for row in rows(folder, "select name from migration order by id")]
    assert len(applied) == len(set(applied)) > 1
    assert sorted(path.name for path in folder.iterdir()) == ["postgres", "secret-key"]


def states_of_obligations(deployed: Deployed) -> set[str]:
    """Return the states of what is owed in Harbour, the unending reconciliation aside."""
    sql = f"select distinct state from obligation where {OF_HARBOUR} and verb <> 'reconcile'"
    return {row["state"] for row in rows(deployed.data, sql)}


def install(server: Process, deployed: Deployed, collection: str) -> None:
    """Install the address book for the whole organisation, with all that it declares granted."""
    declared = {
        item["key"]: item["declaration"] for item in ask(server, deployed, "adam", DECLARED)["availableIntegrations"]
    }
    settings = {"collection_url": collection, "username": USERNAME, "password": PASSWORD, "server_country": "DE"}
    wanted = {
        "integration": "address_book",
        "declarationDigest": declared["address_book"]["digest"],
        "settings": [{"name": name, "value": value} for name, value in settings.items()],
        "grants": declared["address_book"]["receives"],
    }
    payload = ask(server, deployed, "adam", INSTALL, input=wanted)["installIntegration"]
    assert payload["errors"] == []
