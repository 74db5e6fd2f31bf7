"""An integration that its vendor serves itself: registered, let in, installed, told, and heard."""

from __future__ import annotations

from typing import Any, Final

from wardship.app.demo.installing import install_with, members_of
from wardship.app.demo.letters import KEY
from wardship.app.demo.stage import Stage

_REGISTRATIONS: Final = """{ remoteIntegrations(first: 10) { edges { node {
  id state fault integrationKey declaration { digest } } } } }"""
_AVAILABLE: Final = "{ availableIntegrations { key form failure } }"
_INSTALLED: Final = "query ($id: ID!) { node(id: $id) { ... on Installation { state form endpoint { state } } } }"
_OWED: Final = """query ($installation: ID!) { obligations(first: 100, installationId: $installation) { edges { node {
  verb state proof { level } } } } }"""


def register_letters(stage: Stage) -> None:
    """A vendor names the address of its document; an operator looks at what it declares and lets it in."""
    registering = ("registerRemoteIntegration", "RegisterRemoteIntegrationInput", "remoteIntegration { id } secret")
    registered = stage.vendor_account.done(*registering, url=stage.letters.document_url)
    stage.letters.vendor.secret = registered["secret"]
    remote = stage.until("the document to be read", lambda: _registration(stage, "REQUESTED"))
    stage.report.check(
        "the vendor's document is read and judged", held=not remote["fault"], found=remote["integrationKey"]
    )
    stage.report.check("nobody can install it before it is let in", held=not _offered(stage))
    approving = ("approveRemoteIntegration", "ApproveRemoteIntegrationInput", "remoteIntegration { state }")
    stage.operator.done(*approving, remoteIntegrationId=remote["id"], declarationDigest=remote["declaration"]["digest"])
    offered = stage.until("the integration to be offered", lambda: _offered(stage))
    stage.report.check("it is offered as what its vendor serves itself", held=offered["form"] == "REMOTE", found=KEY)


def install_letters(stage: Stage) -> None:
    """The administrator grants what it declares, and each message proves itself to the vendor."""
    stage.facts["letters"] = install_with(stage, KEY, [{"name": "workspace", "value": "harbour"}])
    members = members_of(stage.admin)
    held = stage.until("the vendor's server to have everybody", lambda: _held(stage, len(members)))
    stage.report.check(
        "the vendor's own server has exactly the members", held=set(held) == set(members), found=len(held)
    )
    declared = {"first_name", "last_name", "email"}
    stage.report.check(
        "it has what was declared, and nothing else", held=all(set(each) <= declared for each in held.values())
    )
    heard, refused = len(stage.letters.vendor.heard), stage.letters.vendor.refused
    stage.report.check(
        "every message was signed with the secret that it was shown", held=not refused, found=f"{heard} messages"
    )
    shown = stage.until("the installation to be active", lambda: _shown(stage, "ACTIVE"))
    stage.report.check("its server is shown as ready", held=shown["endpoint"]["state"] == "READY")


def erase_at_letters(stage: Stage) -> None:
    """The administrator objects for himself: the vendor takes its time, and says when it is done."""
    stage.admin.done("object", "ObjectInput", "objection { id }", installationId=stage.facts["letters"])
    stage.until("the vendor to begin the erasure", lambda: stage.letters.vendor.begun)
    stage.until("the erasure to be under way", lambda: _erasure(stage, "WAITING"))
    asked = len(_asked_to_erase(stage))
    answered = stage.letters.tell_of_what_is_done()
    stage.report.check("the vendor's call that all is done is believed", held=answered == [200], found=answered)
    stage.until("the erasure to be completed", lambda: _erasure(stage, "COMPLETED"))
    stage.report.check("the vendor was not asked again for what it told", held=len(_asked_to_erase(stage)) == asked)
    proven = stage.until("its proof", lambda: _erasure(stage, "COMPLETED", is_proven=True))
    level = proven["proof"]["level"]
    stage.report.check(
        "it is proven by the vendor's receipt, and called no better", held=level == "RECEIPT", found=level
    )
    left = [fields for fields in stage.letters.vendor.held.values() if fields.get("email") == "adam@harbour.example"]
    stage.report.check("the vendor's server holds nothing of him", held=not left)


def _registration(stage: Stage, state: str) -> dict[str, Any] | None:
    edges = stage.vendor_account.query(_REGISTRATIONS)["remoteIntegrations"]["edges"]
    found: list[dict[str, Any]] = [edge["node"] for edge in edges if edge["node"]["state"] == state]
    return found[0] if found else None


def _offered(stage: Stage) -> dict[str, Any] | None:
    available = stage.admin.query(_AVAILABLE)["availableIntegrations"]
    found: list[dict[str, Any]] = [each for each in available if each["key"] == KEY and each["failure"] is None]
    return found[0] if found else None


def _held(stage: Stage, count: int) -> dict[str, dict[str, Any]] | None:
    held = {fields["email"]: fields for fields in [*stage.letters.vendor.held.values()]}
    return held if len(held) >= count else None


def _shown(stage: Stage, state: str) -> dict[str, Any] | None:
    found: dict[str, Any] = stage.admin.query(_INSTALLED, id=stage.facts["letters"])["node"]
    return found if found["state"] == state else None


def _erasure(stage: Stage, state: str, *, is_proven: bool = False) -> dict[str, Any] | None:
    edges = stage.admin.query(_OWED, installation=stage.facts["letters"])["obligations"]["edges"]
    of_state = [edge["node"] for edge in edges if edge["node"]["verb"] == "ERASE" and edge["node"]["state"] == state]
    found: list[dict[str, Any]] = [each for each in of_state if each["proof"] or not is_proven]
    return found[0] if found else None


def _asked_to_erase(stage: Stage) -> list[str]:
    return [message["type"] for _, message in stage.letters.vendor.heard if message["type"] == "wardship.erase"]
