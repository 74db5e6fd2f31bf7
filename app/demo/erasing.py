"""A member asks to be erased; the administrator previews and commits; the vendor carries it out and is probed."""

from __future__ import annotations

from typing import Any

from wardship.app.demo.copying import submit, the_right
from wardship.app.demo.person import codes
from wardship.app.demo.stage import Stage

ADDRESS, NAME = "mia@harbour.example", "Mia Member"
_COMMITTING = ("commitErasure", "CommitErasureInput", "right { state }")
_PREVIEW = """preview { digest tables { table rows treatment } content { what rows } retained { what until }
  recipients { name proof } }"""
_POSTS = """{ groups(first: 10) { edges { node {
  posts(first: 50) { edges { node { text author { displayName } } } } } } } }"""
_WATCH = (
    """query ($id: ID!) { request(id: $id) { rights { state recipients { recipient verb state proof { level } } } } }"""
)


def ask_for_erasure(stage: Stage) -> None:
    """Mia asks; nothing of hers is shared any more from the moment on; the administrator sees what would happen."""
    request_id = submit(stage, "ERASURE")
    stage.facts["erasure"] = request_id
    right = the_right(stage, request_id)
    stage.facts["right"] = right["id"]
    stage.admin.done("approveRight", "ApproveRightInput", "right { state }", rightId=right["id"])
    preview = stage.admin.done("previewErasure", "RightInput", _PREVIEW, rightId=right["id"])["preview"]
    stage.facts["digest"] = preview["digest"]
    for table in preview["tables"]:
        stage.report.tell(f"{table['table']}: {table['rows']} rows, {table['treatment']}")
    named = [item["name"] for item in preview["recipients"]]
    stage.report.check("the preview names the third party and its proof", held=bool(named), found=", ".join(named))
    stage.report.check(
        "it says what stays", held=bool(preview["retained"]), found=f"{len(preview['retained'])} kinds of rows"
    )


def refuse_stale_commit(stage: Stage) -> None:
    """The world changes after the preview: what was shown is no longer what would happen."""
    stage.member.done(
        "updateMyProfile", "UpdateMyProfileInput", "member { id }", profile={"jobTitle": "Chief dispatcher"}
    )
    post = {"groupId": _a_group(stage), "source": "One last note from me."}
    stage.member.done("createPost", "CreatePostInput", "post { id }", **post)
    refused = _commit(stage, stage.facts["digest"])
    stage.check_refused("a commit of the earlier preview is refused", refused, "STALE_PREVIEW")


def commit_and_wait(stage: Stage) -> None:
    """The present preview is committed; Mia waives the cooling-off; the vendor is told and then looked at."""
    before = stage.cards()
    preview = stage.admin.done("previewErasure", "RightInput", _PREVIEW, rightId=stage.facts["right"])["preview"]
    committed = _commit(stage, preview["digest"])
    stage.report.check(
        "the commit of exactly that preview is accepted",
        held=not committed["errors"],
        found=", ".join(codes(committed)),
    )
    state = the_right(stage, stage.facts["erasure"])["state"]
    stage.report.check(
        "it waits out the cooling-off, in which it can be cancelled", held=state == "SCHEDULED", found=state
    )
    stage.member.done("waiveCoolingOff", "RightInput", "right { state }", rightId=stage.facts["right"])
    right = stage.until("the erasure to end", lambda: _ended(stage))
    stage.report.check("it is fulfilled", held=right["state"] == "FULFILLED", found=right["state"])
    grades = [item["proof"]["level"] for item in right["recipients"] if item["proof"]]
    stage.report.check(
        "the vendor was probed and answered absent",
        held=bool(grades) and set(grades) == {"PROBED"},
        found=", ".join(grades),
    )
    stage.facts["cards before"] = str(len(before))


def check_erased(stage: Stage) -> None:
    """Look for Mia at the vendor, in the organisation, and at the door."""
    traces = [text for text in stage.vendor.resources().values() if ADDRESS in text or NAME in text]
    stage.report.check(
        "the vendor's disk holds nothing of her", held=not traces, found=f"{len(stage.cards())} cards left"
    )
    kept = len(stage.cards()) == int(stage.facts["cards before"]) - 1
    stage.report.check("the vendor still has everybody else", held=kept)
    texts = _posts(stage)
    named = [text for text, author in texts if NAME in text + author or ADDRESS in text]
    stage.report.check(
        "what she shared is still there, under a pseudonym", held=bool(texts) and not named, found=f"{len(texts)} posts"
    )
    stage.report.check("her session is dead", held=stage.member.is_gone())
    copy = stage.member.download(stage.facts["export"]).status_code
    stage.report.check("her earlier copy is dead", held=copy in {401, 403, 404, 410}, found=f"HTTP {copy}")
    invited = stage.admin.do("inviteMember", "InviteMemberInput", "invitation { id }", email=ADDRESS)
    stage.check_refused("inviting her address doesn't bring her back", invited, "ADDRESS_ERASED")


def preview_and_commit(stage: Stage, right_id: str) -> None:
    """Preview an approved erasure and commit exactly that."""
    preview = stage.admin.done("previewErasure", "RightInput", _PREVIEW, rightId=right_id)["preview"]
    stage.admin.done(*_COMMITTING, rightId=right_id, digest=preview["digest"])


def _commit(stage: Stage, digest: str) -> dict[str, Any]:
    return stage.admin.do(*_COMMITTING, rightId=stage.facts["right"], digest=digest)


def _ended(stage: Stage) -> dict[str, Any] | None:
    request = stage.admin.query(_WATCH, id=stage.facts["erasure"])["request"]
    right: dict[str, Any] = request["rights"][0]
    return right if right["state"] in {"FULFILLED", "PARTIALLY_FULFILLED"} else None


def _a_group(stage: Stage) -> str:
    edges = stage.member.query("{ groups(first: 1) { edges { node { id } } } }")["groups"]["edges"]
    identifier: str = edges[0]["node"]["id"]
    return identifier


def _posts(stage: Stage) -> list[tuple[str, str]]:
    groups = stage.admin.query(_POSTS)["groups"]["edges"]
    nodes = [post["node"] for group in groups for post in group["node"]["posts"]["edges"]]
    return [(node["text"], node["author"]["displayName"]) for node in nodes]
