"""Services whose nouns know kinds of notices that only these tests tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from wardship.app.nouns import domain_nouns
from wardship.core.notice_kind import Audience, NoticeKind, Way

_PACKAGE = "tests.tenants.notices.texts"
_COMMON = {"package": _PACKAGE, "audience": Audience.PERSON, "when": "something happens"}
ORDINARY = NoticeKind(name="ordinary", **_COMMON)
URGENT = NoticeKind(name="urgent", is_urgent=True, page="requests/{DataRequest}", own_page="me", **_COMMON)
NEWS = NoticeKind(name="news", can_be_turned_off=True, **_COMMON)
LETTER = NoticeKind(name="letter", is_urgent=True, way=Way.MAIL, **_COMMON)
MUST_REACH = NoticeKind(name="must_reach", is_urgent=True, must_reach=True, **_COMMON)


@dataclass
class KnownKinds:
    """The nouns of the product, and the kinds of these tests."""

    notice_kinds: dict[str, NoticeKind]

    def __getattr__(self, name: str) -> object:
        return getattr(domain_nouns(), name)


@pytest.fixture
def services(services):
    kinds = {kind.name: kind for kind in (ORDINARY, URGENT, NEWS, LETTER, MUST_REACH)}
    return replace(services, nouns=KnownKinds(domain_nouns().notice_kinds | kinds))
