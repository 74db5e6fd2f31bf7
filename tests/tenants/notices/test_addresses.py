"""Every kind of notice leads to a page that the console has, and to the one of its own object."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tenants.notices.conftest import ORDINARY, URGENT
from wardship.app.nouns import domain_nouns
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import Audience, NoticeKind
from wardship.core.notices.addresses import ToldWhere, notice_url
from wardship.core.settings import Settings
from wardship.graphql.api.identifiers import global_id

ROUTES = Path(__file__).parents[3] / "graphql" / "console" / "src" / "pages"
SITE = "http://localhost:8000/console"
OF_ONESELF = ("me/requests/$id", "DataRequest")
"""A member's page of a request: pasted ids lead to the other one."""


def routes() -> set[tuple[str, str]]:
    """Return the pages, each with the type of object that it shows; those of no organisation begin with a slash."""
    parts = [part for path in ROUTES.glob("*/route.ts") for part in path.read_text("utf-8").split("createRoute(")[1:]]
    found = {
        (f"{'' if '=> organisation' in part else '/'}{_quoted('path', part)}", _quoted("shows", part)) for part in parts
    }
    return {*found, OF_ONESELF}


def _quoted(name: str, part: str) -> str:
    found = re.search(rf'\b{name}: "([^"]*)"', part)
    return found[1] if found else ""


def test_every_kind_leads_to_a_page_of_the_console():
    kinds = domain_nouns().notice_kinds.values()
    pages = {page for kind in kinds for page in (kind.page, kind.own_page) if page not in {"", "/"}}
    wanted = {
        (re.sub(r"\{\w+\}", "$id", page).partition("?")[0], "".join(re.findall(r"\{(\w+)\}", page))) for page in pages
    }
    assert wanted - routes() == set()
    assert len(pages) > 15


def test_address_has_the_id_as_the_api_has_it():
    key = uuid7()
    told = ToldWhere("harbour", key)
    assert notice_url(Settings(), URGENT, told) == f"{SITE}/o/harbour/requests/{global_id('DataRequest', key)}"


def test_what_is_about_nothing_of_its_own_leads_to_the_list():
    assert notice_url(Settings(), URGENT, ToldWhere("harbour")) == f"{SITE}/o/harbour/requests"


@pytest.mark.parametrize("audience", [Audience.OPERATORS, Audience.ACCOUNT])
def test_what_concerns_no_membership_leads_to_where_people_sign_in(audience: Audience):
    kind = NoticeKind(name="of_account", package="", audience=audience, when="something happens", page="members")
    assert notice_url(Settings(), kind, ToldWhere("harbour", uuid7())) == SITE


def test_kind_of_a_page_of_no_organisation_leads_there_wherever_it_is_told():
    kind = NoticeKind(name="of_vendor", package="", audience=Audience.ACCOUNT, when="it happens", page="/developers")
    assert notice_url(Settings(), kind, ToldWhere("harbour", uuid7())) == f"{SITE}/developers"


def test_kind_of_no_page_leads_to_the_first_one_there():
    assert notice_url(Settings(), ORDINARY, ToldWhere("harbour", uuid7())) == f"{SITE}/o/harbour"
