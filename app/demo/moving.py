"""The organisation changes its vendor, then does without: what was shared is taken back where it was shared."""

from __future__ import annotations

import time
from typing import Any, Final

from wardship.app.demo.installing import members_of, settings_for
from wardship.app.demo.radicale_server import RadicaleServer
from wardship.app.demo.stage import Stage

_PATIENCE_S: Final = 20.0
_POLL_S: Final = 0.1
_TASKS = """{ manualTasks(first: 100, states: [OPEN]) { edges { node {
  id instructions obligation { id verb installation { id } } } } } }"""
_OWED = """query ($installation: ID!) { obligations(first: 100, installationId: $installation) { edges { node {
  id verb proof { level } } } } }"""
_STATE = "query ($id: ID!) { node(id: $id) { ... on Installation { state } } }"


def move(stage: Stage) -> None:
    """The settings name another server: nobody is left on the one that they named before."""
    members = len(members_of(stage.admin))
    moved = settings_for(stage.second, stage.second.create("addressbook", "harbour"))
    changing = ("updateInstallationSettings", "UpdateInstallationSettingsInput", "installation { state }")
    stage.admin.done(*changing, installationId=stage.installation, settings=moved)
    stage.until("the new vendor to have everybody", lambda: len(stage.second.resources()) == members)
    stage.report.check("the new vendor has everybody", held=True, found=f"{members} cards")
    left = _left(stage.vendor)
    stage.report.check("the vendor before it holds nobody any more", held=not left, found=f"{left} cards left")


def uninstall(stage: Stage) -> None:
    """The administrator does without and says of each task "ok"; only what was looked up is called probed."""
    stage.admin.done(
        "uninstallIntegration", "UninstallIntegrationInput", "installation { state }", installationId=stage.installation
    )
    said: set[str] = set()
    stage.until("the installation to be removed", lambda: _is_removed(stage, said))
    left = len(stage.vendor.resources()) + len(stage.second.resources())
    stage.report.check("it is called removed, and no vendor holds anything", held=not left, found=f"{left} cards left")
    edges = stage.admin.query(_OWED, installation=stage.installation)["obligations"]["edges"]
    levels = {edge["node"]["proof"]["level"] for edge in edges if edge["node"]["id"] in said and edge["node"]["proof"]}
    stage.report.check(
        "what a person says is called a person's word", held=levels == {"MANUAL"}, found=", ".join(sorted(levels))
    )


def _is_removed(stage: Stage, said: set[str]) -> bool:
    """Say of every open task of the installation that it is done, and tell whether the installation is removed."""
    tasks: list[dict[str, Any]] = [edge["node"] for edge in stage.admin.query(_TASKS)["manualTasks"]["edges"]]
    for task in tasks:
        if task["obligation"]["installation"]["id"] == stage.installation:
            stage.admin.done(
                "completeManualTask", "CompleteManualTaskInput", "task { state }", taskId=task["id"], evidence="ok"
            )
            said.add(task["obligation"]["id"])
    return bool(stage.admin.query(_STATE, id=stage.installation)["node"]["state"] == "REMOVED")


def _left(server: RadicaleServer) -> int:
    """Return how many cards a server holds, once it holds none or for as long as one waits for that."""
    deadline = time.monotonic() + _PATIENCE_S
    while (left := len(server.resources())) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return left
