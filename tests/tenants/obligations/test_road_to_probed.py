"""Every way in which a proof can be graded, end to end, with what is kept of it: nothing says "probed" unless it is.

The vendor lies, errs, renames, redirects, refuses, limits or is moved; the integration believes whatever it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.connecting import Connections
from tests.fakes.credulous import KEY, TOKEN, Credulous, Shelf, credulous, running_shelf
from wardship.core.signing import public_keys
from wardship.plugins.api import AttestationLevel
from wardship.plugins.host.grading import Basis
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.certificates.verify import verify_certificate
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.proofs import derived_grade, read_proof
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.tasks.tasks import TaskState, list_tasks

PROBED = ("absent_where_found", "probed")
LOOKED = ["GET 404", "GET 200"]
"""What a probe sees that finds nothing, of a server that answers otherwise."""

FOUND = ["PUT 201", "GET 200 found", "DELETE 204"]
MISSED = ["PUT 201", "GET 404", "DELETE 404"]
PARTLY, WHOLLY = RightState.PARTIALLY_FULFILLED, RightState.FULFILLED


@dataclass(frozen=True)
class Road:
    """One way to a grade.

    Attributes:
        vendor: tells the vendor how to behave from the erasure on.
        arranged: the same before anything is shared.
        kept: what is kept of the probe.
        seen: what is kept of before.
        state: of the right in the end, with the codes of its outcome.
    """

    basis: str
    level: str
    kept: list[str]
    seen: list[str]
    state: RightState = PARTLY
    outcome: str = "unverifiable"
    vendor: Callable[[Shelf], None] = lambda _: None
    arranged: Callable[[Shelf, Credulous], None] = lambda _shelf, _plugin: None
    supports: dict[str, str] | None = None


def _renames(shelf: Shelf, plugin: Credulous, *, tells: bool, heeds: bool = False) -> None:
    shelf.renames, shelf.tells_name, plugin.heeds_location = (lambda name: name[::-1]), tells, heeds


def _says(plugin: Credulous, level: AttestationLevel, **changes: object) -> None:
    plugin.says = level
    for name, value in changes.items():
        setattr(plugin, name, value)


def _answers_all(shelf: Shelf, status: int, **headers: str) -> None:
    for path in ("/cards/", "/me"):
        shelf.always("GET", path, status, **headers)


def _limits_once(shelf: Shelf) -> None:
    """Answer the first look of the probe, the second at the card, with a limit."""
    looks = [None, (429, {"retry-after": "60"}, b"")]
    shelf.answers["GET", "/cards/"] = lambda: looks.pop(0) if looks else None


WITH_PERSON = {"kept": [], "seen": [], "state": WHOLLY, "outcome": "manual"}
"""A probe that comes to no end ends with a person, whose word is what it is."""

ROADS = {
    "honest": Road(*PROBED, LOOKED, FOUND, WHOLLY, ""),
    "tells the name and is asked by it": Road(
        *PROBED,
        LOOKED,
        ["GET 200 found", "DELETE 204"],
        WHOLLY,
        "",
        arranged=lambda shelf, plugin: _renames(shelf, plugin, tells=True, heeds=True),
    ),
    "tells the name and is not heard": Road(
        "never_found",
        "unverifiable",
        LOOKED,
        MISSED,
        arranged=lambda shelf, plugin: _renames(shelf, plugin, tells=True),
    ),
    "renames silently": Road(
        "never_found",
        "unverifiable",
        LOOKED,
        MISSED,
        arranged=lambda shelf, plugin: _renames(shelf, plugin, tells=False),
    ),
    "knows nobody": Road(
        "only_refusals",
        "unverifiable",
        ["GET 404", "GET 404"],
        FOUND,
        arranged=lambda _, plugin: setattr(plugin, "looks", ("/cards/{name}", "/nothing")),
        vendor=lambda shelf: shelf.always("GET", "/nothing", 404),
    ),
    "keeps a second card": Road(
        "not_looked_again",
        "unverifiable",
        LOOKED,
        ["PUT 201", "GET 200 found", "GET 200 found", "DELETE 204"],
        arranged=lambda _, plugin: setattr(plugin, "looks_before", ("/cards/{name}", "/old/{name}")),
        vendor=lambda shelf: shelf.always("GET", "/old/", 200),
    ),
    "lies of the deletion, until a person deletes": Road(
        *PROBED,
        LOOKED,
        ["PUT 201", "DELETE 204", "GET 200 found", "GET 200"],
        WHOLLY,
        "",
        vendor=lambda shelf: setattr(shelf, "forgets", False),
    ),
    "gives a receipt": Road(
        "receipt",
        "receipt",
        LOOKED,
        FOUND,
        WHOLLY,
        "",
        arranged=lambda _, plugin: _says(plugin, AttestationLevel.RECEIPT, code="R-1"),
    ),
    "speaks of a receipt that it has not": Road(
        "said_by_vendor",
        "self_reported",
        LOOKED,
        FOUND,
        WHOLLY,
        "self_reported",
        arranged=lambda _, plugin: _says(plugin, AttestationLevel.RECEIPT),
    ),
    "says so without a look": Road(
        "said_by_vendor",
        "self_reported",
        [],
        [],
        WHOLLY,
        "self_reported",
        arranged=lambda _, plugin: _says(plugin, AttestationLevel.PROBED, looks=()),
    ),
    "offers no proof": Road("no_evidence", "unverifiable", [], [], supports={"attest": "none"}),
    "can only be asked by a person": Road("said_by_person", "manual", supports={"erase": "manual"}, **WITH_PERSON),
    "limits at first": Road(*PROBED, LOOKED, [*FOUND, "GET 200"], WHOLLY, "", vendor=_limits_once),
    "leads elsewhere": Road(
        "never_found",
        "unverifiable",
        ["GET 302", "GET 404"] * 2,
        ["PUT 201", "GET 404", "DELETE 204"],
        vendor=lambda shelf: _answers_all(shelf, 302, location="/elsewhere"),
    ),
    **{
        f"answers {status} for ever": Road(
            "said_by_person",
            "manual",
            vendor=lambda shelf, status=status: _answers_all(shelf, status),
            **WITH_PERSON,
        )
        for status in (302, 401, 403, 429, 500, 503)
    },
}


@pytest.fixture
def shelf():
    with running_shelf() as running:
        yield running


def _settings(shelf: Shelf) -> dict[str, object]:
    return {"server_url": shelf.url, "token": TOKEN}


async def _connect(firm, shelf, road: Road | None = None):
    plugin = credulous(road.supports if road else None)
    if road:
        road.arranged(shelf, plugin)
    firm.services.integrations.register(plugin, KEY)
    connections = Connections(firm.services, firm.admin, at=firm.services.clock.now())
    return plugin, connections, await connections.connect(KEY, settings=_settings(shelf))


async def _erase(firm):
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    right = await firm.right(submitted, RightKind.ERASURE)
    async with firm.access(firm.officer) as access:
        preview = await preview_erasure(access, right.id)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right.id, preview.digest)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    return submitted


async def _to_the_end(firm, connections, shelf) -> None:
    """Let time pass and people do what is left to them, until nothing is owed."""
    await connections.work()
    for _ in range(8):
        await connections.pass_time(days=3)
        await _finish_tasks(firm, shelf)
    await connections.work()
    await firm.run()


async def _finish_tasks(firm, shelf) -> None:
    async with firm.access(firm.admin) as access:
        for task in (await list_tasks(access, PageRequest(50), states=[TaskState.OPEN])).items:
            shelf.cards.clear()
            await complete_manual_task(access, task.id, "I have deleted it.")


async def _certified(firm, submitted):
    async with firm.services.database.directory(read_only=True) as transaction:
        jws = await certificate_of_reference(transaction, submitted.reference)
    return verify_certificate(jws, public_keys(firm.services.keys)).statement.rights[0]


def _told(exchanges) -> list[str]:
    return [f"{each.method} {each.status}{' found' if each.names_subject else ''}" for each in exchanges]


@pytest.mark.parametrize("name", ROADS)
async def test_grade_is_what_was_seen_and_the_certificate_says_no_more(name, firm, shelf, owner):
    road = ROADS[name]
    _, connections, _ = await _connect(firm, shelf, road)
    road.vendor(shelf)
    submitted = await _erase(firm)
    await _to_the_end(firm, connections, shelf)

    right = await _certified(firm, submitted)
    place = right.places[-1]
    evidence = place.evidence
    assert (place.basis, place.proof) == (road.basis, road.level)
    assert (_told(evidence.exchanges) if evidence else []) == road.kept
    assert (_told((*evidence.outdated, *evidence.earlier)) if evidence else []) == road.seen
    assert (right.state, right.outcome) == (road.state, road.outcome)
    assert await _stored_grades_follow(owner)
    if road.level == "probed":
        assert firm.member.member_id not in await _whose_cards_are_left(owner, shelf)


async def _stored_grades_follow(owner) -> bool:
    rows = await owner.fetch("select attestation::text as text from obligation where attestation is not null")
    proofs = [read_proof(row["text"]) for row in rows]
    assert [derived_grade(proof.basis, proof.evidence) for proof in proofs] == [(p.level, p.basis) for p in proofs]
    return bool(proofs)


async def _whose_cards_are_left(owner, shelf):
    rows = await owner.fetch("select member_id, subject_ref from subject_link")
    return {row["member_id"] for row in rows if any(row["subject_ref"] in body for body in shelf.cards.values())}


async def test_words_for_what_a_grade_rests_on_are_all_met_on_the_road():
    on_the_road = {road.basis for road in ROADS.values()}
    by_the_installation = {"credential_refused", "still_accepted", "still_found"}
    assert on_the_road | by_the_installation | {"inconclusive", "none_kept"} == {basis.value for basis in Basis}


async def _uninstalled(firm, shelf):
    _, connections, installation = await _connect(firm, shelf)
    async with firm.access(firm.admin) as access:
        await uninstall(access, installation.id)
    return connections, installation


async def _revocation(owner):
    row = await owner.fetchrow(
        "select attestation::text as text from obligation where verb = 'revoke' order by created_at limit 1"
    )
    return read_proof(row["text"])


async def test_refused_credential_of_a_server_that_answers_others_proves_the_revocation(firm, shelf, owner):
    connections, installation = await _uninstalled(firm, shelf)
    await _to_the_end(firm, connections, shelf)

    proof = await _revocation(owner)
    assert (proof.basis, proof.level) == ("credential_refused", "probed")
    assert _told(proof.evidence.exchanges) == ["GET 401", "GET 401"] * 4 + ["GET 200"]
    assert "GET 200" in _told(proof.evidence.earlier), "the same credential was accepted at the same place"
    removed = await connections.read(installation.id)
    assert (removed.state, removed.state_reason) == ("removed", "probed")
    assert await _stored_grades_follow(owner)


async def test_refused_credential_proves_nothing_of_a_server_that_refuses_everybody(firm, shelf, owner):
    shelf.always("GET", "/status", 401)
    connections, installation = await _uninstalled(firm, shelf)
    await _to_the_end(firm, connections, shelf)

    proof = await _revocation(owner)
    assert (proof.basis, proof.level) == ("said_by_person", "manual")
    assert (await connections.read(installation.id)).state_reason == "manual"


async def test_credential_that_is_still_accepted_is_revoked_again_and_then_left_to_a_person(firm, shelf, owner):
    connections, installation = await _uninstalled(firm, shelf)
    shelf.forgets = True
    shelf.answers["DELETE", "/token"] = lambda: (204, {}, b"")
    shelf.always("GET", "/cards/", 401)
    await connections.work()

    rows = await owner.fetch(
        "select state, attestation ->> 'basis' as basis from obligation where verb = 'revoke' order by created_at, id"
    )
    assert [(row["state"], row["basis"]) for row in rows] == [
        ("completed", "still_accepted"),
        ("completed", "still_accepted"),
        ("completed", "still_accepted"),
        ("manual", None),
    ]
    assert (await connections.read(installation.id)).state == "revoking"


async def test_installation_is_as_proven_as_the_worst_of_its_erasures(firm, shelf, owner):
    _, connections, installation = await _connect(firm, shelf)
    left = [True]
    shelf.answers["GET", "/cards/"] = lambda: (404, {}, b"") if left and left.pop() else None
    async with firm.access(firm.admin) as access:
        await uninstall(access, installation.id)
    await _to_the_end(firm, connections, shelf)

    rows = await owner.fetch(
        "select attestation ->> 'basis' as basis, count(*) as many from obligation"
        " where verb = 'erase' group by 1 order by 1"
    )
    assert [tuple(row) for row in rows] == [("absent_where_found", 3), ("never_found", 1)]
    assert (await _revocation(owner)).level == "probed"
    assert (await connections.read(installation.id)).state_reason == "unverifiable"


async def test_certificate_names_who_held_data_before_with_what_is_proven_of_it(firm, shelf, owner):
    """The integration was taken away before the person asked, on a person's word."""
    plugin = credulous({"erase": "manual", "revoke": "manual", "attest": "none"})
    firm.services.integrations.register(plugin, KEY)
    connections = Connections(firm.services, firm.admin, at=firm.services.clock.now())
    installation = await connections.connect(KEY, settings=_settings(shelf))
    async with firm.access(firm.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    async with firm.access(firm.admin) as access:
        for task in (await list_tasks(access, PageRequest(50), states=[TaskState.OPEN])).items:
            await complete_manual_task(access, task.id, "They wrote that it is gone.")
    await connections.work()
    assert (await connections.read(installation.id)).state_reason == "manual"
    assert len(shelf.cards) == 4

    submitted = await _erase(firm)
    await firm.run()
    right = await _certified(firm, submitted)
    assert (right.state, right.outcome) == (WHOLLY, "earlier_manual")
    (place,) = right.places
    assert place.recipient.startswith("Credulous")
    assert (place.proof, place.basis, place.is_earlier) == ("manual", "said_by_person", True)
    assert await owner.fetchval("select count(*) from obligation where ended_at is null") == 0


async def test_person_who_says_that_everything_is_gone_after_a_move_is_not_a_probe(firm, shelf, owner):
    """The cards stay on the first server, which answers no more; the second one never had any."""
    _, connections, installation = await _connect(firm, shelf)
    kept = dict(shelf.cards)
    assert len(kept) == 4
    with running_shelf() as second:
        async with firm.access(firm.admin) as access:
            await update_settings(access, installation.id, _settings(second))
        _answers_all(shelf, 503)
        shelf.always("DELETE", "/", 503)
        await connections.work()
        async with firm.access(firm.admin) as access:
            await uninstall(access, installation.id)
        await _to_the_end(firm, connections, second)
    assert shelf.cards == kept

    removed = await connections.read(installation.id)
    assert (removed.state, removed.state_reason) == ("removed", "manual")
    sql = "select attestation ->> 'level' from obligation where verb in ('erase', 'revoke') and place_id = $1"
    assert {level for (level,) in await owner.fetch(sql, installation.place_id)} == {"manual"}
