"""Every way in which a proof can be graded, and what it rests on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.host.grading_oracle import is_absent_where_found
from wardship.plugins.api import AttestationLevel, Claimed
from wardship.plugins.host.exchanges import Exchange, KeptExchange, read_exchanges
from wardship.plugins.host.grading import LEFT_OVER, Basis, Grade, Obstacle, grade, obstacle

ERASED, REVOKED = Claimed.ERASED, Claimed.REVOKED
PROBED, RECEIPT = AttestationLevel.PROBED, AttestationLevel.RECEIPT
UNVERIFIABLE = AttestationLevel.UNVERIFIABLE
START = datetime(2026, 11, 28, 12, tzinfo=UTC)


def seen(
    what: str, status: int | None = 200, *, names: bool = False, by: str = "token", digest: str = "", **more: object
) -> Exchange:
    """Return an exchange: ``what`` is the method and the place, such as ``GET card``."""
    method, target = what.split()
    values = {"server": "vendor", "duration_ms": 10, **more}
    return Exchange(
        at=START,
        method=method,
        target=target,
        status=status,
        names_subject=names,
        credential=by,
        request_digest=digest,
        **values,
    )


def _again(exchange: Exchange) -> KeptExchange:
    """Return an exchange as it is read from what is kept of it."""
    (kept,) = read_exchanges(msgspec.json.encode([exchange.kept()]))
    return kept


FOUND = seen("GET card", names=True)
GONE = seen("GET card", 404)
GONE_FOR_GOOD = seen("GET card", 410)
ANSWERS = seen("GET me")
DELETED = seen("DELETE card", 204)
LISTED = seen("REPORT book", 207, names=True, digest="by-uid")
NOT_LISTED = seen("REPORT book", 207, digest="by-uid", asks_for_subject=True)
ACCEPTED = seen("GET me")
REFUSED = seen("GET me", 401)
OPEN_TO_ALL = seen("GET status", by="")

Row = tuple[str, Claimed, AttestationLevel, Sequence[Exchange], Sequence[Exchange], AttestationLevel, Basis]

ROWS: list[Row] = [
    # What proves.
    ("not found where it was found", ERASED, PROBED, [ANSWERS, GONE], [FOUND], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("gone for good", ERASED, PROBED, [ANSWERS, GONE_FOR_GOOD], [FOUND], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("one's revocation", REVOKED, PROBED, [ANSWERS, GONE], [FOUND], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("the same search finds nothing", ERASED, PROBED, [NOT_LISTED], [LISTED], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("a search by POST", ERASED, PROBED, [seen("POST find", digest="q", asks_for_subject=True)],
     [seen("POST find", names=True, digest="q")], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("gone at last", ERASED, PROBED, [ANSWERS, FOUND, GONE], [FOUND], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("an error that went by", ERASED, PROBED, [ANSWERS, seen("GET card", 503), GONE], [FOUND], PROBED,
     Basis.ABSENT_WHERE_FOUND),
    ("by a redirect", ERASED, PROBED, [ANSWERS, seen("GET old", 307, is_followed=True), GONE], [FOUND], PROBED,
     Basis.ABSENT_WHERE_FOUND),
    ("another place that knew nobody", ERASED, PROBED, [ANSWERS, GONE, seen("GET other", 404)], [FOUND], PROBED,
     Basis.ABSENT_WHERE_FOUND),
    ("a search that is not offered, then a list", ERASED, PROBED,
     [seen("REPORT book", 403), seen("PROPFIND book", 207, digest="all")],
     [seen("PROPFIND book", 207, names=True, digest="all")], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("the credential is refused", REVOKED, PROBED, [OPEN_TO_ALL, REFUSED], [ACCEPTED], PROBED,
     Basis.CREDENTIAL_REFUSED),
    ("the credential is forbidden", REVOKED, PROBED, [seen("GET me", 403), OPEN_TO_ALL], [ACCEPTED], PROBED,
     Basis.CREDENTIAL_REFUSED),
    ("a receipt", ERASED, RECEIPT, [seen("GET receipt", names=True)], [], RECEIPT, Basis.RECEIPT),
    # What another says.
    ("a receipt that nobody gave", ERASED, RECEIPT, [], [FOUND], AttestationLevel.SELF_REPORTED, Basis.SAID_BY_VENDOR),
    ("a receipt that is not there", ERASED, RECEIPT, [seen("GET receipt", 404)], [], AttestationLevel.SELF_REPORTED,
     Basis.SAID_BY_VENDOR),
    ("a probe without a look", ERASED, PROBED, [], [FOUND], AttestationLevel.SELF_REPORTED, Basis.SAID_BY_VENDOR),
    ("the vendor says so", ERASED, AttestationLevel.SELF_REPORTED, [ANSWERS, GONE], [FOUND],
     AttestationLevel.SELF_REPORTED, Basis.SAID_BY_VENDOR),
    ("a person says so", ERASED, AttestationLevel.MANUAL, [], [FOUND], AttestationLevel.MANUAL, Basis.SAID_BY_PERSON),
    ("nobody can say", ERASED, UNVERIFIABLE, [ANSWERS, GONE], [FOUND], UNVERIFIABLE, Basis.NO_EVIDENCE),
    # What proves nothing.
    ("never found", ERASED, PROBED, [ANSWERS, GONE], [], UNVERIFIABLE, Basis.NEVER_FOUND),
    ("found at another place only", ERASED, PROBED, [ANSWERS, GONE], [seen("GET else", names=True)], UNVERIFIABLE,
     Basis.NEVER_FOUND),
    ("another question at the same place", ERASED, PROBED, [seen("PROPFIND book", 207, digest="all")], [LISTED],
     UNVERIFIABLE, Basis.NEVER_FOUND),
    ("a list that may have turned its page", ERASED, PROBED, [seen("GET list")], [seen("GET list", names=True)],
     UNVERIFIABLE, Basis.NEVER_FOUND),
    ("deleted again instead of looked up", ERASED, PROBED, [ANSWERS, seen("DELETE card", 404)], [FOUND], UNVERIFIABLE,
     Basis.NEVER_FOUND),
    ("named by a write only", ERASED, PROBED, [ANSWERS, seen("GET book")], [seen("PUT card", 201, names=True)],
     UNVERIFIABLE, Basis.NEVER_FOUND),
    ("malformed request", ERASED, PROBED, [ANSWERS, seen("GET card", 400)], [FOUND], UNVERIFIABLE, Basis.NEVER_FOUND),
    ("found in two places, looked up in one", ERASED, PROBED, [ANSWERS, GONE], [FOUND, seen("GET copy", names=True)],
     UNVERIFIABLE, Basis.NOT_LOOKED_AGAIN),
    ("still there", ERASED, PROBED, [ANSWERS, FOUND], [FOUND], UNVERIFIABLE, Basis.STILL_FOUND),
    ("gone in one place, there in another", ERASED, PROBED, [GONE, seen("GET copy", names=True)], [FOUND],
     UNVERIFIABLE, Basis.STILL_FOUND),
    ("back again", ERASED, PROBED, [ANSWERS, GONE, FOUND], [FOUND], UNVERIFIABLE, Basis.STILL_FOUND),
    ("a server that knows nothing any more", ERASED, PROBED, [GONE, seen("GET me", 404)], [FOUND], UNVERIFIABLE,
     Basis.ONLY_REFUSALS),
    ("an answer to another credential", ERASED, PROBED, [GONE, OPEN_TO_ALL], [FOUND], UNVERIFIABLE,
     Basis.ONLY_REFUSALS),
    ("an answer of another server", ERASED, PROBED, [GONE, seen("GET me", server="other")], [FOUND], UNVERIFIABLE,
     Basis.ONLY_REFUSALS),
    ("refused by a server that refuses all", REVOKED, PROBED, [REFUSED], [ACCEPTED], UNVERIFIABLE,
     Basis.ONLY_REFUSALS),
    ("refused here and accepted there", REVOKED, PROBED, [REFUSED, seen("GET list"), OPEN_TO_ALL], [ACCEPTED],
     UNVERIFIABLE, Basis.STILL_ACCEPTED),
    ("not revoked at all", REVOKED, PROBED, [ACCEPTED, OPEN_TO_ALL], [ACCEPTED], UNVERIFIABLE, Basis.NEVER_FOUND),
    # What looks like absence.
    ("written at another place too", ERASED, PROBED, [ANSWERS, GONE], [seen("PUT old", 201), FOUND], UNVERIFIABLE,
     Basis.NOT_LOOKED_AGAIN),
    ("made at another place too", ERASED, PROBED, [ANSWERS, GONE], [FOUND, seen("POST book", 201, made=("new",))],
     UNVERIFIABLE, Basis.NOT_LOOKED_AGAIN),
    ("made under another name at each writing", ERASED, PROBED, [ANSWERS, GONE],
     [seen("PUT id", 201, made=("first",)), seen("PUT first", 201, made=("card",)), FOUND], UNVERIFIABLE,
     Basis.NOT_LOOKED_AGAIN),
    ("written at another place and deleted there", ERASED, PROBED, [ANSWERS, GONE],
     [seen("PUT old", 201), seen("DELETE old", 204), FOUND], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("made under one of two addresses of the same", ERASED, PROBED, [ANSWERS, GONE],
     [seen("PUT id", 201, made=("card", "card-by-another-host")), FOUND], PROBED, Basis.ABSENT_WHERE_FOUND),
    ("a writing of which nobody knows where it went", ERASED, PROBED, [ANSWERS, GONE],
     [seen("PUT id", 503), seen("PUT id", 201, made=("card",)), FOUND, seen("GET id", 404)], UNVERIFIABLE,
     Basis.NOT_LOOKED_AGAIN),
    ("a writing of which nobody knows where it went, and a search for all", ERASED, PROBED, [GONE, NOT_LISTED],
     [seen("POST book", None, error="ReadTimeout"), seen("POST book", 201, made=("card",)), FOUND, LISTED], PROBED,
     Basis.ABSENT_WHERE_FOUND),
    ("a writing that was never sent", ERASED, PROBED, [ANSWERS, GONE],
     [seen("POST book", None, error="ConnectError"), seen("POST book", 201, made=("card",)), FOUND], PROBED,
     Basis.ABSENT_WHERE_FOUND),
    ("a page in place of what the search finds", ERASED, PROBED,
     [ANSWERS, seen("POST find", digest="q", asks_for_subject=True, is_void=True)],
     [seen("POST find", names=True, digest="q")], UNVERIFIABLE, Basis.NEVER_FOUND),
    ("a report that is no multi-status", ERASED, PROBED,
     [ANSWERS, seen("REPORT book", 200, digest="by-uid", asks_for_subject=True)], [LISTED], UNVERIFIABLE,
     Basis.NEVER_FOUND),
    ("a page took the place of what was found", ERASED, PROBED, [ANSWERS, GONE],
     [FOUND, seen("GET copy", names=True), seen("GET copy", is_void=True)], UNVERIFIABLE, Basis.NOT_LOOKED_AGAIN),
    ("a page after it was found again", ERASED, PROBED, [ANSWERS, FOUND, seen("GET card", is_void=True)], [FOUND],
     UNVERIFIABLE, Basis.STILL_FOUND),
    ("a server that has nothing but a page", ERASED, PROBED, [GONE, seen("GET me", is_void=True)], [FOUND],
     UNVERIFIABLE, Basis.ONLY_REFUSALS),
    ("a server that has nothing but methods", ERASED, PROBED, [GONE, seen("OPTIONS me")], [FOUND], UNVERIFIABLE,
     Basis.ONLY_REFUSALS),
    # What came to no end.
    *(
        (f"answered {status}", ERASED, PROBED, [ANSWERS, seen("GET card", status)], [FOUND], UNVERIFIABLE,
         Basis.INCONCLUSIVE)
        for status in (301, 302, 303, 304, 307, 308, 401, 403, 408, 425, 429, 500, 502, 503, 504)
    ),
    ("cut off", ERASED, PROBED, [ANSWERS, seen("GET card", 404, error="RemoteProtocolError")], [FOUND], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
    ("no answer", ERASED, PROBED, [ANSWERS, seen("GET card", None, error="ConnectError")], [FOUND], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
    ("one place answers, the other errs", ERASED, PROBED, [ANSWERS, GONE, seen("GET copy", 503)], [FOUND],
     UNVERIFIABLE, Basis.INCONCLUSIVE),
    ("refused a credential that was never accepted", REVOKED, PROBED, [OPEN_TO_ALL, REFUSED], [], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
    ("refused another credential", REVOKED, PROBED, [OPEN_TO_ALL, REFUSED], [seen("GET me", by="old")], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
    ("refused at another place", REVOKED, PROBED, [OPEN_TO_ALL, seen("GET list", 401)], [ACCEPTED], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
    ("refused who has no credential", REVOKED, PROBED, [seen("GET me", 401, by=""), OPEN_TO_ALL],
     [seen("GET me", by="")], UNVERIFIABLE, Basis.INCONCLUSIVE),
    ("a refusal proves no erasure", ERASED, PROBED, [OPEN_TO_ALL, REFUSED], [ACCEPTED, FOUND], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
    ("a receipt from a server that errs", ERASED, RECEIPT, [seen("GET receipt", 500)], [], UNVERIFIABLE,
     Basis.INCONCLUSIVE),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_proof_is_graded_by_what_was_seen(row: Row):
    _, claimed, said, exchanges, earlier, level, basis = row
    assert grade(claimed, said, exchanges, earlier) == Grade(level, basis)
    kept = [[_again(each) for each in part] for part in (exchanges, earlier)]
    assert grade(claimed, said, *kept) == Grade(level, basis), "the same from what is kept"


def test_every_basis_is_reached_and_no_other_word_is_kept():
    by_the_product = {Basis.NONE_KEPT}  # given to what was proven before evidence was kept
    assert {row[-1] for row in ROWS} == set(Basis) - by_the_product
    assert Grade(UNVERIFIABLE, Basis.STILL_FOUND) == LEFT_OVER


def test_each_of_several_people_must_be_absent_where_found():
    other = seen("GET other-card", names=True)
    gone = seen("GET other-card", 404)
    assert grade(ERASED, PROBED, [ANSWERS, GONE], [FOUND], subjects=2).basis is Basis.NEVER_FOUND
    assert grade(ERASED, PROBED, [ANSWERS, GONE], [FOUND, other], subjects=2).basis is Basis.NEVER_FOUND
    assert grade(ERASED, PROBED, [ANSWERS, GONE, gone], [FOUND, other], subjects=2).level is PROBED


@pytest.mark.parametrize(
    ("claimed", "exchanges", "earlier", "met"),
    [
        (ERASED, [ANSWERS, GONE], [FOUND], None),
        (ERASED, [seen("GET card", 503)], [], Obstacle.UNAVAILABLE),
        (ERASED, [seen("GET card", 429)], [], Obstacle.UNAVAILABLE),
        (ERASED, [seen("GET card", None, error="TimeoutError")], [], Obstacle.UNAVAILABLE),
        (ERASED, [seen("GET card", 302)], [], Obstacle.REFUSED),
        (ERASED, [seen("GET card", 401)], [FOUND], Obstacle.UNAUTHORISED),
        (ERASED, [ANSWERS, seen("GET card", 403)], [FOUND], Obstacle.REFUSED),
        (ERASED, [seen("GET card", 401), seen("GET copy", 302), seen("GET a", 500)], [], Obstacle.UNAVAILABLE),
        (REVOKED, [REFUSED], [], Obstacle.UNAUTHORISED),
        (REVOKED, [REFUSED], [ACCEPTED], None),
        (REVOKED, [REFUSED, seen("GET card", 503)], [ACCEPTED], Obstacle.UNAVAILABLE),
    ],
)
def test_a_probe_that_came_to_no_end_says_why(claimed, exchanges, earlier, met):
    found = obstacle(claimed, exchanges, earlier)
    assert (found and found[0]) == met


EXCHANGES = st.builds(
    seen,
    st.tuples(
        st.sampled_from(["GET", "GET", "GET", "PROPFIND", "REPORT", "POST", "DELETE", "PUT"]), st.sampled_from("ab")
    ).map(" ".join),
    st.sampled_from([200, 200, 207, 404, 404, 404, 410, 302, 400, 401, 429, 503]),
    names=st.booleans(),
    by=st.sampled_from(["token", "token", ""]),
    digest=st.sampled_from(["", "q"]),
    server=st.sampled_from(["vendor", "vendor", "vendor", "other"]),
    error=st.sampled_from([None, None, None, None, "TimeoutError"]),
    is_followed=st.sampled_from([False, False, False, False, True]),
    asks_for_subject=st.booleans(),
    is_void=st.sampled_from([False, False, False, False, True]),
    made=st.sampled_from([(), (), ("a",), ("b", "c")]),
).map(lambda each: each if each.status < 300 else msgspec.structs.replace(each, names_subject=False, is_void=False))


@settings(max_examples=1500, deadline=None)
@given(st.lists(EXCHANGES, min_size=1, max_size=4), st.lists(EXCHANGES, max_size=3))
def test_made_up_conversations_are_graded_as_the_rule_says(exchanges, earlier):
    found = grade(ERASED, PROBED, exchanges, earlier)
    assert (found.level is PROBED) == is_absent_where_found(exchanges, earlier)


@settings(max_examples=500, deadline=None)
@given(st.lists(EXCHANGES, max_size=4), st.lists(EXCHANGES, max_size=3))
def test_no_grade_is_better_than_what_the_plugin_says(exchanges, earlier):
    ranking = [*AttestationLevel]
    for claimed, said in itertools.product(Claimed, AttestationLevel):
        assert ranking.index(grade(claimed, said, exchanges, earlier).level) >= ranking.index(said)


def test_what_is_kept_of_an_exchange_tells_no_address():
    kept = msgspec.to_builtins(FOUND.kept())
    assert set(kept) == {"at", "method", "status", "duration_ms", "server", "target", "credential", "names_subject"}
    assert _again(FOUND).at - START == timedelta()
