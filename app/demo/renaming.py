"""A vendor that calls people's cards by names of its own, and one that does not answer when it is asked for a proof."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from wardship.app.demo import careless
from wardship.app.demo.installing import install_address_book, members_of, settings_for
from wardship.app.demo.stage import Stage

FAULTS: Final = {"tom": 503, "ben": 429, "adam": 500, "olivia": 302, "auda": 403}
"""What the look-up of somebody's card is answered with: none of it says whether the card is there."""

_PILOT: Final = "tom"
_DOMAIN: Final = "harbour.example"
_OWED = """query ($installation: ID!) { obligations(first: 100, installationId: $installation) { edges { node {
  verb state outcome { status code } proof { level residual } member { id } } } } }"""


def install_where_names_change(stage: Stage) -> None:
    """A group's address book lies at a vendor that stores each card under another name than it is given."""
    group = stage.admin.done("createGroup", "CreateGroupInput", "group { id }", name="Pilots")["group"]["id"]
    stage.facts["pilots"] = group
    for key in FAULTS:
        _join(stage, key)
    stage.facts["renaming"] = _install(stage, "address_book", is_renamed=True)
    cards = stage.until("the vendor to have every pilot", lambda: _all(stage))
    foreign = [name for name in cards if not name.startswith("wardship-")]
    stage.report.check(
        "the vendor has them, each under a name of its own",
        held=len(foreign) == len(FAULTS),
        found=f"{len(foreign)} cards",
    )


def check_erased_under_its_name(stage: Stage) -> None:
    """Tom leaves the group: the vendor has to let him go by the name that it gave him."""
    _leave(stage, _PILOT)
    proofs = stage.until("Tom's erasure to be looked up", lambda: _looked(stage, "renaming", _PILOT))
    traces = [text for text in _cards(stage).values() if f"{_PILOT}@{_DOMAIN}" in text]
    stage.report.check("nothing of Tom is left on its disk", held=not traces, found=f"{len(_cards(stage))} cards left")
    found = ", ".join([proofs["proof"]["level"], *proofs["proof"]["residual"]] if proofs["proof"] else ["no proof"])
    is_probed = bool(proofs["proof"]) and proofs["proof"]["level"] == "PROBED"
    stage.report.check("it was looked up under that name, and is probed", held=is_probed and not traces, found=found)


def check_unproven(stage: Stage) -> None:
    """Tom is back, and all leave a vendor that answers no look-up; the integration takes anything for absence."""
    _join(stage, _PILOT)
    stage.facts["careless"] = _install(stage, careless.KEY, is_renamed=False)
    own = stage.until("the vendor to have every pilot again", lambda: _given_names(stage))
    for key, status in FAULTS.items():
        stage.renaming.answers[own[key]] = status
        _leave(stage, key)
        seen = stage.until(f"a look-up that is answered with {status}", partial(_looked, stage, "careless", key))
        level = seen["proof"]["level"] if seen["proof"] else "no proof"
        stage.report.check(
            f"a look-up that is answered with {status} is no proof",
            held=level != "PROBED",
            found=f"{seen['state'].lower()}, {seen['outcome']['code']}, {level}",
        )
    stage.renaming.answers.clear()


def _install(stage: Stage, key: str, *, is_renamed: bool) -> str:
    collection = stage.renaming.create_addressbook(key.replace("_", "-"), is_renamed=is_renamed)
    settings = settings_for(stage.renaming.behind, collection)
    return install_address_book(stage, settings, key, holder="GROUP", groupId=stage.facts["pilots"])


def _cards(stage: Stage) -> dict[str, str]:
    return stage.renaming.behind.resources()


def _all(stage: Stage) -> dict[str, str] | None:
    cards = _cards(stage)
    return cards if len(cards) >= len(FAULTS) else None


def _given_names(stage: Stage) -> dict[str, str] | None:
    """Return the names of the cards that have the names which they were given, by person, once all are there."""
    given = {name: text for name, text in _cards(stage).items() if name.startswith("wardship-")}
    names = {key: name for key in FAULTS for name, text in given.items() if f"{key}@{_DOMAIN}" in text}
    return names if len(names) == len(FAULTS) else None


def _join(stage: Stage, key: str) -> None:
    joining = {"groupId": stage.facts["pilots"], "memberId": _id(stage, key)}
    stage.admin.done("addGroupMember", "GroupMemberRoleInput", "membership { role }", **joining)


def _leave(stage: Stage, key: str) -> None:
    leaving = {"groupId": stage.facts["pilots"], "memberId": _id(stage, key)}
    stage.admin.done("removeGroupMember", "GroupMemberInput", "membership { role }", **leaving)


def _id(stage: Stage, key: str) -> str:
    return str(members_of(stage.admin)[f"{key}@{_DOMAIN}"]["id"])


def _looked(stage: Stage, installation: str, key: str) -> dict[str, Any] | None:
    """Return the proof that is owed of somebody's erasure, once it was tried."""
    member = _id(stage, key)
    edges = stage.admin.query(_OWED, installation=stage.facts[installation])["obligations"]["edges"]
    owed = [edge["node"] for edge in edges if (edge["node"]["member"] or {}).get("id") == member]
    return next((item for item in owed if item["verb"] == "ATTEST" and item["outcome"]), None)
