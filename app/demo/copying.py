"""A member asks for a copy of what is held, through the administrator."""

from __future__ import annotations

import io
import zipfile
from http import HTTPStatus
from typing import Any

from wardship.app.demo.person import Person, UnexpectedAnswerError
from wardship.app.demo.stage import Stage

_REQUEST = """query ($id: ID!) { request(id: $id) {
  endedAt certificate exports { name path isComplete } complainTo { name }
  rights { id kind state outcome recipients { recipient verb state proof { level } } } } }"""


def ask_for_copy(stage: Stage) -> None:
    """Mia asks; the administrator approves; the vendor's data is collected; Mia downloads it."""
    request_id = submit(stage, "ACCESS")
    right = the_right(stage, request_id)
    stage.admin.done("approveRight", "ApproveRightInput", "right { state }", rightId=right["id"])
    request = stage.until("the copy", lambda: _fulfilled(stage, request_id))
    stage.report.check(
        "the copy was collected from every recipient", held=_is_from_all(request), found=_recipients(request)
    )
    exports = [item for item in request["exports"] if item["isComplete"]]
    answer = stage.member.download(exports[-1]["path"])
    stage.report.check(
        "Mia downloads it", held=answer.status_code == HTTPStatus.OK, found=f"{len(answer.content)} bytes"
    )
    names, text = _unzipped(answer.content)
    stage.report.check(
        "it is structured, with a manifest, and readable", held=_is_structured(names), found=", ".join(names)
    )
    stage.report.check("it holds what the vendor holds on her", held="address_book" in text or "Address book" in text)
    others = [address for address in stage.cards() if address != "mia@harbour.example" and address in text]
    stage.report.check("it discloses nobody else's address", held=not others, found=", ".join(others) or "none")
    refused = stage.admin.download(exports[-1]["path"])
    stage.report.check("the administrator can't download it", held=refused.status_code in {403, 404})
    stage.facts["export"] = exports[-1]["path"]


def submit(stage: Stage, kind: str, who: Person | None = None) -> str:
    """Submit a request with one right, as Mia unless it says who, and return its id; the second factor is fresh."""
    person = who or stage.member
    payload = person.done(
        "submitRequest",
        "SubmitRequestInput",
        "reference request { id identity dueAt handler }",
        rights=[{"kind": kind}],
        country="DE",
    )
    request = payload["request"]
    stage.facts.setdefault(f"{kind} reference", payload["reference"])
    if request["identity"] != "VERIFIED":
        person.done("verifyRequestIdentity", "VerifyRequestIdentityInput", "isVerified", requestId=request["id"])
    stage.report.check(
        "the group administrator is asked first",
        held=request["handler"] == "ADMIN",
        found=f"due {request['dueAt'][:10]}",
    )
    identifier: str = request["id"]
    return identifier


def look(stage: Stage, request_id: str) -> dict[str, Any]:
    """Return a request as Mia sees it.

    Raises:
        UnexpectedAnswerError: it is gone.
    """
    request: dict[str, Any] | None = stage.member.query(_REQUEST, id=request_id)["request"]
    if request is None:
        raise UnexpectedAnswerError("The request is not there for the person who made it.")
    return request


def the_right(stage: Stage, request_id: str) -> dict[str, Any]:
    """Return the one right of a request."""
    right: dict[str, Any] = look(stage, request_id)["rights"][0]
    return right


def _fulfilled(stage: Stage, request_id: str) -> dict[str, Any] | None:
    request = look(stage, request_id)
    is_fulfilled = request["rights"][0]["state"] == "FULFILLED"
    # Each relation is read by a statement of its own: the right's end may be seen a moment before the copy.
    return request if is_fulfilled and any(item["isComplete"] for item in request["exports"]) else None


def _is_from_all(request: dict[str, Any]) -> bool:
    recipients = request["rights"][0]["recipients"]
    return bool(recipients) and all(item["state"] == "COMPLETED" for item in recipients)


def _recipients(request: dict[str, Any]) -> str:
    return ", ".join(f"{item['recipient']}: {item['state']}" for item in request["rights"][0]["recipients"])


def _unzipped(content: bytes) -> tuple[list[str], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
        return names, "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)


def _is_structured(names: list[str]) -> bool:
    return any(name.endswith("manifest.json") for name in names) and any(name.endswith(".html") for name in names)
