"""A copy from which something is withheld, and an erasure that keeps something: as the limitations name it, no more."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from wardship.app.demo.copying import submit
from wardship.app.demo.erasing import preview_and_commit
from wardship.app.demo.installing import members_of
from wardship.app.demo.person import Person
from wardship.app.demo.stage import Stage

NAME, ADDRESS = "Gina Groups", "gina@harbour.example"
WITHHELD = "user.contact.phone_number"
_KEPT, _REWRITTEN = f"{NAME} signed for the keys.", f"{NAME} is on leave."
_SHARING: Final = ("createPost", "CreatePostInput", "post { id }")
_APPROVING: Final = ("approveRight", "ApproveRightInput", "right { state }")
_GROUP = "{ groups(first: 1) { edges { node { id } } } }"
_REQUEST = """query ($id: ID!) { request(id: $id) { exports { path isComplete } rights {
  id state outcome limitations { categories items } remainders { named rows } } } }"""
_POSTS = "{ groups(first: 10) { edges { node { posts(first: 50) { edges { node { text } } } } } } }"
_DONE: Final = frozenset({"FULFILLED", "PARTIALLY_FULFILLED"})


def withhold(stage: Stage) -> None:
    """Gina asks for a copy; the administrator withholds her telephone number and says why."""
    number = members_of(stage.admin)[ADDRESS]["phone"]
    request_id = submit(stage, "ACCESS", stage.other_member)
    _approve(
        stage, request_id, reasonCode="LEGAL_DUTY", reason="The number is part of an inquiry.", categories=[WITHHELD]
    )
    request = stage.until("the limited copy", lambda: _done(stage.other_member, request_id))
    path = next(item["path"] for item in request["exports"] if item["isComplete"])
    with zipfile.ZipFile(io.BytesIO(stage.other_member.download(path).content)) as archive:
        copy = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    held = [name for name, text in copy.items() if _digits(number) in _digits(text)]
    stage.report.check("the limited copy lacks what is withheld", held=not held, found=", ".join(held) or "not in it")
    stage.report.check("it holds everything else", held=any(ADDRESS in text for text in copy.values()))
    told = [name for name, text in copy.items() if "part of an inquiry" in text]
    stage.report.check("it says what was withheld and why", held=bool(told), found=", ".join(sorted(told)))


def keep(stage: Stage) -> None:
    """Gina asks to be erased; the administrator keeps one of her posts, for a while."""
    group = stage.other_member.query(_GROUP)["groups"]["edges"][0]["node"]["id"]
    kept = stage.other_member.done(*_SHARING, groupId=group, source=_KEPT)["post"]["id"]
    stage.other_member.done(*_SHARING, groupId=group, source=_REWRITTEN)
    request_id = submit(stage, "ERASURE", stage.other_member)
    until = (datetime.now(UTC) + timedelta(days=365)).isoformat()
    right_id = _approve(stage, request_id, reasonCode="LEGAL_CLAIM", reason="A claim.", items=[kept], until=until)
    preview_and_commit(stage, right_id)
    stage.other_member.done("waiveCoolingOff", "RightInput", "right { state }", rightId=right_id)
    # Asked as the administrator: the member's own session dies with the erasure, at a moment that nobody here knows.
    right = stage.until("the limited erasure to end", lambda: _done(stage.admin, request_id))["rights"][0]
    groups = stage.admin.query(_POSTS)["groups"]["edges"]
    named = [post["node"]["text"] for group in groups for post in group["node"]["posts"]["edges"]]
    named = [text for text in named if NAME in text or ADDRESS in text]
    others = [text for text in named if text != _KEPT]
    stage.report.check("the limited erasure keeps what it names", held=_KEPT in named, found=f"{len(named)} posts")
    stage.report.check("and no other text names her", held=not others, found=", ".join(others) or "none")
    is_told = "limited" in right["outcome"] and bool(right["remainders"])
    stage.report.check("its outcome says so", held=is_told, found=", ".join(right["outcome"]))


def _approve(stage: Stage, request_id: str, **limitation: object) -> str:
    right: dict[str, Any] = stage.admin.query(_REQUEST, id=request_id)["request"]["rights"][0]
    stage.admin.done(*_APPROVING, rightId=right["id"], limitations=[limitation])
    return str(right["id"])


def _done(who: Person, request_id: str) -> dict[str, Any] | None:
    request: dict[str, Any] = who.query(_REQUEST, id=request_id)["request"]
    return request if request["rights"][0]["state"] in _DONE else None


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
