"""Every reason for which the privacy team decides has words, for each who is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.wording import wording
from wardship.core.settings import Settings
from wardship.tenants.requests.notices import ESCALATED, FOR_PRIVACY_TEAM, HANDED_OVER, RECEIVED

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[3] / "tenants"
FROM_THE_START = {"provider_decides", "asked_of_provider", "person_has_left", "concerns_the_decider", "no_active_admin"}
LATER = {"not_acknowledged", "not_decided", "handed_over", "organisation_suspended", "organisation_leaves"}
REASONS = FROM_THE_START | LATER | {"admin_refused"}
VALUES = {"kinds": "access", "due": "2026-12-21T12:00:00+00:00"}


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        (FOR_PRIVACY_TEAM, REASONS),
        (HANDED_OVER, REASONS),
        (ESCALATED, LATER),
        (RECEIVED, FROM_THE_START - {"asked_of_provider"}),
    ],
    ids=["privacy team", "deciders", "person", "person at first"],
)
async def test_every_reason_has_words_of_its_own(settings: Settings, kind: NoticeKind, reasons: set[str]):
    bodies = {wording(kind, settings, VALUES | {"reason": reason, "organisation": "Acme"}).body for reason in reasons}
    assert len(bodies) == len(reasons)
    assert not any(reason in body for reason in reasons for body in bodies), "a code is no word"


async def test_reasons_are_those_that_the_sources_name():
    routing = (ROOT / "requests" / "routing.py").read_text()
    found = set(re.findall(r'(?:return|else) "([a-z_]+)"', routing))
    deadlines = (ROOT / "requests" / "deadlines.py").read_text()
    found |= set(re.findall(r'"(not_[a-z]+)" if is_undecided else "(not_[a-z]+)"', deadlines)[0])
    found |= set(
        re.findall(r'escalate\(access, locked, \w+, "([a-z_]+)"', (ROOT / "requests" / "decide.py").read_text())
    )
    found |= set(re.findall(r"'(organisation_(?:suspended|leaves))'", _migrations()))
    assert found | {"admin_refused"} == REASONS


def _migrations() -> str:
    return "".join(path.read_text() for path in (ROOT / "migrations").glob("m*.py"))
